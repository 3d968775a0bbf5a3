using System.Management.Automation;
using PassthroughTools.Pci;

namespace PassthroughTools.Commands;

/// <summary>
/// <c>ConvertFrom-PciConfigSpace</c>: turns hex dumps of PCI configuration space (<c>lspci -xxx</c>, <c>-xxxx</c>) into records of what
/// each device can ask for: MSI and MSI-X vectors, INTx pin, SR-IOV virtual functions.
/// </summary>
[Cmdlet(VerbsData.ConvertFrom, "PciConfigSpace", DefaultParameterSetName = InputObjectSet)]
[OutputType(typeof(PciConfigSpace))]
public sealed class ConvertFromPciConfigSpaceCommand : TextInputCmdlet
{
    /// <inheritdoc/>
    protected override void Convert(IReadOnlyList<string> lines, string? source)
    {
        foreach (var record in PciConfigSpaceReader.Read(lines, source))
        {
            foreach (var warning in record.Warnings) WriteVerbose($"{record.Address}: {warning}");
            WriteObject(record);
        }
    }
}
