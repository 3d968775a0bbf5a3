namespace PassthroughTools.Evidence.Archives;

/// <summary>Counts what is unpacked and stops what unpacks to too much.</summary>
/// <param name="inner">Unpacking stream.</param>
/// <param name="packed">Packed stream under it, whose position tells what it cost; null when nothing is packed.</param>
/// <param name="archive">Name for errors.</param>
/// <param name="limits">Limits.</param>
internal sealed class CountingStream(Stream inner, Stream? packed, string archive, ArchiveLimits limits) : Stream
{
    private long _count;

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
        get => _count;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        int read;
        try
        {
            read = inner.Read(buffer, offset, count);
        }
        catch (InvalidDataException e)
        {
            throw ArchiveErrors.Corrupt.Because(e, archive, archive, "what is packed in it can't be unpacked");
        }
        catch (EndOfStreamException)
        {
            return 0;
        }

        _count += read;
        if (_count > limits.MaximumArchiveBytes) throw ArchiveErrors.TooLarge.For(archive, archive, limits.MaximumArchiveBytes);
        if (packed is not null && _count > limits.RatioFloorBytes && _count / limits.MaximumRatio > Math.Max(1, packed.Position))
        {
            throw ArchiveErrors.Bomb.For(archive, archive, limits.MaximumRatio);
        }

        return read;
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
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
