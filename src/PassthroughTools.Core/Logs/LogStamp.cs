namespace PassthroughTools.Logs;

/// <summary>The stamps that log lines carry.</summary>
internal static class LogStamp
{
    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary><c>2012-08-07T07:57:31.269Z</c>, with or without a fraction; an offset is honoured; without one it is UTC, which ESXi always logs in.</summary>
    public static bool TryIso(ref ByteCursor cursor, out DateTimeOffset time)
    {
        time = default;
        var read = cursor;
        if (!TwoDigits(ref read, out var century) || !TwoDigits(ref read, out var years)
            || !read.Skip("-"u8) || !TwoDigits(ref read, out var month)
            || !read.Skip("-"u8) || !TwoDigits(ref read, out var day)
            || !(read.Skip("T"u8) || read.Skip(" "u8))
            || !TryClock(ref read, out var clock))
        {
            return false;
        }

        var offset = TimeSpan.Zero;
        if (!read.Skip("Z"u8) && read.Rest is [(byte)'+' or (byte)'-', ..])
        {
            var negative = read.Skip("-"u8);
            if (!negative) read.Skip("+"u8);
            if (!TwoDigits(ref read, out var hours)) return false;
            read.Skip(":"u8);
            if (!TwoDigits(ref read, out var minutes) || hours > 14 || minutes > 59) return false;
            offset = new TimeSpan(hours, minutes, 0);
            if (negative) offset = -offset;
        }

        if (!TryDate((century * 100) + years, month, day, clock, out var local)) return false;
        var ticks = local.Ticks - offset.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        cursor = read;
        return true;
    }

    /// <summary><c>Jan  9 20:40:49</c>. True when it is one; the time is null unless the year is known.</summary>
    public static bool TryYearless(ref ByteCursor cursor, int? year, out DateTimeOffset? time)
    {
        time = null;
        var read = cursor;
        if (read.Rest.Length < 4 || read.Rest[3] != (byte)' ') return false;
        var at = Months.IndexOf(read.Rest.Slice(0, 3));
        if (at < 0 || at % 3 != 0) return false;
        read.Skip(read.Rest.Slice(0, 4));
        read.SkipBlanks();
        if (!read.TryNumber(out int day) || day is < 1 or > 31 || !read.Skip(" "u8) || !TryClock(ref read, out var clock)) return false;
        read.Skip(":"u8); // vmware.log of ESX 4
        if (year is { } known && TryDate(known, (at / 3) + 1, day, clock, out var local)) time = new DateTimeOffset(local.Ticks, TimeSpan.Zero);
        cursor = read;
        return true;
    }

    /// <summary><c>0:00:00:02.483</c>: days, hours, minutes, seconds since boot.</summary>
    public static bool TryUptime(ref ByteCursor cursor, out TimeSpan uptime)
    {
        uptime = default;
        var read = cursor;
        if (!read.TryNumber(out int days) || days > 100_000 || !read.Skip(":"u8) || !TryClock(ref read, out var clock)) return false;
        uptime = clock + TimeSpan.FromDays(days);
        cursor = read;
        return true;
    }

    /// <summary><c>07:57:31.269</c>; the fraction may be absent or up to nine digits long.</summary>
    private static bool TryClock(ref ByteCursor cursor, out TimeSpan clock)
    {
        clock = default;
        if (!TwoDigits(ref cursor, out var hours) || !cursor.Skip(":"u8)
            || !TwoDigits(ref cursor, out var minutes) || !cursor.Skip(":"u8)
            || !TwoDigits(ref cursor, out var seconds) || hours > 23 || minutes > 59 || seconds > 60)
        {
            return false;
        }

        long ticks = 0;
        if (cursor.Rest is [(byte)'.' or (byte)',', >= (byte)'0' and <= (byte)'9', ..])
        {
            cursor.Skip(cursor.Rest.Slice(0, 1));
            var scale = TimeSpan.TicksPerSecond / 10;
            while (cursor.Rest is [>= (byte)'0' and <= (byte)'9', ..])
            {
                ticks += (cursor.Rest[0] - '0') * scale;
                scale /= 10;
                cursor.Skip(cursor.Rest.Slice(0, 1));
            }
        }

        // A leap second has no DateTime of its own.
        clock = new TimeSpan(hours, minutes, Math.Min(seconds, 59)) + new TimeSpan(ticks);
        return true;
    }

    private static bool TwoDigits(ref ByteCursor cursor, out int value)
    {
        value = 0;
        if (cursor.Rest is not [>= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', ..]) return false;
        value = ((cursor.Rest[0] - '0') * 10) + (cursor.Rest[1] - '0');
        cursor.Skip(cursor.Rest.Slice(0, 2));
        return true;
    }

    private static bool TryDate(int year, int month, int day, TimeSpan clock, out DateTime date)
    {
        date = default;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) + clock;
        return true;
    }
}
