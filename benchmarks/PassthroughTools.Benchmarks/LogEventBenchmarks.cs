using System.IO.Compression;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using PassthroughTools.Logs;

namespace PassthroughTools.Benchmarks;

/// <summary>Events out of a log in memory: without disks, page cache and the start of a process.</summary>
[MemoryDiagnoser]
public class LogEventBenchmarks
{
    private byte[] _log = [];
    private byte[] _compressed = [];
    private Regex _compiled = new("");
    private Regex _selectString = new("");

    /// <summary>Size of the log.</summary>
    [Params(64)]
    public int Mebibytes { get; set; }

    /// <summary>Makes the log.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var log = new MemoryStream();
        LogCorpus.Write(log, (long)Mebibytes << 20, LogCorpus.Seed);
        _log = log.ToArray();
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(_log);
        _compressed = compressed.ToArray();
        _compiled = new Regex(LogPattern.Text, RegexOptions.Compiled | RegexOptions.CultureInvariant);
        _selectString = new Regex(LogPattern.Text, RegexOptions.IgnoreCase);
    }

    /// <summary>Our reader.</summary>
    [Benchmark(Baseline = true)]
    public int Reader() => LogReader.Read(new MemoryStream(_log, writable: false), "log", LogQuery.All).Count();

    /// <summary>Our reader on gzip data.</summary>
    [Benchmark]
    public int ReaderOnGzip() => LogReader.Read(new MemoryStream(_compressed, writable: false), "log", LogQuery.All).Count();

    /// <summary>What Select-String does with each line, without what its pipeline costs on top: an interpreted regex that ignores case.</summary>
    [Benchmark]
    public int RegexAsSelectString() => Match(_selectString);

    /// <summary>The best that .NET's regex does line by line.</summary>
    [Benchmark]
    public int RegexCompiled() => Match(_compiled);

    private int Match(Regex pattern)
    {
        using var reader = new StreamReader(new MemoryStream(_log, writable: false));
        var found = 0;
        while (reader.ReadLine() is { } line)
        {
            if (pattern.IsMatch(line)) found++;
        }

        return found;
    }

    /// <summary>The runtime's decoder alone, for comparison with ours.</summary>
    [Benchmark]
    public long RuntimeGzipAlone()
    {
        using var gzip = new GZipStream(new MemoryStream(_compressed, writable: false), CompressionMode.Decompress);
        var buffer = new byte[256 * 1024];
        long total = 0;
        int read;
        while ((read = gzip.Read(buffer, 0, buffer.Length)) > 0) total += read;
        return total;
    }
}
