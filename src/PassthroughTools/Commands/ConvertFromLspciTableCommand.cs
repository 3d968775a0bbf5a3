using System.Management.Automation;
using PassthroughTools.Host;

namespace PassthroughTools.Commands;

/// <summary>
/// <para type="synopsis">Turns the output of lspci -p on ESXi into records.</para>
/// <para type="description">
/// Reads the tables of <c>lspci -p</c> and <c>vmkvsitools lspci -p</c>. A vector is printed only for devices that use their interrupt
/// line; it is blank for those that use MSI or MSI-X, however many vectors they hold.
/// </para>
/// </summary>
[Cmdlet(VerbsData.ConvertFrom, "LspciTable", DefaultParameterSetName = InputObjectSet)]
[OutputType(typeof(LspciTableRow))]
public sealed class ConvertFromLspciTableCommand : TextInputCmdlet
{
    /// <inheritdoc/>
    protected override void Convert(IReadOnlyList<string> lines, string? source)
    {
        foreach (var row in LspciTableReader.Read(lines, source))
        {
            StopToken.ThrowIfCancellationRequested();
            foreach (var warning in row.Warnings) WriteWarning($"{source ?? "Input"}, line {row.Line}: {warning}");
            WriteObject(row);
        }
    }
}
