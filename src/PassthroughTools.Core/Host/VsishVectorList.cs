namespace PassthroughTools.Host;

/// <summary>The listing of <c>/hardware/interrupts/vectorList/</c>. What an entry means is not documented: only their number is used.</summary>
/// <param name="Count">Number of entries, repeated ones included.</param>
/// <param name="Entries">Entries as printed, without the final slash; empty when only a count was given (<c>| wc -l</c>).</param>
public sealed record VsishVectorList(int Count, IReadOnlyList<string> Entries)
{
    /// <summary>True when the text was the output of <c>wc -l</c>, not the list.</summary>
    public bool IsCountOnly => Entries.Count == 0 && Count > 0;

    /// <summary>How many of the entries repeat an earlier one; they are part of <see cref="Count"/>.</summary>
    public int DuplicateCount { get; init; }

    /// <summary>File that the list was read from; null for piped text.</summary>
    public string? Source { get; init; }

    /// <summary>What was odd about the text.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Count} entries");
}
