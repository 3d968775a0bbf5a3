using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Evidence;

namespace PassthroughTools;

/// <summary>Base of the cmdlets that answer a question about hosts, whatever the hosts are given as.</summary>
public abstract class EvidenceCmdlet : PassthruCmdlet
{
    private const string VMHostSet = "VMHost";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Hosts: output of Get-PassthruEvidence, or paths of evidence folders.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = VMHostSet)]
    [Alias("InputObject", "Evidence")]
    [ValidateNotNull]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public HostReference[] VMHost { get; set; } = [];

    /// <summary>Evidence folders or archives; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] Path { get; set; } = [];

    /// <summary>Evidence folders or archives, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Answers for one host.</summary>
    /// <param name="host">Evidence.</param>
    protected abstract void Answer(HostEvidence host);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case VMHostSet:
                foreach (var reference in VMHost) AnswerFor(reference);
                break;
            default:
                AnswerFrom(ParameterSetName == PathSet ? Path : LiteralPath, ParameterSetName == LiteralPathSet);
                break;
        }
    }

    private void AnswerFor(HostReference reference)
    {
        if (reference.Evidence is { } evidence) Guard(() => Answer(evidence), evidence);
        else if (reference.Path is { } path) AnswerFrom([path], literal: true);
        else WriteError(HostReferenceErrors.NotAHost.For(reference.Value, reference, reference.Value.GetType().Name).ToErrorRecord());
    }

    private void AnswerFrom(IReadOnlyList<string> paths, bool literal)
    {
        foreach (var path in this.ResolveFiles(paths, literal))
        {
            Guard(() =>
            {
                foreach (var evidence in EvidenceReader.Read(path, StopToken)) Answer(evidence);
            }, path);
        }
    }
}
