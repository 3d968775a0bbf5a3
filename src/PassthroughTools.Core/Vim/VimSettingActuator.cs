using PassthroughTools.Journal;

namespace PassthroughTools.Vim;

/// <summary>
/// Reads and writes advanced settings of VMs (<c>config.extraConfig</c>) through their server. The container is a <see cref="VimTarget"/>. The server
/// refuses a write where the VM was changed after the value was compared. A key that the server keeps although it was to be removed shows when the step
/// is verified.
/// </summary>
/// <param name="sessions">Finds servers.</param>
/// <param name="power">Takes VMs down where need be; null where a VM that is on is refused.</param>
/// <param name="cancellation">Stops the waits for tasks.</param>
public sealed class VimSettingActuator(IVimSessions sessions, VMPowerCycle? power = null, CancellationToken cancellation = default) : ISettingActuator
{
    /// <summary>Kind of setting.</summary>
    public const string KindName = "vsphere-extraconfig";

    private readonly VMPowerCycle _power = power ?? new VMPowerCycle(sessions);

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    /// <exception cref="PassthruException">Any of <see cref="VimErrors"/>.</exception>
    public SettingValue Read(SettingTarget target) => Read(Vm(target))[target.Key];

    /// <inheritdoc/>
    /// <exception cref="PassthruException">Any of <see cref="VimErrors"/> and <see cref="VimPowerErrors"/>, or <see cref="JournalErrors.SettingChanged"/>.</exception>
    public void Write(SettingTarget target, SettingValue newValue, SettingValue expected)
    {
        var vm = Vm(target);

        // Shutting down and starting change the VM's version too: it is read when the VM is as it must be.
        _power.RequireOff(vm);
        var settings = Read(vm);
        var now = settings[target.Key];
        if (now != expected) throw JournalErrors.SettingChanged.For(target, target, now, expected);
        sessions.Find(vm.Server).SetExtraConfig(vm.Reference, settings.ChangeVersion, new Dictionary<string, string?>(StringComparer.Ordinal) { [settings.Spell(target.Key)] = newValue.Text }, cancellation);
    }

    private VimSettings Read(VimTarget vm) => VimSettings.Read(sessions.Find(vm.Server), vm, cancellation);

    private static VimTarget Vm(SettingTarget target) => VimTarget.TryParse(target.Container) ?? throw VimPowerErrors.TargetUnknown.For(target, target.Container);
}
