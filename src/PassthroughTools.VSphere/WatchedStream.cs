namespace PassthroughTools.VSphere;

/// <summary>The body of an answer: each read has a time limit of its own and can be cancelled.</summary>
internal sealed class WatchedStream(Stream inner, TimeSpan limit, CancellationTokenSource stop) : Stream
{
    /// <summary>Whether all was read.</summary>
    public bool HasEnded { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        // Armed anew for each read: a long answer is no reason to give up, a stalled one is.
        stop.CancelAfter(limit);
        var read = inner.ReadAsync(buffer, offset, count, stop.Token).GetAwaiter().GetResult();
        if (read == 0) HasEnded = true;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
