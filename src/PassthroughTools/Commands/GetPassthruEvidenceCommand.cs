using System.Management.Automation;
using PassthroughTools.Evidence;

namespace PassthroughTools.Commands;

/// <summary>Reads evidence: a folder a host, a folder of such folders, or a support bundle.</summary>
[Cmdlet(VerbsCommon.Get, "PassthruEvidence", DefaultParameterSetName = "Path")]
[OutputType(typeof(HostEvidence))]
public sealed partial class GetPassthruEvidenceCommand : PassthruCmdlet
{
    /// <summary>Folders or archives; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] Path { get; set; } = [];

    /// <summary>Folders or archives, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == HostNameSet)
        {
            ProcessHostNames();
            return;
        }

        var isLiteral = ParameterSetName == "LiteralPath";
        foreach (var path in this.ResolveFiles(isLiteral ? LiteralPath : Path, isLiteral))
        {
            Guard(() =>
            {
                foreach (var host in EvidenceReader.Read(path, StopToken))
                {
                    foreach (var warning in host.Warnings) WriteWarning(host.HostName + ": " + warning);
                    WriteObject(host);
                }
            }, path);
        }
    }
}
