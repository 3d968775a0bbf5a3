using System.Text;

namespace PassthroughTools.Logs;

/// <summary>A stream as it is.</summary>
internal sealed class StreamSource(Stream stream) : IByteSource
{
    /// <inheritdoc/>
    public int Read(byte[] buffer, int offset, int count) => stream.Read(buffer, offset, count);
}

/// <summary>Gives bytes that were read ahead, then the rest.</summary>
internal sealed class HeadSource(byte[] head, IByteSource rest) : IByteSource
{
    private int _at;

    /// <inheritdoc/>
    public int Read(byte[] buffer, int offset, int count)
    {
        if (_at == head.Length) return rest.Read(buffer, offset, count);
        count = Math.Min(count, head.Length - _at);
        Buffer.BlockCopy(head, _at, buffer, offset, count);
        _at += count;
        return count;
    }
}

/// <summary>Gives bytes that were read ahead, then the rest, as a stream; the rest stays open.</summary>
internal sealed class HeadStream(byte[] head, Stream rest) : ReadOnlyStream
{
    private int _at;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_at == head.Length) return rest.Read(buffer, offset, count);
        count = Math.Min(count, head.Length - _at);
        Buffer.BlockCopy(head, _at, buffer, offset, count);
        _at += count;
        return count;
    }
}

/// <summary>Turns UTF-16 into UTF-8.</summary>
internal sealed class Utf16Source(IByteSource source, Encoding encoding) : IByteSource
{
    private const int Length = 16 * 1024;

    private readonly Decoder _decoder = encoding.GetDecoder();
    private readonly Encoder _encoder = new UTF8Encoding(false).GetEncoder();
    private readonly byte[] _raw = new byte[Length];
    private readonly char[] _characters = new char[Length];
    private readonly byte[] _text = new byte[(Length * 3) + 16];
    private int _at, _end;
    private bool _ended;

    /// <inheritdoc/>
    public int Read(byte[] buffer, int offset, int count)
    {
        while (_at == _end && !_ended)
        {
            var read = source.Read(_raw, 0, _raw.Length);
            _ended = read == 0;
            var characters = _decoder.GetChars(_raw, 0, read, _characters, 0, flush: _ended);
            _at = 0;
            _end = _encoder.GetBytes(_characters, 0, characters, _text, 0, flush: _ended);
        }

        count = Math.Min(count, _end - _at);
        Buffer.BlockCopy(_text, _at, buffer, offset, count);
        _at += count;
        return count;
    }
}
