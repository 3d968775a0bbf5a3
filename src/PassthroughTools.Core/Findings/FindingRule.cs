using PassthroughTools.Pci;

namespace PassthroughTools.Findings;

/// <summary>One thing that is looked for. A rule says nothing where the evidence that it needs was not given.</summary>
public sealed class FindingRule
{
    private readonly Func<FindingContext, IEnumerable<FindingDraft>> _find;

    internal FindingRule(string id, string name, Func<FindingContext, IEnumerable<FindingDraft>> find)
    {
        Id = id;
        Name = name;
        _find = find;
    }

    /// <summary>Identifier of its findings.</summary>
    public string Id { get; }

    /// <summary>Name of its findings.</summary>
    public string Name { get; }

    /// <summary>Where its documentation stands, relative to the project's root.</summary>
    public string HelpUri => "docs/findings.md#" + Id.ToLowerInvariant();

    internal IEnumerable<PassthruFinding> Find(FindingContext context) => _find(context).Select(draft => new PassthruFinding
    {
        Id = Id,
        Name = Name,
        Severity = draft.Severity,
        HostName = context.Host.HostName,
        VM = draft.VM,
        Slot = draft.Slot,
        Device = draft.Device,
        Message = draft.Message,
        Evidence = draft.Evidence,
        Advice = draft.Advice,
        HelpUri = HelpUri,
        Provenance = draft.Provenance,
    });
}

/// <summary>What a rule found, before the rule's name and the host's are put to it.</summary>
internal sealed record FindingDraft(FindingSeverity Severity, Provenance Provenance, string Message, string Advice)
{
    public string? VM { get; init; }

    public int? Slot { get; init; }

    public PciAddress? Device { get; init; }

    public required IReadOnlyList<SourceReference> Evidence { get; init; }
}
