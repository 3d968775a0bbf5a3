using System.Text;
using PassthroughTools.Evidence;
using PassthroughTools.Logs;
using PassthroughTools.Reports;
using PassthroughTools.Tests.Evidence;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Reports;

/// <summary>Reports for the tests.</summary>
internal static class Reporting
{
    /// <summary>A name with everything in it that a format could trip over, in an order that lets each do harm.</summary>
    public const string Hostile = "=cmd|' /C calc'!A1\"><script>alert(1)</script>&amp;\\ \u202Egnp.exe\u2066 \u05D0\u05D1 \u0001\r\n@x{y=\"z\"} 1;=2";

    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static HostReport Of(HostEvidence host, ReportOptions? options = null) => HostReport.Create(host, options, TestContext.Current.CancellationToken);

    public static FleetReport Report(ReportOptions? options, params IEnumerable<HostEvidence> hosts) =>
        FleetReport.Create(hosts.Select(host => Of(host, options)), options, Now);

    public static FleetReport Report(params IEnumerable<HostEvidence> hosts) => Report(null, hosts);

    /// <summary>The four samples, with plans.</summary>
    public static FleetReport Samples() => Report(
        new ReportOptions { IncludePlan = true },
        new[] { Sample.Mixed, Sample.Outage, Sample.Cookies, Sample.LookAlikes }.SelectMany(name => EvidenceReader.Read(Sample.Original(name))));

    /// <summary>Writes a page on the samples with their plans, the same under names that are long or written from right to left, and hosts of which little is known.</summary>
    /// <param name="path">File to write.</param>
    public static void WriteEverySort(string path)
    {
        var options = new ReportOptions { IncludePlan = true };
        HostEvidence[] samples = [.. new[] { Sample.Mixed, Sample.Outage, Sample.Cookies, Sample.LookAlikes }.SelectMany(name => EvidenceReader.Read(Sample.Original(name)))];
        var renamed = samples.Select((host, i) => host with
        {
            HostName = i % 2 == 0 ? "\u05E9\u05E8\u05EA-\u05D2\u05D9\u05D1\u05D5\u05D9-0" + i : host.HostName + string.Concat(Enumerable.Repeat("-and-so-on", 12)) + new string('x', 120),
            VMs = [.. host.VMs!.Select((vm, j) => vm with { Name = j % 2 == 0 ? "\u0645\u0636\u064A\u0641-" + j : new string('W', 90) + j })],
        });
        using var file = File.Create(path);
        Report(options, [.. samples, .. renamed, HostileHost(), Bare("bare"), Outage() with { HostName = "no-log", LogEvents = null }]).Write(file, ReportFormat.Html);
    }

    /// <summary>The case with every text replaced that someone else chooses.</summary>
    public static HostEvidence HostileHost()
    {
        var outage = Outage();
        return outage with
        {
            HostName = Hostile,
            Source = Hostile,
            Files = [new EvidenceFile(Hostile, EvidenceFileStatus.Unreadable, Hostile)],
            Warnings = [Hostile],
            PciDevices = [.. Enumerable.Range(0, 8).Select(i => Device(Hba(i), PassthroughTools.Host.PciOwner.VMPassthru) with { DeviceName = Hostile })],
            VMs = [.. outage.VMs!.Select(vm => vm with { Name = Hostile + vm.Name, VmxPath = Hostile, RegistryPath = Hostile })],
            LogEvents =
            [
                .. outage.LogEvents!.Select(entry => entry with { File = Hostile, Text = Hostile, Meaning = Hostile }),
                Event(LogEventKind.MmioLimitExceeded, 900) with { File = Hostile, Text = Hostile, Meaning = Hostile },
            ],
        };
    }

    public static HostEvidence Bare(string name) => new() { HostName = name };

    public static string Render(FleetReport report, ReportFormat format)
    {
        using var stream = new MemoryStream();
        report.Write(stream, format);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(stream.ToArray());
    }
}
