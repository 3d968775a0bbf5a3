using System.Management.Automation;
using PassthroughTools.Remediation;
using PassthroughTools.Vmx;

namespace PassthroughTools.Commands;

/// <summary>Gets what the .vmx files of VMs ask of the physical interrupts of each passed-through device.</summary>
[Cmdlet(VerbsCommon.Get, "VMPassthruMsiMode", DefaultParameterSetName = "VM")]
[OutputType(typeof(VMPassthruMsiMode))]
public sealed class GetVMPassthruMsiModeCommand : VmxCmdlet
{
    /// <inheritdoc/>
    protected override void Process(VmxFileEditor file, IReadOnlyList<PassthruSlot> slots)
    {
        foreach (var slot in slots)
        {
            var entry = VMPassthruMsiMode.From(file.Document, slot);
            foreach (var note in slot.Notes) WriteWarning($"{entry}: {note}");
            WriteObject(entry);
        }
    }
}
