using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Evidence.Comparison;

namespace PassthroughTools.Commands;

/// <summary>Says what changed between two collections of a host: version, settings, devices, drivers, VMs, demand, verdict. Writes nothing when nothing did.</summary>
[Cmdlet(VerbsData.Compare, "PassthruEvidence")]
[OutputType(typeof(EvidenceDifference))]
public sealed class ComparePassthruEvidenceCommand : PassthruCmdlet
{
    /// <summary>The earlier collection: output of Get-PassthruEvidence, or the path of a folder or archive.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public HostReference ReferenceObject { get; set; } = null!;

    /// <summary>The later collection.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    public HostReference DifferenceObject { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guard(() =>
    {
        var references = Read(ReferenceObject);
        var others = Read(DifferenceObject);

        // One host each is compared whatever it is called; of several, those of the same name.
        var isPair = references.Count == 1 && others.Count == 1;
        foreach (var other in others)
        {
            var reference = isPair ? references[0] : references.FirstOrDefault(host => string.Equals(host.HostName, other.HostName, System.StringComparison.OrdinalIgnoreCase));
            if (reference is null) WriteWarning(other.HostName + " is not in the reference and was not compared.");
            else WriteObject(EvidenceComparer.Compare(reference, other), enumerateCollection: true);
        }

        foreach (var reference in references)
        {
            if (!isPair && !others.Any(host => string.Equals(host.HostName, reference.HostName, System.StringComparison.OrdinalIgnoreCase)))
                WriteWarning(reference.HostName + " is in the reference only and was not compared.");
        }
    }, DifferenceObject);

    private List<HostEvidence> Read(HostReference reference)
    {
        if (reference.Evidence is { } evidence) return [evidence];
        if (reference.Path is not { } path) throw HostReferenceErrors.NotAHost.For(reference.Value, reference, reference.Value.GetType().Name);
        return [.. this.ResolveFiles([path], literal: true).SelectMany(file => EvidenceReader.Read(file, StopToken))];
    }
}
