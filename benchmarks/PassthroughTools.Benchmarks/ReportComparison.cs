using System.Diagnostics;
using System.Globalization;
using System.Text;
using PassthroughTools.Evidence;
using PassthroughTools.Reports;
using PuppeteerSharp;

namespace PassthroughTools.Benchmarks;

/// <summary>How long Chromium takes to open the report of many hosts, against plain tables of as many bytes and without a style.</summary>
internal static class ReportComparison
{
    /// <summary>Writes both pages, opens them in turn and prints a table.</summary>
    /// <param name="root">Root of the work tree.</param>
    /// <param name="hosts">Hosts; the samples, with their plans, over and over.</param>
    /// <param name="rounds">Rounds; each opens both pages in turn.</param>
    /// <param name="chromium">Program.</param>
    public static async Task<int> RunAsync(string root, int hosts, int rounds, string chromium)
    {
        var folder = Directory.CreateTempSubdirectory("passthru-bench-").FullName;
        try
        {
            var report = Path.Combine(folder, "report.html");
            var peak = Write(Path.Combine(root, "samples"), hosts, report);
            var bytes = new FileInfo(report).Length;
            var plain = Path.Combine(folder, "plain.html");
            WritePlain(plain, hosts, bytes);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hosts} hosts, {bytes / 1048576.0:f1} MiB; while it was written at most {peak / 1048576.0:f1} MiB more were held"));

            List<Opening> ours = [], theirs = [];
            for (var round = 0; round < rounds; round++)
            {
                theirs.Add(await OpenAsync(chromium, Path.Combine(folder, "plain-profile"), plain));
                ours.Add(await OpenAsync(chromium, Path.Combine(folder, "report-profile"), report));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: plain {theirs[^1]}; report {ours[^1]}"));
            }

            Console.WriteLine("| page | processor, median | of it layout | first paint, median | loaded, median |");
            Console.WriteLine("|---|---:|---:|---:|---:|");
            Print("plain tables", theirs);
            Print("report", ours);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| ratio | {Median(ours, each => each.Processor) / Median(theirs, each => each.Processor):f2} | | {Median(ours, each => each.Paint) / Median(theirs, each => each.Paint):f2} | {Median(ours, each => each.Load) / Median(theirs, each => each.Load):f2} |"));
        }
        finally
        {
            await Task.Delay(500);
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static long Write(string samples, int hosts, string file)
    {
        var options = new ReportOptions { IncludePlan = true };
        var evidence = EvidenceReader.Read(samples).ToList();
        var reports = evidence.ConvertAll(host => HostReport.Create(host, options));
        var fleet = FleetReport.Create(
            Enumerable.Range(0, hosts).Select(i => reports[i % reports.Count]).Select((host, i) => host with { Budget = host.Budget with { HostName = FormattableString.Invariant($"esx{i:d4}.example.com") } }), options);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var stream = new WatchedStream(File.Create(file));
        fleet.Write(stream, ReportFormat.Html);
        return stream.Highest - before;
    }

    private static void WritePlain(string file, int hosts, long bytes)
    {
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(false), 1 << 16);
        writer.Write("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Plain</title></head><body>\n");

        // A table a host, as large as a host of ours: one table of everything would take minutes, which is no peer.
        const string row = "<tr><td>0000:08:00.0</td><td>win03</td><td>32</td><td>32</td><td>MSI-X</td><td>2012-08-07T07:57:31.269Z cpu9:739725)WARNING: IntrVector: 290: Out of interrupt vectors</td></tr>\n";
        var share = bytes / hosts;
        for (var host = 0; host < hosts; host++)
        {
            writer.Write("<table>\n");
            for (var written = 0L; written < share; written += row.Length) writer.Write(row);
            writer.Write("</table>\n");
        }

        writer.Write("</body></html>\n");
    }

    /// <summary>Opens a page in a browser of its own: pages of one browser share its process, and the page before may still be cleared away.</summary>
    private static async Task<Opening> OpenAsync(string chromium, string profile, string file)
    {
        await using var browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = chromium, UserDataDir = profile, Timeout = 120_000, ProtocolTimeout = 600_000,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        await using var page = await browser.NewPageAsync();
        page.DefaultNavigationTimeout = 300_000;
        await page.SetViewportAsync(new ViewPortOptions { Width = 1280, Height = 900 });

        // The clock of the thread, not of the wall: what else the machine does is not counted.
        await page.Client.SendAsync("Performance.disable");
        await page.Client.SendAsync("Performance.enable", new { timeDomain = "threadTicks" });
        await page.GoToAsync(new Uri(file).AbsoluteUri, WaitUntilNavigation.Load);
        var paint = 0.0;
        for (var clock = Stopwatch.StartNew(); paint == 0 && clock.Elapsed < TimeSpan.FromMinutes(1); await Task.Delay(20))
            paint = await page.EvaluateExpressionAsync<double>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0");
        var metrics = await page.MetricsAsync();
        return new Opening(
            paint, await page.EvaluateExpressionAsync<double>("performance.getEntriesByType('navigation')[0].loadEventStart"),
            (double)metrics["TaskDuration"] * 1000, (double)metrics["LayoutDuration"] * 1000);
    }

    private static void Print(string name, List<Opening> times) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(times, each => each.Processor):f0} ms | {Median(times, each => each.Layout):f0} ms | {Median(times, each => each.Paint):f0} ms | {Median(times, each => each.Load):f0} ms |"));

    private static double Median(List<Opening> times, Func<Opening, double> of) => times.Select(of).Order().ElementAt(times.Count / 2);

    /// <summary>What opening a page took, in milliseconds.</summary>
    /// <param name="Paint">Until something was seen.</param>
    /// <param name="Load">Until all was loaded.</param>
    /// <param name="Processor">Processor time of the page's thread, until it was loaded and painted.</param>
    /// <param name="Layout">Of it, for layout.</param>
    private sealed record Opening(double Paint, double Load, double Processor, double Layout);

    /// <summary>Looks at what is held with every mebibyte.</summary>
    private sealed class WatchedStream(FileStream file) : Stream
    {
        private long _looked;

        public long Highest { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position
        {
            get => file.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            file.Write(buffer);
            if (file.Length - _looked < 1 << 20) return;
            _looked = file.Length;
            Highest = Math.Max(Highest, GC.GetTotalMemory(forceFullCollection: true));
        }

        public override void Flush() => file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
