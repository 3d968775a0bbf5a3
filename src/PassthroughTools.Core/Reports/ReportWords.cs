using System.Globalization;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Text;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>Words that several formats share.</summary>
internal static class ReportWords
{
    /// <summary>A point in time in UTC, to the second; null for none.</summary>
    public static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A point in time in UTC as people write it, to the second or the minute; null for none.</summary>
    public static string? Clock(DateTimeOffset? time, bool toMinute = false) =>
        time?.UtcDateTime.ToString(toMinute ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A number, or a question mark.</summary>
    public static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "?";

    /// <summary>A figure with what is known where the value is not.</summary>
    public static string Bound(Figure figure) => (figure.Value, figure.Minimum, figure.Maximum) switch
    {
        ({ } value, { } low, { } high) when low != value || high != value => Number(value) + " (" + Number(low) + " to " + Number(high) + ")",
        ({ } value, { } low, null) => Number(value) + " (" + Number(low) + " or more)",
        ({ } value, null, { } high) => Number(value) + " (up to " + Number(high) + ")",
        ({ } value, _, _) => Number(value),
        (null, { } low, { } high) => Number(low) + " to " + Number(high),
        (null, { } low, null) => Number(low) + " or more",
        (null, null, { } high) => "up to " + Number(high),
        _ => "unknown",
    };

    /// <summary>An interrupt mode as people write it.</summary>
    public static string Mode(InterruptMode mode) => mode switch
    {
        InterruptMode.MsiX => "MSI-X",
        InterruptMode.Msi => "MSI",
        InterruptMode.IntX => "INTx",
        InterruptMode.None => "none",
        _ => "?",
    };

    /// <summary>A pool's name where there is little room.</summary>
    public static string Pool(InterruptPool pool) => pool switch
    {
        InterruptPool.HostVectors => "Host vectors",
        InterruptPool.MsixVectors => "MSI-X vectors",
        InterruptPool.GlobalVectors => "Global vectors",
        _ => "Interrupt cookies",
    };

    /// <summary>A kind of event as words: OutOfVectors becomes "Out of vectors".</summary>
    public static string Event(LogEventKind kind)
    {
        var name = kind.ToString().Replace("MsiX", "\u0001").Replace("Iommu", "\u0002").Replace("Mmio", "\u0003").Replace("Passthru", "Passthrough");
        var words = new System.Text.StringBuilder();
        foreach (var each in name)
        {
            if (words.Length > 0 && (char.IsUpper(each) || each < ' ')) words.Append(' ');
            words.Append(words.Length > 0 ? char.ToLowerInvariant(each) : each);
        }

        return words.Replace("\u0001", "MSI-X").Replace("\u0002", "IOMMU").Replace("\u0003", "MMIO").ToString();
    }

    /// <summary>What is remarkable about a device.</summary>
    public static string Remark(VectorDemand device)
    {
        var remarks = new List<string>();
        if (device.Failure is not null) remarks.Add("refused");
        if (!device.IsCounted) remarks.Add(device.VM is null ? "not in use" : "off, not counted");
        if (device.MessageNumberLimit is { } limit) remarks.Add("MessageNumberLimit " + Number(limit));
        if (device.MsiSupported == false) remarks.Add("MSI off in the guest");
        if (device.MsiEnabled == false && device.PhysicalMode is InterruptMode.Msi or InterruptMode.MsiX) remarks.Add("msiEnabled = FALSE has no effect");
        return string.Join(", ", remarks);
    }

    /// <summary>Devices, those that were refused first, then by what they take; an unknown demand may be any.</summary>
    public static IEnumerable<VectorDemand> Sorted(IEnumerable<VectorDemand> devices) => devices
        .OrderByDescending(device => device.Failure is not null)
        .ThenByDescending(device => device.IsCounted)
        .ThenByDescending(device => device.Demand ?? int.MaxValue)
        .ThenBy(device => device.Address);

    /// <summary>File and line of a log line.</summary>
    public static string Place(PassthruLogEvent entry) => FormattableString.Invariant($"{entry.File ?? "log"}:{entry.Line}");

    /// <summary>A count with its noun.</summary>
    public static string Count(int count, string noun) => Wording.Count(count, noun);
}
