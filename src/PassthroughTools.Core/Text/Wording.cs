namespace PassthroughTools.Text;

/// <summary>Words that depend on a number.</summary>
internal static class Wording
{
    /// <summary>A count with its noun.</summary>
    /// <param name="count">Count.</param>
    /// <param name="noun">Noun in the singular.</param>
    /// <param name="plural">Its plural, where that is not made with an s.</param>
    public static string Count(long count, string noun, string? plural = null) => FormattableString.Invariant($"{count} {(count == 1 ? noun : plural ?? noun + "s")}");

    /// <summary>How often something was seen: once, twice, 3 times.</summary>
    /// <param name="count">Count.</param>
    public static string Times(int count) => count switch
    {
        1 => "once",
        2 => "twice",
        _ => Count(count, "time"),
    };
}
