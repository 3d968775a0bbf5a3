using PassthroughTools.Journal;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vim;

/// <summary>Sets <c>msiEnabled</c> of a VM's entries at its server, all in one reconfiguration that the server refuses where the VM was changed since it was read.</summary>
/// <param name="sessions">Finds servers.</param>
/// <param name="power">Shuts VMs down and starts them where that is asked for.</param>
/// <param name="cancellation">Stops the waits.</param>
public sealed class VimMsiModeWriter(IVimSessions sessions, VMPowerCycle power, CancellationToken cancellation = default)
{
    /// <summary>What a mode is written as.</summary>
    /// <param name="mode">Msi, IoApic or Default.</param>
    /// <exception cref="PassthruException"><see cref="VmxErrors.InvalidMode"/>.</exception>
    public static SettingValue ValueOf(PassthruMsiMode mode) => mode switch
    {
        PassthruMsiMode.Msi => SettingValue.Of("TRUE"),
        PassthruMsiMode.IoApic => SettingValue.Of("FALSE"),
        PassthruMsiMode.Default => SettingValue.Absent,
        _ => throw VmxErrors.InvalidMode.For(mode, mode),
    };

    /// <summary>Sets a mode and reads it back. A VM that is on is refused, or shut down through its guest, changed and started again.</summary>
    /// <param name="vm">VM as it was read.</param>
    /// <param name="slots">N of the entries.</param>
    /// <param name="mode">Mode.</param>
    /// <param name="restart">Whether a VM that is on may be taken down.</param>
    /// <returns>
    /// What went wrong, in order; none where all is well. Any of <see cref="VimErrors"/> and <see cref="VimPowerErrors"/>,
    /// <see cref="JournalErrors.SettingChanged"/>, <see cref="JournalErrors.SettingNotVerified"/> where the server has another value afterwards.
    /// </returns>
    public IReadOnlyList<PassthruException> Write(VimPassthruVM vm, IReadOnlyList<int> slots, PassthruMsiMode mode, bool restart)
    {
        var value = ValueOf(mode);
        var errors = new List<PassthruException>();
        var bracket = "";
        try
        {
            Try(() =>
            {
                if (restart && vm.PowerState != VMPowerReading.Off) power.Enter(bracket = power.NameFor(vm.Target));
                power.RequireOff(vm.Target);
                Change(vm, slots, value, bracket.Length > 0);
            }, errors);
        }
        finally
        {
            // Whatever became of the change, Ctrl+C included, a VM that was on is started again.
            if (bracket.Length > 0) Try(() => power.Leave(bracket), errors);
        }

        return errors;
    }

    private static void Try(Action action, List<PassthruException> errors)
    {
        try
        {
            action();
        }
        catch (PassthruException e)
        {
            errors.Add(e);
        }
    }

    private void Change(VimPassthruVM vm, IReadOnlyList<int> slots, SettingValue value, bool wasTakenDown)
    {
        var session = sessions.Find(vm.Target.Server);
        var keys = slots.Select(VimPassthruVM.MsiKey).ToList();
        var settings = VimSettings.Read(session, vm.Target, cancellation);
        foreach (var slot in slots) Require(vm, VimPassthruVM.MsiKey(slot), settings[VimPassthruVM.MsiKey(slot)], vm.MsiEnabled(slot));

        // Going down changes the version too; otherwise it is the one of what the caller saw.
        var version = wasTakenDown ? settings.ChangeVersion : vm.ChangeVersion;
        session.SetExtraConfig(vm.Target.Reference, version, keys.ToDictionary(settings.Spell, _ => value.Text, StringComparer.Ordinal), cancellation);
        var after = VimSettings.Read(session, vm.Target, CancellationToken.None);
        foreach (var key in keys.Where(key => after[key] != value))
        {
            var target = Target(vm, key);
            throw JournalErrors.SettingNotVerified.For(target, target, value, after[key]);
        }
    }

    private static void Require(VimPassthruVM vm, string key, SettingValue now, SettingValue seen)
    {
        if (now == seen) return;
        var target = Target(vm, key);
        throw JournalErrors.SettingChanged.For(target, target, now, seen);
    }

    private static SettingTarget Target(VimPassthruVM vm, string key) => new() { Kind = VimSettingActuator.KindName, Container = vm.Target.ToString(), Key = key, Display = vm.Label };
}
