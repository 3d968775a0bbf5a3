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

    private static readonly string[] Paths = ["config.changeVersion", "config.extraConfig"];

    private readonly VMPowerCycle _power = power ?? new VMPowerCycle(sessions);

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    /// <exception cref="PassthruException">Any of <see cref="VimErrors"/>.</exception>
    public SettingValue Read(SettingTarget target) => Read(Vm(target), target.Key).Value;

    /// <inheritdoc/>
    /// <exception cref="PassthruException">Any of <see cref="VimErrors"/> and <see cref="VimPowerErrors"/>, or <see cref="JournalErrors.SettingChanged"/>.</exception>
    public void Write(SettingTarget target, SettingValue newValue, SettingValue expected)
    {
        var vm = Vm(target);

        // Shutting down and starting change the VM's version too: it is read when the VM is as it must be.
        _power.RequireOff(vm);
        var (now, version) = Read(vm, target.Key);
        if (now != expected) throw JournalErrors.SettingChanged.For(target, target, now, expected);
        sessions.Find(vm.Server).SetExtraConfig(vm.Reference, version, new Dictionary<string, string?>(StringComparer.Ordinal) { [target.Key] = newValue.Text }, cancellation);
    }

    private (SettingValue Value, string Version) Read(VimTarget vm, string key)
    {
        var found = sessions.Find(vm.Server).Retrieve([vm.Reference], Paths, cancellation).FirstOrDefault() ?? throw VimErrors.ObjectGone.For(vm, vm);
        if (found.Refused.Values.FirstOrDefault() is { } refused) throw refused;
        if (found.Properties.Text(Paths[0]) is not { } version) throw VimErrors.Fault.For(vm, vm, "to tell the VM's configuration", "it has none at present");
        var value = found.Properties.List(Paths[1])
            .Where(option => string.Equals(option.Text("key"), key, StringComparison.OrdinalIgnoreCase))
            .Select(option => option.Text("value") ?? "").LastOrDefault();
        return (value is null ? SettingValue.Absent : SettingValue.Of(value), version);
    }

    private static VimTarget Vm(SettingTarget target) => VimTarget.TryParse(target.Container) ?? throw VimPowerErrors.TargetUnknown.For(target, target.Container);
}
