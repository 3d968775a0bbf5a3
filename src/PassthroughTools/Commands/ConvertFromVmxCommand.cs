using System.Management.Automation;
using System.Text;
using PassthroughTools.Vmx;

namespace PassthroughTools.Commands;

/// <summary>Reads virtual machines' configuration files: settings and passthrough slots.</summary>
[Cmdlet(VerbsData.ConvertFrom, "Vmx", DefaultParameterSetName = InputObjectSet)]
[OutputType(typeof(VmxConfiguration))]
public sealed class ConvertFromVmxCommand : TextInputCmdlet
{
    /// <inheritdoc/>
    protected override void Convert(IReadOnlyList<string> lines, string? source)
    {
        // A file's own bytes, because its encoding is declared inside it. Piped text was decoded already, whatever it declares.
        var document = source is null ? VmxDocument.Parse(Utf8(lines)) : VmxDocument.Load(source);
        var configuration = VmxConfiguration.From(document);
        foreach (var warning in configuration.Warnings) WriteWarning($"{configuration.VM ?? ".vmx"}: {warning}");
        WriteObject(configuration);
    }

    private static byte[] Utf8(IReadOnlyList<string> lines)
    {
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true);
        return [.. encoding.GetPreamble(), .. encoding.GetBytes(string.Join("\n", lines))];
    }
}
