using System.Text;
#if NET8_0_OR_GREATER
using Microsoft.Win32.SafeHandles;
#endif
using PassthroughTools.Text;

namespace PassthroughTools.Logs;

/// <summary>The text of a log as UTF-8, whatever it is stored as: plain or gzip, UTF-8, Latin-1 or UTF-16.</summary>
internal sealed class LogSource : IByteSource, IDisposable
{
    private const int HeadLength = 64 * 1024;

    private readonly Stream _stream;
    private readonly string _name;
    private GzipReader? _gzip;
    private IByteSource _text;
    private long _textStart;
    private bool _isRecoded;

    private LogSource(Stream stream, string name)
    {
        _stream = stream;
        _name = name;
        _text = new StreamSource(stream);
        Length = TryLength(stream);
    }

    /// <summary>Length of the file; null where it can't be known.</summary>
    public long? Length { get; }

    /// <summary>Bytes of the file read so far.</summary>
    public long Position => Length is null ? 0 : _stream.Position;

    /// <summary>True where the text stands in the file as it is read.</summary>
    public bool IsPlain => _gzip is null && !_isRecoded;

    /// <summary>How gzip data ended; <see cref="GzipEnding.Complete"/> for plain text.</summary>
    public GzipEnding Ending => _gzip?.Ending ?? GzipEnding.Complete;

    /// <summary>What is wrong with damaged gzip data.</summary>
    public string Reason => _gzip?.Reason ?? "";

    /// <summary>Opens a file.</summary>
    /// <param name="path">Path.</param>
    /// <exception cref="PassthruException">It is missing, unreadable or no text.</exception>
    public static LogSource Open(string path)
    {
        try
        {
            if (Directory.Exists(path)) throw InputErrors.Unreadable.For(path, path, "it is a folder.");
            // Delete and write are shared: the host may still be writing the log. No buffer: the blocks are bigger than any.
            return Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InputErrors.NotFound.Because(e, path, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw InputErrors.Unreadable.Because(e, path, path, e.Message);
        }
    }

    /// <summary>Takes a stream over, and disposes of it even where this throws.</summary>
    /// <param name="stream">Stream.</param>
    /// <param name="name">Name for errors.</param>
    /// <exception cref="PassthruException">It is unreadable or no text.</exception>
    public static LogSource Open(Stream stream, string name)
    {
        var source = new LogSource(stream, name);
        try
        {
            source.Detect();
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return _text.Read(buffer, offset, count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw InputErrors.Unreadable.Because(e, _name, _name, e.Message);
        }
    }

    /// <summary>Reads the text in blocks, in the way that is fastest for what it is.</summary>
    /// <param name="settings">Sizes.</param>
    /// <param name="cancellationToken">Ends the waiting for a block.</param>
    /// <returns>Owns this source.</returns>
    public IBlocks Blocks(LogReaderSettings settings, CancellationToken cancellationToken)
    {
#if NET8_0_OR_GREATER
        if (settings.ReadsAhead && IsPlain && _stream is FileStream { CanSeek: true } file && Length >= settings.ReadLength)
        {
            return new ParallelBlocks(this, file.SafeFileHandle, _textStart, settings, cancellationToken);
        }
#endif
        return new SequentialBlocks(this, settings, cancellationToken);
    }

#if NET8_0_OR_GREATER
    /// <summary>Reads at an offset of the file; 0 at its end.</summary>
    public int ReadAt(SafeFileHandle file, Span<byte> target, long offset)
    {
        try
        {
            return RandomAccess.Read(file, target, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw InputErrors.Unreadable.Because(e, _name, _name, e.Message);
        }
    }
#endif

    /// <inheritdoc/>
    public void Dispose()
    {
        _gzip?.Dispose();
        _stream.Dispose();
    }

    /// <summary>The file once more from its beginning, where it can be had.</summary>
    private Stream? Restart(long origin)
    {
        if (Length is null || !_stream.CanSeek) return null;
        _stream.Position = origin;
        return _stream;
    }

    private void Detect()
    {
        var origin = Length is null ? 0 : _stream.Position;
        _textStart = origin;
        var head = ReadHead(2);
        if (head is [0x1F, 0x8B])
        {
            // The name says nothing: rotated logs lose their .gz, and unpacked ones keep it.
            _gzip = new GzipReader(new HeadStream(head, _stream), () => Restart(origin));
            _text = _gzip;
            head = ReadHead(HeadLength);
        }
        else if (head.Length == 2)
        {
            head = [.. head, .. ReadHead(HeadLength)];
        }

        // A crash can leave zeros for the first blocks of a log. They hold no line end, so dropping them leaves the numbers right.
        while (head.Length > 0 && Array.TrueForAll(head, static next => next == 0))
        {
            _textStart += head.Length;
            head = ReadHead(HeadLength);
        }

        if (_textStart > origin && head.Length == 0) throw LogErrors.Binary.For(_name, _name, "it holds nothing but zero bytes");
        var rest = _text;
        _text = new HeadSource(head, rest);
        var encoding = TextFile.Detect(head, out _);
        if (encoding is UnicodeEncoding)
        {
            _isRecoded = true;
            _text = new Utf16Source(_text, encoding);
        }
        else if (BinaryContent.Describe(head) is { } what) throw LogErrors.Binary.For(_name, _name, what);
    }

    private byte[] ReadHead(int length)
    {
        var head = new byte[length];
        var filled = 0;
        while (filled < length)
        {
            var read = Read(head, filled, length - filled);
            if (read == 0) break;
            filled += read;
        }

        Array.Resize(ref head, filled);
        return head;
    }

    private static long? TryLength(Stream stream)
    {
        try
        {
            return stream.CanSeek ? stream.Length : null;
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            return null;
        }
    }
}
