using System.Globalization;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Running;
using PassthroughTools.Benchmarks;
using PassthroughTools.Logs;

// The modes that ProcessComparison starts as processes of their own, beside the peers.
switch (args)
{
    case ["generate", var path, var mebibytes]:
        LogCorpus.WriteFiles(path, long.Parse(mebibytes, CultureInfo.InvariantCulture) << 20, seed: 20120807);
        return 0;
    case ["pattern"]:
        Console.WriteLine(LogPattern.Text);
        return 0;
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

    case ["naive", var path]:
    {
        var pattern = new Regex(LogPattern.Text, RegexOptions.Compiled | RegexOptions.CultureInvariant);
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
