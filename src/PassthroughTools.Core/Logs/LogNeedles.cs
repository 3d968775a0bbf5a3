namespace PassthroughTools.Logs;

/// <summary>
/// The byte sequences that the search looks for: every line that yields an event contains one of them, and ordinary lines hardly ever do.
/// Only lines with a needle are parsed, so the speed of reading is the speed of this search.
/// </summary>
internal static class LogNeedles
{
    /// <summary>Needles as bytes.</summary>
    public static byte[][] Bytes { get; } =
    [
        "nterrupt"u8.ToArray(),     // interrupt vectors, interrupts, Interrupt allocation …
        " vector"u8.ToArray(),      // a vector number, MSIX vectors, Allocated vector, zero vector; "ector" would match sector, Director, Connector
        "MSIX"u8.ToArray(),
        "assthru"u8.ToArray(),      // VMKPCIPassthru, PCIPassthru, PCI passthru device
        "IOMMU"u8.ToArray(),
        "TSC: "u8.ToArray(),        // early boot
        "BootConfig: "u8.ToArray(),
        "VMB: "u8.ToArray(),
        "cookie(s)"u8.ToArray(),    // FreeMSIX without its function name
        "table size: "u8.ToArray(),
    ];

    /// <summary>By needle: the offset of the four bytes that are compared first, the rarest ones, judged by what vmkernel logs are full of.</summary>
    public static int[] Anchors { get; } = [3, 0, 0, 2, 1, 0, 2, 0, 4, 2];

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
