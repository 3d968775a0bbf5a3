namespace PassthroughTools.IO;

/// <summary>A stream over an <see cref="IFileWriter"/>, for writers that want one. Closing it leaves the file open.</summary>
internal sealed class FileWriterStream(IFileWriter writer) : Stream
{
    private long _length;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Bytes written so far.</summary>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        var bytes = new byte[count];
        Buffer.BlockCopy(buffer, offset, bytes, 0, count);
        writer.Write(bytes);
        _length += count;
    }

    /// <summary>Does nothing: what is written is not held back here, and when it is on the disk is the owner's affair.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
