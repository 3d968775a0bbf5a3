namespace PassthroughTools.Logs;

/// <summary>
/// The byte sequences that the search looks for: every line that yields an event contains one of them, and ordinary lines hardly ever do.
/// Only lines with a needle are parsed, so the speed of reading is the speed of this search.
/// </summary>
internal static class LogNeedles
{
    /// <summary>Needles, each with the offset of the four bytes that are compared first: the rarest ones, judged by what vmkernel logs are full of.</summary>
    private static readonly (string Text, int Anchor)[] s_needles =
    [
        ("nterrupt", 3),    // interrupt vectors, interrupts, Interrupt allocation … ("errupt" alone is no rarer)
        (" vector", 0),     // a vector number, MSIX vectors, Allocated vector, zero vector; "ector" would match sector, Director, Connector
        ("MSIX", 0),
        ("assthru", 2),     // VMKPCIPassthru, PCIPassthru, PCI passthru device
        ("IOMMU", 1),
        ("TSC: ", 0),       // early boot
        ("BootConfig: ", 2),
        ("VMB: ", 0),
        ("cookie(s)", 4),   // FreeMSIX without its function name
        ("table size: ", 2),
    ];

    /// <summary>Needles as bytes.</summary>
    public static byte[][] Bytes { get; } = [.. s_needles.Select(needle => System.Text.Encoding.ASCII.GetBytes(needle.Text))];

    /// <summary>Offset of the four bytes to compare first, by needle.</summary>
    public static int[] Anchors { get; } = [.. s_needles.Select(needle => needle.Anchor)];

    /// <summary>Bytes at an anchor.</summary>
    public const int AnchorLength = 4;

    /// <summary>True when a needle stands in the data with its anchor at this position.</summary>
    /// <param name="data">Data.</param>
    /// <param name="position">Position of the anchor.</param>
    public static bool IsMatch(ReadOnlySpan<byte> data, int position)
    {
        for (var i = 0; i < Bytes.Length; i++)
        {
            var start = position - Anchors[i];
            if (start >= 0 && start < data.Length && data.Slice(start).StartsWith(Bytes[i])) return true;
        }

        return false;
    }
}
