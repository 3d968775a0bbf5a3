using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Findings;

namespace PassthroughTools.Commands;

/// <summary>Lists what is doubtful, pending or wrong about passthrough on a host, apart from whether its vectors suffice.</summary>
[Cmdlet(VerbsCommon.Get, "PassthruFinding", DefaultParameterSetName = "VMHost")]
[OutputType(typeof(PassthruFinding))]
public sealed class GetPassthruFindingCommand : EvidenceCmdlet
{
    private List<FindingRule>? _rules;

    /// <summary>Identifiers or names of findings, such as PT1001; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[]? Id { get; set; }

    /// <summary>The least severity to list.</summary>
    [Parameter]
    public FindingSeverity Severity { get; set; } = FindingSeverity.Information;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Id is null) return;
        try
        {
            _rules = [.. Id.SelectMany(Matching).Distinct()];
        }
        catch (PassthruException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }

    /// <inheritdoc/>
    protected override void Answer(HostEvidence host)
    {
        foreach (var finding in FindingAnalyzer.Find(host, FindingAnalyzer.ReadConfiguration, _rules))
        {
            if (finding.Severity >= Severity) WriteObject(finding);
        }
    }

    private static IReadOnlyList<FindingRule> Matching(string text)
    {
        var pattern = new WildcardPattern(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return FindingRules.Matching(text, pattern.IsMatch);
    }
}
