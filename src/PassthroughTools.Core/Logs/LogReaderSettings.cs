namespace PassthroughTools.Logs;

/// <summary>Sizes that tests make small, to prove that results don't depend on where a block ends.</summary>
internal sealed record LogReaderSettings
{
    public static LogReaderSettings Default { get; } = new();

    /// <summary>Bytes to read at once.</summary>
    public int ReadLength { get; init; } = 1024 * 1024;

    /// <summary>Bytes of a line that are looked at. Real lines are at most a few kilobytes long.</summary>
    public int MaxLine { get; init; } = 64 * 1024;

    /// <summary>Bytes that are searched and counted before the next are touched, so that both passes find them in the first-level cache.</summary>
    public int Piece => Math.Min(16 * 1024, Math.Max(1, MaxLine / 2));

    /// <summary>True to search without vector instructions.</summary>
    public bool IsScalar { get; init; }

    /// <summary>True to read the next blocks on other threads while one is searched.</summary>
    public bool ReadsAhead { get; init; } = true;
}
