using System.Globalization;

namespace PassthroughTools.Journal;

/// <summary>Run identifiers: UTC time to the millisecond, then random digits. They sort by age even where the clock was set back.</summary>
internal static class RunIdentifier
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";
    private const int TimeLength = 19;
    private const int RandomLength = 8;

    /// <summary>Makes an identifier that sorts after all existing ones.</summary>
    /// <param name="now">The clock.</param>
    /// <param name="existing">Identifiers there are; others are passed over.</param>
    public static string Next(DateTimeOffset now, IEnumerable<string> existing)
    {
        var stamp = now.UtcDateTime;
        foreach (var id in existing)
        {
            if (TryTime(id, out var time) && time >= stamp.AddTicks(-(stamp.Ticks % TimeSpan.TicksPerMillisecond))) stamp = time.AddMilliseconds(1);
        }

        return stamp.ToString(TimeFormat, CultureInfo.InvariantCulture) + "-" + Guid.NewGuid().ToString("N").Substring(0, RandomLength);
    }

    /// <summary>Whether it is one; anything else could be a path that leads elsewhere.</summary>
    /// <param name="id">Text.</param>
    public static bool IsValid(string id) => TryTime(id, out _);

    private static bool TryTime(string id, out DateTime time)
    {
        time = default;
        return id.Length == TimeLength + 1 + RandomLength
            && id[TimeLength] == '-'
            && id.Skip(TimeLength + 1).All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'))
            && DateTime.TryParseExact(
                id.Substring(0, TimeLength), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }
}
