using System.Management.Automation;
using PassthroughTools.Remediation;
using PassthroughTools.Vim;
using PassthroughTools.Vmx;

namespace PassthroughTools.Commands;

/// <summary>Gets what VMs, live or by their .vmx files, ask of the physical interrupts of each passed-through device.</summary>
[Cmdlet(VerbsCommon.Get, "VMPassthruMsiMode", DefaultParameterSetName = "VM")]
[OutputType(typeof(VMPassthruMsiMode))]
public sealed class GetVMPassthruMsiModeCommand : VmxCmdlet
{
    /// <inheritdoc/>
    protected override void Process(VmxFileEditor file, IReadOnlyList<PassthruSlot> slots)
    {
        foreach (var slot in slots) Write(VMPassthruMsiMode.From(file.Document, slot), slot);
    }

    /// <inheritdoc/>
    private protected override void Process(VimPassthruVM vm, IReadOnlyList<PassthruSlot> slots, bool isSelective)
    {
        if (vm.ConnectionState is { } state && state != "connected") WriteWarning($"{vm.Label} is {state}: what its server knows of it may be out of date.");
        foreach (var slot in slots) Write(VMPassthruMsiMode.From(vm, slot), slot);
    }

    private void Write(VMPassthruMsiMode entry, PassthruSlot slot)
    {
        foreach (var note in slot.Notes) WriteWarning($"{entry}: {note}");
        WriteObject(entry);
    }
}
