using System.Globalization;
using PassthroughTools.Pci;
using PassthroughTools.Text;

namespace PassthroughTools.Findings;

/// <summary>How much a finding matters, least first.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know; nothing has to be done.</summary>
    Information = 0,

    /// <summary>Something is doubtful, without effect, or will change with the next restart.</summary>
    Warning = 1,

    /// <summary>Something can't work, or a resource has run out.</summary>
    Error = 2,
}

/// <summary>Something that the evidence of one host shows and that an admin should know, beside the verdict of the budget.</summary>
public sealed record PassthruFinding
{
    /// <summary>Identifier, such as PT1001. It never changes its meaning and is never used again for another.</summary>
    public required string Id { get; init; }

    /// <summary>The same as one word.</summary>
    public required string Name { get; init; }

    /// <summary>How much it matters here; one finding may be more or less severe on another host.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>Host.</summary>
    public required string HostName { get; init; }

    /// <summary>Virtual machine; null where it concerns the host or several VMs.</summary>
    public string? VM { get; init; }

    /// <summary>N of <c>pciPassthruN</c>; null where it concerns no slot or several.</summary>
    public int? Slot { get; init; }

    /// <summary>PCI function on the host; null where it concerns none or several.</summary>
    public PciAddress? Device { get; init; }

    /// <summary>What is the matter, and why it matters.</summary>
    public required string Message { get; init; }

    /// <summary>The lines and files that show it.</summary>
    public required IReadOnlyList<SourceReference> Evidence { get; init; }

    /// <summary>What to do.</summary>
    public required string Advice { get; init; }

    /// <summary>The section of the documentation, relative to the project's root.</summary>
    public required string HelpUri { get; init; }

    /// <summary>
    /// How sure the message is, its weakest statement counting: <see cref="Provenance.Measured"/> where the evidence shows all of it,
    /// <see cref="Provenance.Documented"/> where a document states what follows from it, <see cref="Provenance.Inferred"/> where we conclude it.
    /// </summary>
    public required Provenance Provenance { get; init; }

    /// <summary>Severity, identifier, name and what it concerns, in one line.</summary>
    public override string ToString() => string.Join(" ", new[]
    {
        Severity.ToString(), Id, Name, VM, Slot is null ? null : "pciPassthru" + Slot.Value.ToString(CultureInfo.InvariantCulture), Device?.ToString(),
    }.Where(part => part is not null));

    /// <summary>The finding as text, the way the module's default view prints it: what it is, why it matters, what to do.</summary>
    /// <param name="width">Columns of the console.</param>
    public string ToText(int width = 100)
    {
        width = Math.Min(Math.Max(width, 60), 140);
        string[] lines = [.. TextLayout.Paragraph(ToString(), width, ""), .. TextLayout.Paragraph(Message, width, "    "), .. TextLayout.Paragraph(Advice, width, "    > ")];
        return string.Join("\n", lines.Select(line => line.TrimEnd()));
    }
}
