using System.Diagnostics;
using System.Globalization;

namespace PassthroughTools.Benchmarks;

/// <summary>
/// Times whole processes: our reader in a small driver, grep, rg, and a line-by-line .NET regex, on one generated log. Rounds are interleaved, so that
/// whatever else the machine does hits all of them; medians and ratios count, not seconds. Each run's number of lines found is compared.
/// </summary>
internal static class ProcessComparison
{
    private const string Time = "/usr/bin/time";

    private sealed record Contender(string Name, string Command, int Group, bool IsSlow = false)
    {
        public List<double> Seconds { get; } = [];

        public long PeakKibibytes { get; set; }

        public List<double> ProcessorSeconds { get; } = [];

        public double Median => Middle(Seconds);

        public static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }

    /// <summary>Runs the comparison.</summary>
    /// <param name="mebibytes">Size of the log.</param>
    /// <param name="rounds">Measured rounds; one more comes first and is not counted.</param>
    /// <param name="passthru">Our shell with the module, to time the cmdlet too; null to leave it out.</param>
    public static int Run(int mebibytes, int rounds, string? passthru)
    {
        var folder = Directory.CreateTempSubdirectory("passthru-benchmark-").FullName;
        try
        {
            var log = Path.Combine(folder, "vmkernel.log");
            Console.WriteLine($"Generating {mebibytes} MiB …");
            LogCorpus.WriteFiles(log, (long)mebibytes << 20, LogCorpus.Seed);
            var contenders = Contenders(folder, log, passthru);
            for (var round = 0; round <= rounds; round++)
            {
                Console.WriteLine(round == 0 ? "Warming up …" : $"Round {round} of {rounds} …");
                foreach (var contender in contenders)
                {
                    if (contender.IsSlow && round != 1) continue;
                    Measure(contender, isCounted: round > 0);
                }
            }

            Print(contenders, mebibytes, rounds);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<Contender> Contenders(string folder, string log, string? passthru)
    {
        var pattern = Path.Combine(folder, "pattern");
        var empty = Path.Combine(folder, "empty.log");
        File.WriteAllText(pattern, LogPattern.Text + "\n");
        var shortPattern = Path.Combine(folder, "short-pattern");
        File.WriteAllText(shortPattern, LogPattern.Short + "\n");
        File.WriteAllText(empty, "");
        var driver = $"'{Environment.ProcessPath}'";
        List<Contender> contenders =
        [
            new("our reader", $"{driver} events '{log}'", 0),
            new("rg -j1", $"rg -j1 --no-config -f '{pattern}' '{log}'", 0),
            new("rg -j1 -n", $"rg -j1 --no-config -n -f '{pattern}' '{log}'", 0),
            new("grep -E, LC_ALL=C", $"LC_ALL=C grep -E -f '{pattern}' '{log}'", 0),
            new("grep -nE, LC_ALL=C", $"LC_ALL=C grep -nE -f '{pattern}' '{log}'", 0),
            new("grep -E, LC_ALL=C.UTF-8", $"LC_ALL=C.UTF-8 grep -E -f '{pattern}' '{log}'", 0),
            new(".NET Regex line by line, compiled", $"{driver} compiled '{log}'", 0, IsSlow: true),
            new(".NET Regex line by line, as Select-String", $"{driver} select-string '{log}'", 0, IsSlow: true),
            new("our reader, .gz", $"{driver} events '{log}.gz'", 1),
            new("zcat | grep -E, LC_ALL=C", $"zcat '{log}.gz' | LC_ALL=C grep -E -f '{pattern}'", 1),
            new("rg -z -j1", $"rg -z -j1 --no-config -f '{pattern}' '{log}.gz'", 1),
            new("rg -j1, six messages only", $"rg -j1 --no-config -f '{shortPattern}' '{log}'", 3),
            new("grep -E, LC_ALL=C, six messages only", $"LC_ALL=C grep -E -f '{shortPattern}' '{log}'", 3),
            new("our reader, empty log", $"{driver} events '{empty}'", 2),
        ];
        if (passthru is null) return contenders;
        contenders.Insert(8, new("Get-PassthruLogEvent in passthru", $"'{passthru}' -Command \"foreach (\\$e in Get-PassthruLogEvent '{log}') {{ \\$e.Line }}\"", 0));
        contenders.Add(new("passthru, nothing to do", $"'{passthru}' -Command ''", 2));
        return contenders;
    }

    private static void Measure(Contender contender, bool isCounted)
    {
        var hasTime = File.Exists(Time);
        var start = new ProcessStartInfo(hasTime ? Time : "/bin/sh") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = hasTime ? ["-f", "%M %U %S", "/bin/sh", "-c", contender.Command] : ["-c", contender.Command];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = 0;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Length > 0) lines++;
        }

        process.WaitForExit();
        clock.Stop();
        var expected = contender.Group < 2 ? s_found ??= lines : contender.Group == 3 ? s_foundShort ??= lines : 0;
        if (lines != expected) throw new InvalidOperationException($"{contender.Name}: {lines} lines found, not {expected}. {errors.Result}");
        if (!isCounted) return;
        contender.Seconds.Add(clock.Elapsed.TotalSeconds);
        if (errors.Result.TrimEnd().Split('\n')[^1].Split(' ') is not [var peak, var user, var system] || !hasTime) return;
        contender.PeakKibibytes = Math.Max(contender.PeakKibibytes, long.Parse(peak, CultureInfo.InvariantCulture));
        contender.ProcessorSeconds.Add(double.Parse(user, CultureInfo.InvariantCulture) + double.Parse(system, CultureInfo.InvariantCulture));
    }

    private static int? s_found, s_foundShort;

    private static void Print(List<Contender> contenders, int mebibytes, int rounds)
    {
        Console.WriteLine();
        Console.WriteLine($"{mebibytes} MiB, {s_found} lines found, medians of {rounds} interleaved rounds (one for the .NET regexes), {Environment.ProcessorCount} processors.");
        Console.WriteLine("Ratio: time against our reader's on the same file; above 1 is slower than ours. Peak: largest process of the pipeline.");
        Console.WriteLine();
        Console.WriteLine("| process | median, s | ratio | processor, s | peak, MiB |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var contender in contenders)
        {
            var ours = contenders.First(other => other.Group == (contender.Group == 1 ? 1 : 0)).Median;
            var peak = contender.PeakKibibytes == 0 ? "?" : (contender.PeakKibibytes / 1024).ToString(CultureInfo.InvariantCulture);
            var processor = contender.ProcessorSeconds.Count == 0 ? "?" : Contender.Middle(contender.ProcessorSeconds).ToString("0.00", CultureInfo.InvariantCulture);
            var ratio = contender.Group == 2 ? "" : (contender.Median / ours).ToString("0.00", CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {contender.Name.Replace("|", "\\|", StringComparison.Ordinal)} | {contender.Median:0.000} | {ratio} | {processor} | {peak} |"));
        }
    }
}
