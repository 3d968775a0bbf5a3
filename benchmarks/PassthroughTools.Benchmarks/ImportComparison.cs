using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PassthroughTools.Benchmarks;

/// <summary>How long the first import of a module takes in a new process, ours against an empty binary module, in turn.</summary>
internal static class ImportComparison
{
    /// <summary>Imports one module in this process and prints milliseconds of wall clock and of processor time.</summary>
    /// <param name="manifest">Manifest of the module.</param>
    public static int Once(string manifest)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);

        // Import-Module itself is warm after a module of the engine's own; what is measured is the module.
        shell.AddScript("$null = Get-Command Import-Module; [System.GC]::Collect()").Invoke();
        shell.Commands.Clear();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        shell.AddCommand("Import-Module").AddParameter("Name", manifest).Invoke();
        clock.Stop();
        if (shell.HadErrors) throw new InvalidOperationException(shell.Streams.Error[0].ToString());
        var used = Process.GetCurrentProcess().TotalProcessorTime - processor;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMilliseconds:f1} {used.TotalMilliseconds:f1}"));
        return 0;
    }

    /// <summary>Compares two modules.</summary>
    /// <param name="ours">Manifest of ours.</param>
    /// <param name="empty">Manifest of the empty one.</param>
    /// <param name="rounds">Processes for each.</param>
    /// <param name="pwsh">Path of a pwsh to compare them in as well, or null.</param>
    public static int Compare(string ours, string empty, int rounds, string? pwsh)
    {
        List<(string Title, Func<string, ProcessStartInfo> Start)> engines = [("engine of this process", manifest => new ProcessStartInfo(Environment.ProcessPath!, ["import", manifest]))];
        if (pwsh is not null) engines.Add((pwsh, manifest => InPwsh(pwsh, manifest)));
        var all = engines.ConvertAll(engine => (engine.Title, engine.Start, Times: new Dictionary<string, List<(double Wall, double Cpu)>>(StringComparer.Ordinal) { [empty] = [], [ours] = [] }));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (_, start, times) in all)
            {
                foreach (var manifest in times.Keys) times[manifest].Add(Start(start(manifest)));
            }
        }

        foreach (var (title, _, times) in all) Show(title, ours, empty, times);
        return 0;
    }

    private static void Show(string title, string ours, string empty, Dictionary<string, List<(double Wall, double Cpu)>> times)
    {
        Console.WriteLine();
        Console.WriteLine($"{title}:");
        Console.WriteLine();
        Console.WriteLine("| module | wall, median | processor, median |");
        Console.WriteLine("|---|---|---|");
        foreach (var (manifest, all) in times)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Path.GetFileNameWithoutExtension(manifest)} | {Median(all.ConvertAll(each => each.Wall)):f0} ms | {Median(all.ConvertAll(each => each.Cpu)):f0} ms |"));
        var wall = Median(times[ours].ConvertAll(each => each.Wall)) / Median(times[empty].ConvertAll(each => each.Wall));
        var cpu = Median(times[ours].ConvertAll(each => each.Cpu)) / Median(times[empty].ConvertAll(each => each.Cpu));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| ratio | {wall:f2} | {cpu:f2} |"));
    }

    // The same measure as Once takes, by the clock and the processor time of the pwsh process itself.
    private static ProcessStartInfo InPwsh(string pwsh, string manifest)
    {
        const string Measure = """
            $null = Get-Command Import-Module
            $process = [System.Diagnostics.Process]::GetCurrentProcess()
            [System.GC]::Collect()
            $processor = $process.TotalProcessorTime
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            Import-Module -Name $env:PASSTHRU_IMPORT -ErrorAction Stop
            $clock.Stop()
            $process.Refresh()
            $used = $process.TotalProcessorTime - $processor
            [Console]::WriteLine([string]::Format([cultureinfo]::InvariantCulture, '{0:f1} {1:f1}', $clock.Elapsed.TotalMilliseconds, $used.TotalMilliseconds))
            """;
        var start = new ProcessStartInfo(pwsh, ["-NoProfile", "-NonInteractive", "-Command", Measure]);
        start.Environment["PASSTHRU_IMPORT"] = manifest;
        return start;
    }

    private static (double Wall, double Cpu) Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        using var process = Process.Start(start)!;
        var parts = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
