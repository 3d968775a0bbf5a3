using System.Globalization;
using System.Management.Automation;
using PassthroughTools.Remediation;
using PassthroughTools.Vmx;

namespace PassthroughTools.Commands;

/// <summary>
/// Sets what VMs that are off, live or by their .vmx files, ask of the physical interrupts of passed-through devices (<c>pciPassthruN.msiEnabled</c>).
/// Each VM is changed as a whole or stays as it is.
/// </summary>
[Cmdlet(VerbsCommon.Set, "VMPassthruMsiMode", DefaultParameterSetName = "VM", SupportsShouldProcess = true)]
[OutputType(typeof(VMPassthruMsiMode))]
public sealed partial class SetVMPassthruMsiModeCommand : VmxCmdlet
{
    /// <summary>Msi writes TRUE, IoApic writes FALSE, Default removes the key, which VMware documents as TRUE.</summary>
    [Parameter(Mandatory = true)]
    public PassthruMsiMode Mode { get; set; }

    /// <summary>Writes the entries as they are afterwards; under -WhatIf, as they would be.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Mode == PassthruMsiMode.Unknown || !Enum.IsDefined(typeof(PassthruMsiMode), Mode)) ThrowTerminatingError(VmxErrors.InvalidMode.For(Mode, Mode).ToErrorRecord());
    }

    /// <inheritdoc/>
    protected override void Process(VmxFileEditor file, IReadOnlyList<PassthruSlot> slots)
    {
        var wanted = new List<PassthruSlot>();
        foreach (var slot in slots)
        {
            // Of a whole VM the entries that can be set; one that was asked for by name and can't be is an error.
            if (IsSelective) Guard(() => file.RequireSettable(slot), slot);
            if (VmxFileEditor.IsSettable(slot)) wanted.Add(slot);
            else if (!IsSelective) WriteVerbose($"{VMPassthruMsiMode.From(file.Document, slot)} is left: {slot.Kind}");
        }

        var differing = wanted.FindAll(slot => slot.MsiMode != Mode);
        if (differing.Count > 0)
        {
            VmxFileEditor.RequireIdle(file.Path);
            if (Mode == PassthruMsiMode.IoApic) WarnOfIoApic(VMPassthruMsiMode.From(file.Document, differing[0]).VM, differing);
        }

        var (refused, isWhatIf) = Change(file, differing);
        if (!isWhatIf) file.Save();
        if (!PassThru) return;
        var now = file.Document.Slots;
        foreach (var slot in wanted.Except(refused)) WriteObject(VMPassthruMsiMode.From(file.Document, now.First(entry => entry.Slot == slot.Slot)));
    }

    /// <summary>Makes the changes that are agreed to, in the document only.</summary>
    private (HashSet<PassthruSlot> Refused, bool IsWhatIf) Change(VmxFileEditor file, List<PassthruSlot> slots)
    {
        var refused = new HashSet<PassthruSlot>();
        var isWhatIf = false;
        foreach (var slot in slots)
        {
            var key = string.Format(CultureInfo.InvariantCulture, "pciPassthru{0}.msiEnabled", slot.Slot);
            var old = file.Document.Find(key).Select(entry => entry.Value).FirstOrDefault();
            file.Document.SetMsiMode(slot.Slot, Mode);
            var action = $"{key}: {old ?? "(absent)"} -> {file.Document.Get(key) ?? "(absent)"}";
            var answer = this.Ask(VMPassthruMsiMode.From(file.Document, slot).ToString(), action);
            isWhatIf |= answer == Answer.WhatIf;
            if (answer != Answer.No) continue;
            refused.Add(slot);
            if (old is null) file.Document.Remove(key);
            else file.Document.Set(key, old);
        }

        return (refused, isWhatIf);
    }

    private void WarnOfIoApic(string vm, List<PassthruSlot> slots)
    {
        var names = string.Join(", ", slots.Select(slot => FormattableString.Invariant($"pciPassthru{slot.Slot}")));
        WriteWarning($"{vm}: msiEnabled = FALSE ({names}) has an effect only where the guest's driver uses line-based interrupts; under MSI or MSI-X it changes nothing.");
    }
}
