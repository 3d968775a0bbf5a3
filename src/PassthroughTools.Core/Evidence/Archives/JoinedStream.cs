namespace PassthroughTools.Evidence.Archives;

/// <summary>Reads several files as one.</summary>
internal sealed class JoinedStream(IReadOnlyList<string> files, string name) : Stream
{
    private Stream? _current;
    private int _next;
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        while (count > 0)
        {
            if (_current is null)
            {
                if (_next == files.Count) return 0;
                _current = EvidenceFiles.OpenFile(files[_next++], name);
            }

            var read = _current.Read(buffer, offset, count);
            if (read > 0)
            {
                _position += read;
                return read;
            }

            _current.Dispose();
            _current = null;
        }

        return 0;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _current?.Dispose();
        base.Dispose(disposing);
    }
}
