namespace PassthroughTools.VSphere;

/// <summary>Calls something whenever a session was idle for a while, and gives up when nobody used the session for long.</summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly Action<CancellationToken> _touch;
    private readonly TimeSpan _every;
    private readonly TimeSpan _longest;
    private readonly CancellationTokenSource _stop = new();
    private readonly Timer _timer;
    private long _used = Now;

    public KeepAlive(Action<CancellationToken> touch, TimeSpan every, TimeSpan longest)
    {
        _touch = touch;
        _every = every;
        _longest = longest;
        _timer = new Timer(_ => Tick(), null, every, Timeout.InfiniteTimeSpan);
    }

    // Monotonic: a clock that is set must not end sessions.
    private static long Now => System.Diagnostics.Stopwatch.GetTimestamp();

    /// <summary>Somebody used the session.</summary>
    public void Used() => Interlocked.Exchange(ref _used, Now);

    public void Dispose()
    {
        _stop.Cancel();
        _timer.Dispose();
    }

    private void Tick()
    {
        var idle = TimeSpan.FromSeconds((Now - Interlocked.Read(ref _used)) / (double)System.Diagnostics.Stopwatch.Frequency);
        if (idle >= _longest || _stop.IsCancellationRequested) return;
        if (idle >= _every) _touch(_stop.Token);
        var wait = idle >= _every ? _every : _every - idle;
        try
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
    }
}
