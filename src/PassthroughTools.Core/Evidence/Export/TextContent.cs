using System.IO.Compression;
using System.Text;
using PassthroughTools.Evidence.Archives;
using PassthroughTools.Logs;
using PassthroughTools.Text;

namespace PassthroughTools.Evidence.Export;

/// <summary>
/// Reads a file of the evidence as text and writes it back with changes, in the same encoding and packed as it was. Eight-bit text goes through Latin-1,
/// so every byte that is not changed survives. Of a damaged .gz what can be read is kept, as a sound .gz.
/// </summary>
internal static class TextContent
{
    private const int BlockLength = 1 << 20;
    private const int LongestLine = 64 << 20;
    private static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1");

    /// <summary>Reads a file in blocks of whole lines.</summary>
    /// <param name="path">File.</param>
    /// <param name="whole">True to get all of it in one block.</param>
    /// <param name="look">Gets each block.</param>
    public static void Read(string path, bool whole, Action<string> look) => Through(path, null, whole, block =>
    {
        look(block);
        return block;
    });

    /// <summary>Reads a file in blocks of whole lines and writes what becomes of them.</summary>
    /// <param name="path">File.</param>
    /// <param name="output">Where to.</param>
    /// <param name="whole">True to get all of it in one block.</param>
    /// <param name="change">Changes a block.</param>
    public static void Rewrite(string path, Stream output, bool whole, Func<string, string> change) => Through(path, output, whole, change);

    private static void Through(string path, Stream? output, bool whole, Func<string, string> change)
    {
        using var file = EvidenceFiles.OpenFile(path, path);
        var magic = new byte[2];
        var isPacked = Fill(new StreamSource(file), magic) == 2 && magic is [0x1f, 0x8b];
        file.Position = 0;
        using var gzip = isPacked ? new GzipReader(file, () => null) : null;
        var source = (IByteSource?)gzip ?? new StreamSource(file);
        if (output is null || !isPacked)
        {
            Blocks(source, output, whole, change);
            return;
        }

        using var packed = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        Blocks(source, packed, whole, change);
    }

    private static void Blocks(IByteSource source, Stream? output, bool whole, Func<string, string> change)
    {
        var buffer = new byte[BlockLength];
        var filled = Fill(source, buffer);
        var head = new byte[Math.Min(filled, 64 * 1024)];
        Array.Copy(buffer, head, head.Length);
        if (TextFile.Detect(head, out var preamble) is UnicodeEncoding wide)
        {
            ReadRest(source, ref buffer, ref filled);
            var text = change(wide.GetString(buffer, preamble, (filled - preamble) & ~1));
            output?.Write(buffer, 0, preamble);
            Write(output, wide.GetBytes(text));
            if ((filled - preamble) % 2 != 0) output?.Write(buffer, filled - 1, 1);
            return;
        }

        if (whole) ReadRest(source, ref buffer, ref filled);
        while (filled > 0)
        {
            var end = whole || filled < buffer.Length ? filled : Array.LastIndexOf(buffer, (byte)'\n', filled - 1) + 1;
            if (end == 0 && buffer.Length < LongestLine)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
                filled += Fill(source, buffer, filled);
                continue;
            }

            if (end == 0) end = filled;
            Write(output, Latin1.GetBytes(change(Latin1.GetString(buffer, 0, end))));
            Buffer.BlockCopy(buffer, end, buffer, 0, filled - end);
            filled -= end;
            filled += Fill(source, buffer, filled);
        }
    }

    private static void Write(Stream? output, byte[] bytes) => output?.Write(bytes, 0, bytes.Length);

    private static void ReadRest(IByteSource source, ref byte[] buffer, ref int filled)
    {
        while (filled == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
            filled += Fill(source, buffer, filled);
        }
    }

    private static int Fill(IByteSource source, byte[] buffer, int from = 0)
    {
        var at = from;
        while (at < buffer.Length)
        {
            var read = source.Read(buffer, at, buffer.Length - at);
            if (read == 0) break;
            at += read;
        }

        return at - from;
    }
}
