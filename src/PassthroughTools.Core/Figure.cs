namespace PassthroughTools;

/// <summary>
/// A number with its provenance. <see cref="Value"/> is the best estimate; <see cref="Minimum"/> and <see cref="Maximum"/>
/// bound what the evidence supports, so that a verdict can be sure in either direction.
/// </summary>
public sealed record Figure
{
    /// <summary>A figure of which nothing is known.</summary>
    public static Figure Unknown(string explanation) => new() { Explanation = explanation };

    /// <summary>A figure whose bounds are the value itself.</summary>
    public static Figure Of(int value, Provenance provenance, string explanation, params IReadOnlyList<SourceReference> evidence) =>
        new() { Value = value, Minimum = value, Maximum = value, Provenance = provenance, Explanation = explanation, Evidence = evidence };

    /// <summary>Best estimate, or null when unknown.</summary>
    public int? Value { get; init; }

    /// <summary>Least value that the evidence allows; null when unbounded.</summary>
    public int? Minimum { get; init; }

    /// <summary>Greatest value that the evidence allows; null when unbounded.</summary>
    public int? Maximum { get; init; }

    /// <summary>How sure the value is.</summary>
    public Provenance Provenance { get; init; }

    /// <summary>The reasoning in words, for an admin to read.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>The lines, files, commands or documents that the figure comes from.</summary>
    public IReadOnlyList<SourceReference> Evidence { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown";
}
