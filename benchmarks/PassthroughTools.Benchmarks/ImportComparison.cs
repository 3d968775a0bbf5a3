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
    public static int Compare(string ours, string empty, int rounds)
    {
        var times = new Dictionary<string, List<(double Wall, double Cpu)>>(StringComparer.Ordinal) { [empty] = [], [ours] = [] };
        for (var round = 0; round < rounds; round++)
        {
            foreach (var manifest in times.Keys) times[manifest].Add(Start(manifest));
        }

        Console.WriteLine("| module | wall, median | processor, median |");
        Console.WriteLine("|---|---|---|");
        foreach (var (manifest, all) in times)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Path.GetFileNameWithoutExtension(manifest)} | {Median(all.ConvertAll(each => each.Wall)):f0} ms | {Median(all.ConvertAll(each => each.Cpu)):f0} ms |"));
        var wall = Median(times[ours].ConvertAll(each => each.Wall)) / Median(times[empty].ConvertAll(each => each.Wall));
        var cpu = Median(times[ours].ConvertAll(each => each.Cpu)) / Median(times[empty].ConvertAll(each => each.Cpu));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| ratio | {wall:f2} | {cpu:f2} |"));
        return 0;
    }

    private static (double Wall, double Cpu) Start(string manifest)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["import", manifest]) { RedirectStandardOutput = true, UseShellExecute = false })!;
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
