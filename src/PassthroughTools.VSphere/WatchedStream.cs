using PassthroughTools.Logs;

namespace PassthroughTools.VSphere;

/// <summary>The body of an answer: each read has a time limit of its own and can be cancelled.</summary>
internal sealed class WatchedStream(Stream inner, TimeSpan limit, CancellationTokenSource stop) : ReadOnlyStream
{
    /// <summary>Whether all was read.</summary>
    public bool HasEnded { get; private set; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        // Armed anew for each read: a long answer is no reason to give up, a stalled one is.
        stop.CancelAfter(limit);
        var read = inner.ReadAsync(buffer, offset, count, stop.Token).GetAwaiter().GetResult();
        if (read == 0) HasEnded = true;
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
