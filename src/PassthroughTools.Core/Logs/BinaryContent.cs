namespace PassthroughTools.Logs;

/// <summary>Tells a text log, even one with runs of zero bytes from a crash, from a file that is something else.</summary>
internal static class BinaryContent
{
    private const int TarMagicOffset = 257;

    // A crash leaves whole blocks of zeros; single zeros in great number are a binary format.
    private const int ShortRun = 16;

    // One byte in fifty: text has none of these, arbitrary bytes have one in nine.
    private const int TooMany = 50;

    private static ReadOnlySpan<byte> XzMagic => [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'];

    private static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xB5, 0x2F, 0xFD];

    private static ReadOnlySpan<byte> Bzip2BlockMagic => [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];

    /// <summary>What the file is, where it is no text; else null.</summary>
    /// <param name="head">Its first bytes.</param>
    public static string? Describe(ReadOnlySpan<byte> head)
    {
        if (head.Length > TarMagicOffset + 5 && head.Slice(TarMagicOffset, 5).SequenceEqual("ustar"u8)) return "it is a tar archive, such as a vm-support bundle";
        if (head.StartsWith("PK\u0003\u0004"u8)) return "it is a zip archive";
        if (head.StartsWith("\u007FELF"u8)) return "it is a program";
        if (head.StartsWith(XzMagic)) return "it is compressed with xz";
        if (head.StartsWith(ZstdMagic)) return "it is compressed with zstd";
        if (head.StartsWith("BZh"u8) && head.Length > 10 && head.Slice(4, 6).SequenceEqual(Bzip2BlockMagic)) return "it is compressed with bzip2";

        int zeros = 0, runs = 0, controls = 0;
        byte previous = 1;
        foreach (var next in head)
        {
            if (next == 0)
            {
                zeros++;
                if (previous != 0) runs++;
            }
            else if (next < 0x20 && next is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v' or (byte)'\b' or 0x1B))
            {
                controls++;
            }

            previous = next;
        }

        return controls * TooMany > head.Length - zeros || (zeros * TooMany > head.Length && zeros / Math.Max(1, runs) < ShortRun)
            ? "it holds binary data"
            : null;
    }
}
