namespace PassthroughTools.Planning;

/// <summary>Counts steps of search, so that what ends it doesn't depend on the machine.</summary>
internal sealed class WorkMeter
{
    private readonly long _limit;

    internal WorkMeter(long limit, CancellationToken cancellation)
    {
        _limit = limit;
        StopAt = limit;
        Cancellation = cancellation;
    }

    /// <summary>Steps so far.</summary>
    internal long Spent { get; private set; }

    /// <summary>Where the current stage must stop.</summary>
    internal long StopAt { get; private set; }

    internal CancellationToken Cancellation { get; }

    internal bool IsExhausted => Spent >= StopAt;

    /// <summary>Gives the next stage a share of what is left, so that one hard stage doesn't starve the others.</summary>
    internal void Share(double part) => StopAt = Spent + (long)(Math.Max(_limit - Spent, 0) * part);

    /// <summary>Counts steps.</summary>
    /// <returns>False when there are none left.</returns>
    internal bool Spend(long steps)
    {
        Cancellation.ThrowIfCancellationRequested();
        Spent += steps;
        return !IsExhausted;
    }
}
