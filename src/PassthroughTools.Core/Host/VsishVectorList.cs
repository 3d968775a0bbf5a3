namespace PassthroughTools.Host;

/// <summary>The listing of <c>/hardware/interrupts/vectorList/</c>. What an entry means is not documented: only their number is used.</summary>
/// <param name="Count">Number of entries.</param>
/// <param name="Entries">Entries as printed; empty when only a count was given (<c>| wc -l</c>).</param>
public sealed record VsishVectorList(int Count, IReadOnlyList<string> Entries)
{
    /// <summary>True when the text was the output of <c>wc -l</c>, not the list.</summary>
    public bool IsCountOnly => Entries.Count == 0 && Count > 0;
}
