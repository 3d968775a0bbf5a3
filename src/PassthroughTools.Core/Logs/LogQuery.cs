using PassthroughTools.Pci;

namespace PassthroughTools.Logs;

/// <summary>Which events are wanted. Whatever is not given does not restrict.</summary>
public sealed record LogQuery
{
    /// <summary>Everything.</summary>
    public static LogQuery All { get; } = new();

    /// <summary>Only events at this time or later; events without a date are left out.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Only events at this time or earlier; events without a date are left out.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only events of these kinds; null or empty for all.</summary>
    public IReadOnlyCollection<LogEventKind>? Kinds { get; init; }

    /// <summary>Only events that name one of these devices; null or empty for all.</summary>
    public IReadOnlyCollection<PciAddress>? Devices { get; init; }

    /// <summary>Only lines that prove by themselves that a pool ran dry.</summary>
    public bool ExhaustionOnly { get; init; }

    /// <summary>
    /// Year of stamps that have none (<c>Jan  9 20:40:49</c>); they are then taken as UTC. When null, such events have no time.
    /// </summary>
    public int? Year { get; init; }

    /// <summary>True when the kind alone rules the event out, before anything is allocated for it.</summary>
    internal bool Rejects(LogEventKind kind) => Kinds is { Count: > 0 } kinds && !kinds.Contains(kind);

    /// <summary>True when the device or the exhaustion filter rules the event out.</summary>
    internal bool Rejects(PciAddress? device, bool isExhaustion) =>
        (ExhaustionOnly && !isExhaustion)
        || (Devices is { Count: > 0 } devices && !(device is { } address && devices.Contains(address)));

    /// <summary>True when a time range was asked for.</summary>
    internal bool HasTimeRange => After is not null || Before is not null;

    /// <summary>True when the time lies outside the range.</summary>
    internal bool RejectsTime(DateTimeOffset time) => time < After || time > Before;
}
