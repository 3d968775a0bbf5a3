using System.IO.Compression;

namespace PassthroughTools.Logs;

/// <summary>How gzip data ended.</summary>
internal enum GzipEnding
{
    /// <summary>Not yet.</summary>
    Open,

    /// <summary>It is complete.</summary>
    Complete,

    /// <summary>It ends too early.</summary>
    Truncated,

    /// <summary>It makes no sense from some place on.</summary>
    Corrupt,
}

/// <summary>
/// Reads gzip data (RFC 1952) with the framework's own GZipStream, and finds out what that does not tell: whether the data is complete. GZipStream
/// ends silently where its input ends early, and a log that stops short must not look complete. The length in the last four bytes
/// settles it for the usual single member; where it does not agree, <see cref="GzipMembers"/> walks the file once more.
/// </summary>
internal sealed class GzipReader : IByteSource, IDisposable
{
    private readonly GZipStream _stream;
    private readonly TailStream _tail;
    private readonly Func<Stream?> _again;
    private long _length;

    /// <summary>Makes a reader.</summary>
    /// <param name="source">Compressed data; stays open.</param>
    /// <param name="again">Gives the same data from its beginning; null where that can't be had. The source is not read after that.</param>
    public GzipReader(Stream source, Func<Stream?> again)
    {
        _tail = new TailStream(source);
        _stream = new GZipStream(_tail, CompressionMode.Decompress);
        _again = again;
    }

    /// <summary><see cref="GzipEnding.Open"/> while there is more, else how the data ended.</summary>
    public GzipEnding Ending { get; private set; }

    /// <summary>What is wrong, for damaged data.</summary>
    public string Reason { get; private set; } = "";

    /// <inheritdoc/>
    public int Read(byte[] buffer, int offset, int count)
    {
        if (Ending != GzipEnding.Open) return 0;
        try
        {
            var read = _stream.Read(buffer, offset, count);
            _length += read;
            if (read == 0) Ending = Judge();
            return read;
        }
        catch (InvalidDataException)
        {
            Ending = GzipEnding.Corrupt;
            Reason = "the compressed data makes no sense.";
            return 0;
        }
    }

    /// <summary>Frees the decompressor; the source stays open.</summary>
    public void Dispose() => _stream.Dispose();

    private GzipEnding Judge()
    {
        if (_length > 0 && _tail.LastUInt32 is { } stated && stated == (uint)_length) return GzipEnding.Complete;
        if (_again() is not { } data) return GzipEnding.Truncated;
        var (ending, length) = GzipMembers.Walk(data);
        if (ending == GzipEnding.Corrupt) Reason = "a part of the compressed data makes no sense.";

        // .NET Framework's GZipStream reads the first of several members only: what is left unread is lost.
        return ending == GzipEnding.Complete && length > _length ? GzipEnding.Truncated : ending;
    }

    /// <summary>Remembers the last four bytes that were read.</summary>
    private sealed class TailStream(Stream inner) : ReadOnlyStream
    {
        private const int TailLength = 4;
        private readonly byte[] _last = new byte[TailLength];
        private long _count;

        /// <summary>The last four bytes as a little-endian number; null before there are as many.</summary>
        public uint? LastUInt32 => _count < TailLength ? null : (uint)(_last[0] | (_last[1] << 8) | (_last[2] << 16) | (_last[3] << 24));

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            var kept = Math.Min(read, TailLength);
            Buffer.BlockCopy(_last, kept, _last, 0, TailLength - kept);
            Buffer.BlockCopy(buffer, offset + read - kept, _last, TailLength - kept, kept);
            _count += read;
            return read;
        }
    }
}
