using System.IO.Compression;

namespace PassthroughTools.Logs;

/// <summary>
/// Walks the members of a gzip file (RFC 1952) to see whether each is complete. DeflateStream takes its input one byte at a time here, so that it
/// stops exactly where a member ends: slow, and needed only for the rare file whose length does not settle it.
/// </summary>
internal static class GzipMembers
{
    private const int TrailerLength = 8;
    private const int HeaderRest = 7;
    private const int FlagCrc = 2, FlagExtra = 4, FlagName = 8, FlagComment = 16;

    /// <summary>Walks a file.</summary>
    /// <param name="data">The file from its beginning.</param>
    /// <returns>How it ends, and how long its content is.</returns>
    public static (GzipEnding Ending, long Length) Walk(Stream data)
    {
        long total = 0;
        var buffer = new byte[64 * 1024];
        using var bytes = new SingleByteStream(new BufferedStream(data, buffer.Length));
        for (var member = 0; ; member++)
        {
            var first = bytes.ReadByte();
            if (first != 0x1F) return (first < 0 && member == 0 ? GzipEnding.Truncated : first <= 0 && IsPadding(bytes) ? GzipEnding.Complete : GzipEnding.Corrupt, total);
            var second = bytes.ReadByte();
            if (second != 0x8B) return (second < 0 ? GzipEnding.Truncated : GzipEnding.Corrupt, total);
            if (!SkipHeader(bytes)) return (GzipEnding.Truncated, total);
            uint length = 0;
            try
            {
                using var deflate = new DeflateStream(bytes, CompressionMode.Decompress, leaveOpen: true);
                for (int read; (read = deflate.Read(buffer, 0, buffer.Length)) > 0; length += (uint)read) total += read;
            }
            catch (InvalidDataException)
            {
                return (GzipEnding.Corrupt, total);
            }

            var trailer = new byte[TrailerLength];
            for (var i = 0; i < TrailerLength; i++)
            {
                var next = bytes.ReadByte();
                if (next < 0) return (GzipEnding.Truncated, total);
                trailer[i] = (byte)next;
            }

            if ((uint)(trailer[4] | (trailer[5] << 8) | (trailer[6] << 16) | (trailer[7] << 24)) != length) return (GzipEnding.Corrupt, total);
        }
    }

    /// <summary>True when nothing but zero bytes follows, as block devices and tapes leave it.</summary>
    private static bool IsPadding(SingleByteStream bytes)
    {
        int next;
        while ((next = bytes.ReadByte()) == 0)
        {
        }

        return next < 0;
    }

    private static bool SkipHeader(SingleByteStream bytes)
    {
        var method = bytes.ReadByte();
        var flags = bytes.ReadByte();
        if (method < 0 || flags < 0 || !Skip(bytes, HeaderRest - 1)) return false;
        if ((flags & FlagExtra) != 0)
        {
            var low = bytes.ReadByte();
            var high = bytes.ReadByte();
            if (high < 0 || !Skip(bytes, low | (high << 8))) return false;
        }

        if ((flags & FlagName) != 0 && !SkipText(bytes)) return false;
        if ((flags & FlagComment) != 0 && !SkipText(bytes)) return false;
        return (flags & FlagCrc) == 0 || Skip(bytes, 2);
    }

    private static bool Skip(SingleByteStream bytes, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (bytes.ReadByte() < 0) return false;
        }

        return true;
    }

    private static bool SkipText(SingleByteStream bytes)
    {
        int next;
        while ((next = bytes.ReadByte()) > 0)
        {
        }

        return next == 0;
    }

    /// <summary>Gives one byte a call, however many are asked for.</summary>
    private sealed class SingleByteStream(Stream inner) : ReadOnlyStream
    {
        public override int Read(byte[] buffer, int offset, int count) => count == 0 ? 0 : inner.Read(buffer, offset, 1);

        public override int ReadByte() => inner.ReadByte();
    }
}
