namespace PassthroughTools.Logs;

/// <summary>
/// What stands before the message: stamps, host, tags, severity, CPU and world. Every family of ESX 4 to ESXi 9, vmware.log and the headers that
/// remote syslog puts in front are sequences of the same few pieces, so the pieces are read in whatever order they come. A message is recognised
/// without its prefix; an unknown prefix only costs the time.
/// </summary>
internal readonly struct LogPrefix
{
    private const int MaxPieces = 16;

    // RFC 5424 puts host, application, process and message id between the stamp and the message.
    private const int MaxUnknownPieces = 6;

    private LogPrefix(DateTimeOffset? time, TimeSpan? uptime, long? tsc, int? cpu, long? world, int bodyStart)
    {
        Time = time;
        Uptime = uptime;
        Tsc = tsc;
        Cpu = cpu;
        WorldId = world;
        BodyStart = bodyStart;
    }

    /// <summary>The innermost dated stamp, in UTC.</summary>
    public DateTimeOffset? Time { get; }

    /// <summary>Time since boot.</summary>
    public TimeSpan? Uptime { get; }

    /// <summary>Time stamp counter, which early boot prints for want of a clock.</summary>
    public long? Tsc { get; }

    /// <summary>CPU that logged the line.</summary>
    public int? Cpu { get; }

    /// <summary>World that logged the line.</summary>
    public long? WorldId { get; }

    /// <summary>Where the message begins.</summary>
    public int BodyStart { get; }

    /// <summary>Reads the prefix of a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="year">Year of stamps without one; null to leave them undated.</param>
    public static LogPrefix Parse(ReadOnlySpan<byte> line, int? year)
    {
        DateTimeOffset? time = null, yearless = null;
        TimeSpan? uptime = null;
        long? tsc = null, world = null;
        int? cpu = null;
        var unknown = 0;
        var isHeader = false;
        var cursor = new ByteCursor(line);

        for (var piece = 0; piece < MaxPieces; piece++)
        {
            cursor.SkipBlanks();
            var start = cursor;
            if (SkipPriority(ref cursor))
            {
                isHeader = true;
                continue;
            }

            cursor.Skip("["u8);
            if (LogStamp.TryIso(ref cursor, out var stamp))
            {
                time = stamp;
                isHeader = true;
                cursor.Skip("]"u8);
                if (cursor.Skip("|"u8)) break; // vmware.log before 8.0: thread and level follow, no further stamp
                cursor.Skip(":"u8);
                continue;
            }

            cursor = start;
            if (piece == 0 && cursor.Skip("["u8) && cursor.SkipPast("]"u8)) continue; // a KB article's [YYYY-MM-DDTHH:MM:SS]
            cursor = start;
            if (LogStamp.TryYearless(ref cursor, year, out var dated))
            {
                yearless = dated;
                isHeader = true;
                continue;
            }

            cursor = start;
            if (LogStamp.TryUptime(ref cursor, out var sinceBoot))
            {
                uptime = sinceBoot;
                continue;
            }

            cursor = start;
            if (cursor.Skip("TSC: "u8) && cursor.TryNumber(out long counter) && cursor.Skip(" "u8))
            {
                tsc = counter;
                continue;
            }

            cursor = start;
            if (TryCpu(ref cursor, out var cpuNumber, out var worldNumber))
            {
                cpu = cpuNumber;
                world = worldNumber;
                break;
            }

            cursor = start;
            var token = cursor.Token();
            if (IsTag(token) || IsSeverity(token))
            {
                isHeader = true;
                continue;
            }

            // Host and application names are taken for such only behind a header, and never when they read like a module: the message starts there.
            if (!isHeader || token.IsEmpty || token[token.Length - 1] == (byte)':' || ++unknown > MaxUnknownPieces)
            {
                cursor = start;
                break;
            }
        }

        return new LogPrefix(time ?? yearless, uptime, tsc, cpu, world, line.Length - cursor.Rest.Length);
    }

    /// <summary><c>&lt;181&gt;</c>, and the <c>1 </c> of RFC 5424 behind it.</summary>
    private static bool SkipPriority(ref ByteCursor cursor)
    {
        var read = cursor;
        if (!read.Skip("<"u8) || !read.TryNumber(out int priority) || priority > 191 || !read.Skip(">"u8)) return false;
        cursor = read;
        if (read.Skip("1 "u8)) cursor = read;
        return true;
    }

    /// <summary><c>cpu9:739725)</c> or <c>cpu68:2099984 opID=be121f44)</c>.</summary>
    private static bool TryCpu(ref ByteCursor cursor, out int cpu, out long world)
    {
        world = 0;
        if (!cursor.Skip("cpu"u8) || !cursor.TryNumber(out cpu))
        {
            cpu = 0;
            return false;
        }

        if (!cursor.Skip(":"u8) || !cursor.TryNumber(out world)) return false;
        var close = cursor.Rest.IndexOf((byte)')');
        if (close is < 0 or > 64) return false;
        if (close > 0 && cursor.Rest[0] != (byte)' ') return false;
        return cursor.SkipPast(")"u8);
    }

    private static bool IsTag(ReadOnlySpan<byte> token) =>
        token.SequenceEqual("vmkernel:"u8) || token.SequenceEqual("vmkwarning:"u8) || token.SequenceEqual("vmkalert:"u8);

    /// <summary><c>In(182)</c>.</summary>
    private static bool IsSeverity(ReadOnlySpan<byte> token)
    {
        var cursor = new ByteCursor(token);
        if (token.Length < 5 || !IsLetter(token[0]) || !IsLetter(token[1])) return false;
        return cursor.Skip(token.Slice(0, 2)) && cursor.Skip("("u8) && cursor.TryNumber(out int _) && cursor.Skip(")"u8) && cursor.AtEnd;
    }

    private static bool IsLetter(byte c) => (byte)(c | 0x20) is >= (byte)'a' and <= (byte)'z';
}
