using System.Management.Automation;
using PassthroughTools.Remediation;
using PassthroughTools.Vim;
using PassthroughTools.Vmx;

namespace PassthroughTools.Commands;

/// <content>VMs of vSphere servers.</content>
public sealed partial class SetVMPassthruMsiModeCommand
{
    private const int DefaultMinutes = 10;

    private VimMsiModeWriter? _writer;
    private bool? _isNamed;
    private string? _downVM;

    /// <summary>Shuts a VM of a vSphere server that is on down through its guest, changes it and starts it again, one VM at a time.</summary>
    [Parameter(ParameterSetName = "VM")]
    public SwitchParameter Restart { get; set; }

    /// <summary>Seconds that a guest may take to shut down; 600 by default.</summary>
    [Parameter(ParameterSetName = "VM")]
    [ValidateRange(1, 86_400)]
    public int ShutdownTimeoutSec { get; set; } = DefaultMinutes * 60;

    /// <summary>Seconds that VMware Tools may take to answer after a VM was started; 600 by default.</summary>
    [Parameter(ParameterSetName = "VM")]
    [ValidateRange(1, 86_400)]
    public int StartTimeoutSec { get; set; } = DefaultMinutes * 60;

    /// <summary>Whether the N of an entry stands on the command line, rather than in a record that was piped in.</summary>
    private bool IsNamed => _isNamed ??= MyInvocation.BoundParameters.ContainsKey(nameof(Slot)) && !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    private protected override void Process(VimPassthruVM vm, IReadOnlyList<PassthruSlot> slots, bool isSelective)
    {
        if (vm.IsTemplate) throw VimPowerErrors.IsTemplate.For(vm.Target, vm.Label);
        var wanted = new List<PassthruSlot>();
        foreach (var slot in slots)
        {
            var entry = VMPassthruMsiMode.From(vm, slot);
            var isSettable = VmxFileEditor.IsSettable(slot);
            if (isSelective || isSettable) Guard(() => VmxFileEditor.RequireSettable(IsNamed ? slot with { IsSlotInferred = false } : slot, entry), slot);
            else WriteVerbose($"{entry} is left: {slot.Kind}");
            if (isSettable && (IsNamed || !slot.IsSlotInferred)) wanted.Add(slot);
            if (isSettable && IsNamed && slot.IsSlotInferred) WriteWarning($"{entry}: that this is the device's entry follows from the order of the devices only; it is set as asked.");
        }

        var differing = wanted.FindAll(slot => slot.MsiMode != Mode);
        var isOn = vm.PowerState != VMPowerReading.Off;
        if (differing.Count > 0)
        {
            if (isOn && !Restart) throw VimPowerErrors.PoweredOn.For(vm.Target, vm.Label, vm.PowerState);
            if (isOn && _downVM is { } down) throw VimPowerErrors.NotAttempted.For(vm.Target, vm.Label, down);
            if (Mode == PassthruMsiMode.IoApic) WarnOfIoApic(vm.Name, differing);
        }

        var answers = differing.ToDictionary(slot => slot, slot => Ask(vm, slot, isOn));
        var agreed = differing.FindAll(slot => answers[slot] == Answer.Yes);
        if (agreed.Count > 0 && !Write(vm, [.. agreed.Select(slot => slot.Slot)])) return;
        if (!PassThru) return;
        foreach (var slot in wanted.Where(slot => !answers.TryGetValue(slot, out var answer) || answer != Answer.No))
            WriteObject(VMPassthruMsiMode.From(vm, slot with { MsiMode = Mode, MsiEnabled = Mode switch { PassthruMsiMode.Msi => true, PassthruMsiMode.IoApic => false, _ => null } }));
    }

    private Answer Ask(VimPassthruVM vm, PassthruSlot slot, bool isOn)
    {
        var key = VimPassthruVM.MsiKey(slot.Slot);
        var action = $"{key}: {vm.MsiEnabled(slot.Slot)} -> {VimMsiModeWriter.ValueOf(Mode)}{(isOn ? ", guest shut down and VM started again" : "")}";
        return this.Ask($"{vm.Target.Server}/{VMPassthruMsiMode.From(vm, slot)}", action);
    }

    /// <summary>Writes, and tells what went wrong; the rest of the VM's output is then left out.</summary>
    private bool Write(VimPassthruVM vm, IReadOnlyList<int> slots)
    {
        var errors = Writer().Write(vm, slots, Mode, Restart);
        foreach (var error in errors)
        {
            if (error.Definition == VimPowerErrors.StartFailed || error.Definition == VimPowerErrors.StartTimeout) _downVM = vm.Label;
            WriteError(error.ToErrorRecord(vm.Target));
        }

        return errors.Count == 0;
    }

    private VimMsiModeWriter Writer()
    {
        if (_writer is not null) return _writer;
        var sessions = new VimSessions(this);
        var limits = new VMPowerOptions { ShutdownTimeout = TimeSpan.FromSeconds(ShutdownTimeoutSec), StartTimeout = TimeSpan.FromSeconds(StartTimeoutSec) };
        return _writer = new VimMsiModeWriter(sessions, new VMPowerCycle(sessions, limits, WriteVerbose, StopToken), StopToken);
    }
}
