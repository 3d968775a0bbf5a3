namespace PassthroughTools.Logs;

/// <summary>
/// Recognises that the host's kernel started. Two kinds of line prove it: those stamped with the time stamp counter because there is no clock yet
/// (<c>TSC: 548762 cpu0:1)</c>), and those of the boot loader's modules (<c>VMB</c>, <c>BootConfig</c>) on CPU 0 in the first two minutes of uptime.
/// A boot logs hundreds of them, so they count as one boot until the counter or the uptime goes back, or until
/// <see cref="MaxGap"/> lines have passed without one.
/// </summary>
internal struct BootTracker
{
    /// <summary>
    /// Lines between two early-boot lines of one boot. A second marker for the same boot would do no harm (nothing is allocated that early);
    /// a missing one would.
    /// </summary>
    public const int MaxGap = 1000;

    private static readonly TimeSpan s_early = TimeSpan.FromMinutes(2);

    private long _lastLine;
    private long _lastTsc;
    private TimeSpan _lastUptime;

    /// <summary>True for the first line of a boot.</summary>
    /// <param name="line">The line.</param>
    /// <param name="prefix">Its prefix.</param>
    /// <param name="number">Its number.</param>
    public bool IsNewBoot(ReadOnlySpan<byte> line, in LogPrefix prefix, long number)
    {
        if (prefix.Cpu != 0) return false;
        bool wentBack;
        if (prefix.Tsc is { } tsc)
        {
            wentBack = tsc < _lastTsc;
            _lastTsc = tsc;
        }
        else if (prefix.Uptime is { } uptime && uptime < s_early && IsBootLoader(line.Slice(prefix.BodyStart)))
        {
            wentBack = uptime < _lastUptime;
            _lastUptime = uptime;
        }
        else
        {
            return false;
        }

        var isNew = _lastLine == 0 || wentBack || number - _lastLine > MaxGap;
        _lastLine = number;
        if (isNew && prefix.Tsc is null) _lastTsc = 0;
        if (isNew && prefix.Tsc is not null) _lastUptime = default;
        return isNew;
    }

    private static bool IsBootLoader(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith("WARNING: "u8)) body = body.Slice("WARNING: ".Length);
        return body.StartsWith("VMB: "u8) || body.StartsWith("BootConfig: "u8);
    }
}
