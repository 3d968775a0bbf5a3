using System.Globalization;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Running;
using PassthroughTools.Benchmarks;
using PassthroughTools.Logs;

// The modes that ProcessComparison starts as processes of their own, beside the peers.
switch (args)
{
    case ["generate", var path, var mebibytes]:
        LogCorpus.WriteFiles(path, long.Parse(mebibytes, CultureInfo.InvariantCulture) << 20, LogCorpus.Seed);
        return 0;
    case ["compare", .. var given]:
        return ProcessComparison.Run(
            int.Parse(Option(given, "--mebibytes") ?? "512", CultureInfo.InvariantCulture),
            int.Parse(Option(given, "--rounds") ?? "7", CultureInfo.InvariantCulture),
            Option(given, "--passthru"));
    case ["import", var manifest]:
        return ImportComparison.Once(manifest);
    case ["compare-import", var ours, var empty, var rounds, .. var given]:
        return ImportComparison.Compare(ours, empty, int.Parse(rounds, CultureInfo.InvariantCulture), Option(given, "--pwsh"));
    case ["compare-ssh", var root, .. var given]:
        return SshComparison.Run(
            root,
            int.Parse(Option(given, "--hosts") ?? "200", CultureInfo.InvariantCulture),
            int.Parse(Option(given, "--rounds") ?? "3", CultureInfo.InvariantCulture),
            int.Parse(Option(given, "--slow-hosts") ?? "40", CultureInfo.InvariantCulture));
    case ["compare-report", var root, .. var given]:
        return await ReportComparison.RunAsync(
            root,
            int.Parse(Option(given, "--hosts") ?? "1000", CultureInfo.InvariantCulture),
            int.Parse(Option(given, "--rounds") ?? "7", CultureInfo.InvariantCulture),
            Option(given, "--chromium") ?? "/usr/bin/chromium");
    case ["compare-vsphere", var root, .. var given]:
        return VSphereComparison.Run(
            root,
            int.Parse(Option(given, "--hosts") ?? "500", CultureInfo.InvariantCulture),
            int.Parse(Option(given, "--vms") ?? "10000", CultureInfo.InvariantCulture),
            int.Parse(Option(given, "--rounds") ?? "5", CultureInfo.InvariantCulture),
            int.Parse(Option(given, "--host-options") ?? "0", CultureInfo.InvariantCulture));
    case ["audit", var manifest, var server, var user, var password, var thumbprint]:
        return VSphereComparison.Audit(manifest, server, user, password, thumbprint);
    case ["events", var path]:
    {
        using var output = new StreamWriter(Console.OpenStandardOutput());
        foreach (var found in LogReader.Read(path, LogQuery.All))
        {
            output.Write(found.Line);
            output.Write(':');
            output.WriteLine(found.Text);
        }

        return 0;
    }

    case ["compiled" or "select-string", var path]:
    {
        // Select-String matches with an interpreted regex that ignores case.
        var options = args[0] == "compiled" ? RegexOptions.Compiled | RegexOptions.CultureInvariant : RegexOptions.IgnoreCase;
        var pattern = new Regex(LogPattern.Text, options);
        using var output = new StreamWriter(Console.OpenStandardOutput());
        var number = 0L;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!pattern.IsMatch(line)) continue;
            output.Write(number);
            output.Write(':');
            output.WriteLine(line);
        }

        return 0;
    }

    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}

static string? Option(string[] options, string name)
{
    var at = Array.IndexOf(options, name);
    return at >= 0 && at + 1 < options.Length ? options[at + 1] : null;
}
