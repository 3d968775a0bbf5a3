using System.Management.Automation;
using PassthroughTools.Host;

namespace PassthroughTools.Commands;

/// <summary>
/// <para type="synopsis">Turns the listing of a host's interrupt vectors into a record.</para>
/// <para type="description">
/// Reads the output of <c>vsish -e ls /hardware/interrupts/vectorList/</c>, or the number that <c>| wc -l</c> made of it.
/// What an entry means is not documented, so entries are only counted.
/// </para>
/// </summary>
[Cmdlet(VerbsData.ConvertFrom, "VsishVectorList", DefaultParameterSetName = InputObjectSet)]
[OutputType(typeof(VsishVectorList))]
public sealed class ConvertFromVsishVectorListCommand : TextInputCmdlet
{
    /// <inheritdoc/>
    protected override void Convert(IReadOnlyList<string> lines, string? source)
    {
        var list = VsishVectorListReader.Read(lines, source);
        foreach (var warning in list.Warnings) WriteWarning($"{source ?? "Input"}: {warning}");
        WriteObject(list);
    }
}
