using System.Management.Automation;
using PassthroughTools.Host;

namespace PassthroughTools.Commands;

/// <summary>
/// <para type="synopsis">Turns the output of esxcli hardware pci list into records.</para>
/// <para type="description">
/// Reads the lists of every ESXi generation, those that have lost their indentation or headings included. A record that is incomplete
/// comes out with a warning; all fields as printed are in its Fields property.
/// </para>
/// </summary>
[Cmdlet(VerbsData.ConvertFrom, "EsxcliPciList", DefaultParameterSetName = InputObjectSet)]
[OutputType(typeof(EsxcliPciDevice))]
public sealed class ConvertFromEsxcliPciListCommand : TextInputCmdlet
{
    /// <inheritdoc/>
    protected override void Convert(IReadOnlyList<string> lines, string? source)
    {
        foreach (var device in EsxcliPciListReader.Read(lines, source))
        {
            StopToken.ThrowIfCancellationRequested();
            foreach (var warning in device.Warnings) WriteWarning($"{source ?? "Input"}, {device.Address}: {warning}");
            WriteObject(device);
        }
    }
}
