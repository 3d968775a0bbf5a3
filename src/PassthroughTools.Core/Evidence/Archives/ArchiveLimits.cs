namespace PassthroughTools.Evidence.Archives;

/// <summary>
/// What an archive may cost before it is refused. The defaults leave room for the largest <c>vm-support</c> bundles: some 50,000 entries,
/// tens of GiB when unpacked, of which the files wanted here are some hundred MiB of text.
/// </summary>
public sealed record ArchiveLimits
{
    /// <summary>The defaults.</summary>
    public static ArchiveLimits Default { get; } = new();

    /// <summary>Most bytes that all wanted files together may have, unpacked.</summary>
    public long MaximumTotalBytes { get; init; } = 4L << 30;

    /// <summary>Most bytes that one wanted file may have, unpacked.</summary>
    public long MaximumFileBytes { get; init; } = 1L << 30;

    /// <summary>Most bytes that the whole archive may unpack to, wanted or not: reading past the rest costs time.</summary>
    public long MaximumArchiveBytes { get; init; } = 128L << 30;

    /// <summary>
    /// Most unpacked bytes for each packed one. Logs pack 10 to 30 to 1; deflate can reach 1032 to 1 only with input that is nothing but repetition.
    /// </summary>
    public int MaximumRatio { get; init; } = 250;

    /// <summary>Unpacked bytes below which the ratio is not looked at: a short file of blanks is no attack.</summary>
    public long RatioFloorBytes { get; init; } = 64L << 20;

    /// <summary>Most entries.</summary>
    public int MaximumEntries { get; init; } = 500_000;

    /// <summary>Most characters in a path.</summary>
    public int MaximumPathLength { get; init; } = 1024;

    /// <summary>Most folders in a path.</summary>
    public int MaximumDepth { get; init; } = 40;
}
