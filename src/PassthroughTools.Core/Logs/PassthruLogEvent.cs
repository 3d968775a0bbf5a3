using System.Globalization;
using PassthroughTools.Pci;
using PassthroughTools.Text;

namespace PassthroughTools.Logs;

/// <summary>One line of a vmkernel.log or vmware.log that speaks of interrupts or passthrough.</summary>
public sealed record PassthruLogEvent
{
    /// <summary>When, in UTC; null where the line has no date (early boot, ESX 4 uptime stamps).</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Time since boot, for the prefixes that give that instead.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>What the line says.</summary>
    public required LogEventKind Kind { get; init; }

    /// <summary>The PCI function concerned; null where the line names none or a virtual function's name.</summary>
    public PciAddress? Device { get; init; }

    /// <summary>The device as the line writes it.</summary>
    public string? DeviceText { get; init; }

    /// <summary>
    /// Vectors (interrupts, cookies) asked for, granted, refused or freed; entries of the table for <see cref="LogEventKind.MsiXTableSize"/>.
    /// </summary>
    public int? Vectors { get; init; }

    /// <summary>The least that a driver can work with, for <see cref="LogEventKind.AllocationRequest"/>; it may be granted fewer than it asked for.</summary>
    public int? VectorsRequired { get; init; }

    /// <summary>
    /// 0-based index in the request, for <see cref="LogEventKind.VectorAllocationFailed"/> (the index reached; that it counts from 0 is inferred),
    /// <see cref="LogEventKind.VectorAssigned"/> and <see cref="LogEventKind.VectorReleased"/>.
    /// </summary>
    public int? Index { get; init; }

    /// <summary>Kind of interrupt that the line names.</summary>
    public InterruptMode InterruptMode { get; init; }

    /// <summary>VMKPCIPassthru's own number for the kind; only 4 (MSI-X) is known.</summary>
    public int? InterruptTypeCode { get; init; }

    /// <summary>Host CPU of an assigned or invalid vector.</summary>
    public int? VectorCpu { get; init; }

    /// <summary>x86 vector number of an assigned, released or invalid vector.</summary>
    public int? VectorNumber { get; init; }

    /// <summary>Status, error code or fault type that the line names.</summary>
    public long? ErrorCode { get; init; }

    /// <summary>True when the line itself proves that a pool of vectors or cookies ran dry.</summary>
    public bool IsExhaustion { get; init; }

    /// <summary>True where lines before this one are missing: a rotation that is not in the evidence or could not be read to its end.</summary>
    internal bool FollowsGap { get; init; }

    /// <summary>World (thread) that logged the line.</summary>
    public long? WorldId { get; init; }

    /// <summary>What the line means, in words.</summary>
    public required string Meaning { get; init; }

    /// <summary>File that the line stands in; null for piped text.</summary>
    public string? File { get; init; }

    /// <summary>1-based line.</summary>
    public long Line { get; init; }

    /// <summary>The line, shortened where it is very long.</summary>
    public required string Text { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Device is { } device ? $"{Kind} {device}" : Kind.ToString();

    /// <summary>The event as text, the way the module's default view prints it: a line of facts, and what it means.</summary>
    /// <param name="width">Columns of the console; from 100 on the facts stand in columns.</param>
    public string ToText(int width = 100)
    {
        var when = Time is { } time ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : Uptime is { } uptime ? "up " + uptime.ToString("c", CultureInfo.InvariantCulture)
            : "no date";
        var line = Line.ToString(CultureInfo.InvariantCulture);
        var place = File is null ? "line " + line : Path.GetFileName(File) + ":" + line;
        var device = Device?.ToString() ?? DeviceText ?? "";
        var vectors = Vectors is { } count ? Wording.Count(count, "vector") : "";
        var mark = IsExhaustion ? "! " : "  ";
        string[] facts = width >= 100
            ? [mark + string.Format(CultureInfo.InvariantCulture, "{0,-24} {1,-27} {2,-12} {3,-12} {4}", when, Kind, device, vectors, place)]
            : [.. TextLayout.Paragraph(string.Join(" ", new[] { when, Kind.ToString(), device, vectors, place }.Where(fact => fact.Length > 0)), Math.Max(width, 60), mark)];
        return string.Join("\n", facts.Concat(TextLayout.Paragraph(Meaning, Math.Min(Math.Max(width, 60), 100), "    ")).Select(text => text.TrimEnd()));
    }
}
