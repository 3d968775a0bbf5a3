using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PassthroughTools.Evidence;
using PassthroughTools.IO;
using PassthroughTools.Text;

namespace PassthroughTools.Ssh;

/// <summary>What was collected of a host.</summary>
/// <param name="Notes">What could not be collected, and why.</param>
/// <param name="VmxPaths">Where each .vmx lies on the host, by the name of the VM's folder.</param>
internal sealed record SshCollection(IReadOnlyList<string> Notes, IReadOnlyDictionary<string, string> VmxPaths);

/// <summary>
/// Fills a folder with a host's evidence, in the layout that <see cref="EvidenceReader"/> reads: what the collector script does, asked from here.
/// Everything goes to disk as it comes. What one command does not give costs only that; a lost connection costs all.
/// </summary>
internal sealed partial class SshCollector
{
    private const string LogName = EvidenceLayout.CollectorLogName;
    private const int MostNotes = 1000;
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(1);
    private static readonly Regex Clock = new("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", RegexOptions.CultureInvariant);
    private static readonly Regex OldVersion = new(@"(Version:|ESXi) +5\.", RegexOptions.CultureInvariant);

    private readonly SshConnection _connection;
    private readonly SshOptions _options;
    private readonly string _folder;
    private readonly Action<string> _report;
    private readonly List<string> _notes = [];
    private readonly List<string> _protocol = [];
    private readonly Dictionary<string, string> _vmxPaths = new(StringComparer.Ordinal);
    private readonly SshAddress _address;
    private long _logBytesLeft;
    private readonly DateTimeOffset? _since;
    private readonly DateTimeOffset? _clock;
    private bool _isEsx;

    private SshCollector(SshConnection connection, SshAddress address, SshOptions options, string folder, Action<string> report)
    {
        (_connection, _address, _options, _folder, _report) = (connection, address, options, folder, report);
        _logBytesLeft = Math.Max(0, options.MaxLogSize);
        _clock = ReadClock();
        _since = options.LogSince is { } since ? ByHostsClock(since) : null;
    }

    /// <summary>Connects, collects and hangs up.</summary>
    /// <param name="address">Host.</param>
    /// <param name="options">How.</param>
    /// <param name="folder">Empty folder.</param>
    /// <param name="report">Gets what is being done.</param>
    /// <param name="cancellation">Closes the connection.</param>
    /// <exception cref="PassthruException"><see cref="SshErrors"/>, <see cref="FileErrors"/>, <see cref="InputErrors"/>.</exception>
    public static SshCollection Collect(SshAddress address, SshOptions options, string folder, Action<string> report, CancellationToken cancellation)
    {
        using var connection = SshConnection.Open(address, options, report, cancellation);
        try
        {
            return new SshCollector(connection, address, options, folder, report).Collect();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(e, folder);
        }
    }

    private SshCollection Collect()
    {
        _isEsx |= Keep(EvidenceLayout.VersionName, SshCommands.Version) || Keep(EvidenceLayout.VersionName, SshCommands.OldVersion);

        // The list tells the size of a pool that only 5.x has.
        Keep(EvidenceLayout.VectorListName, SshCommands.VectorList, isOptional: !IsVersion5());
        _isEsx |= Keep(EvidenceLayout.PciListName, SshCommands.PciList);
        Keep(EvidenceLayout.PassthruListName, SshCommands.PassthruList, isOptional: true);
        _isEsx |= Keep(EvidenceLayout.KernelListName, SshCommands.KernelList);
        Keep(EvidenceLayout.ConfigSpaceName, SshCommands.ConfigSpace);
        if (!_isEsx) throw SshErrors.NotEsx.For(_address, _address, _notes.LastOrDefault() ?? "");
        WriteHostJson();
        TakeLogs();
        TakeVMs();
        File.WriteAllText(Path.Combine(_folder, LogName), string.Join("\n", _protocol.Concat(_notes)) + "\n");
        return new SshCollection(_notes, _vmxPaths);
    }

    private bool IsVersion5()
    {
        var path = Path.Combine(_folder, EvidenceLayout.VersionName);
        return File.Exists(path) && OldVersion.IsMatch(File.ReadAllText(path));
    }

    private void Note(string text)
    {
        if (_notes.Count < MostNotes) _notes.Add(new string([.. text.Select(character => char.IsControl(character) ? ' ' : character)]));
    }

    /// <summary>Keeps what a command prints. What a failed one printed may be cut short, so it is kept under a name that is not read.</summary>
    private bool Keep(string name, string command, bool isOptional = false)
    {
        var path = Path.Combine(_folder, name);
        var result = Write(path, command, _options.MaxAnswer);
        if (result is { ExitCode: 0, Length: > 0 })
        {
            _protocol.Add(command + ": " + result.Length.ToString(CultureInfo.InvariantCulture) + " bytes");
            return true;
        }

        // Older versions don't know every command, which is no news.
        if (isOptional) _protocol.Add(Describe(command, result));
        else Note(Describe(command, result));
        if (result.Length == 0) File.Delete(path);
        else File.Move(path, Free(path + ".failed"));
        return false;
    }

    /// <summary>What a command prints, where that is short; null where it fails.</summary>
    private string? Ask(string command, bool isNoted = true)
    {
        using var output = new MemoryStream();
        _report(command);
        var result = _connection.Run(command, (buffer, count) => output.Write(buffer, 0, count), command, 1 << 20);
        if (result.ExitCode == 0) return Encoding.UTF8.GetString(output.ToArray());
        if (isNoted) Note(Describe(command, result));
        return null;
    }

    /// <summary>Writes what a command prints to a new file.</summary>
    /// <param name="path">File.</param>
    /// <param name="command">Command.</param>
    /// <param name="most">Bytes that it may print.</param>
    /// <param name="file">Name of the host's file that it prints; null where it prints none.</param>
    /// <param name="cut">Makes what leaves a part out; null for nothing.</param>
    private CommandResult Write(string path, string command, long most, string? file = null, Func<Stream, LogCut>? cut = null)
    {
        _report(file ?? command);

        // What comes is passed on in blocks, so no other buffer is needed.
        using var output = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1);
        if (cut?.Invoke(output) is { } end) return _connection.Run(command, end.Write, path, most, file is not null);
        return _connection.Run(command, (buffer, count) => output.Write(buffer, 0, count), path, most, file is not null);
    }

    /// <summary>The host's clock, asked first: what is printed besides would be in every answer, and made part of every file.</summary>
    private DateTimeOffset? ReadClock()
    {
        var answer = Ask(SshCommands.Clock)?.Trim() ?? "";
        var stamp = Clock.Match(answer);
        if (stamp.Success && stamp.Length < answer.Length) throw SshErrors.NoisyShell.For(_address, _address, Printable(answer.Remove(stamp.Index, stamp.Length)));
        if (DateTimeOffset.TryParseExact(stamp.Value, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        Note("The host's clock could not be read; the time of collection is this machine's.");
        return null;
    }

    /// <summary>A log has the times of its host's clock. Where that is off, which of the two is right is not known: the earlier time takes no line too few.</summary>
    private DateTimeOffset ByHostsClock(DateTimeOffset since)
    {
        var skew = _clock - DateTimeOffset.UtcNow ?? TimeSpan.Zero;
        if (skew.Duration() <= MostSkew) return since;
        Note(FormattableString.Invariant($"The host's clock is {Math.Round(skew.Duration().TotalMinutes)} minutes {(skew < TimeSpan.Zero ? "behind" : "ahead of")} this machine's. Log lines are taken from the earlier of both readings of the time asked for."));
        return skew < TimeSpan.Zero && since.UtcTicks > -skew.Ticks ? since + skew : since;
    }

    private static string Printable(string text)
    {
        var line = new string([.. text.Trim().Select(character => char.IsControl(character) ? ' ' : character)]);
        return line.Length <= 80 ? line : line.Substring(0, 80) + "…";
    }

    private static string Describe(string command, CommandResult result) =>
        result is { ExitCode: 0 } ? $"'{command}' printed nothing."
        : $"'{command}' ended with {(result.ExitCode is { } code ? "exit code " + code.ToString(CultureInfo.InvariantCulture) : "a signal")}{(result.Errors.Length > 0 ? ": " + result.Errors : ".")}";

    private static string Free(string path)
    {
        var free = path;
        for (var n = 2; File.Exists(free); n++) free = path + n.ToString(CultureInfo.InvariantCulture);
        return free;
    }

    private void WriteHostJson()
    {
        var cpus = Field(Ask(SshCommands.Cpu), "CPU Threads");
        if (!int.TryParse(cpus, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            count = Ask(SshCommands.CpuList)?.Split('\n').Count(line => line.Trim().Length > 0) ?? 0;
        var name = Field(Ask(SshCommands.HostName), "Fully Qualified Domain Name");
        if (string.IsNullOrWhiteSpace(name)) name = Ask(SshCommands.ShortName)?.Trim();
        if (string.IsNullOrWhiteSpace(name)) name = _address.Host;
        WriteJson(Path.Combine(_folder, EvidenceLayout.HostJsonName), writer =>
        {
            writer.WriteString("name", name);
            if (count > 0) writer.WriteNumber("logicalCpus", count);
            writer.WriteString("collectedAt", (_clock ?? DateTimeOffset.UtcNow).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        });
    }

    private static string? Field(string? text, string name) =>
        text?.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Select(line => line.Substring(name.Length + 1).Trim()).FirstOrDefault();

    private static void WriteJson(string path, Action<Utf8JsonWriter> write)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1);
        using var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteNumber("schemaVersion", EvidenceJson.SchemaVersion);
        write(writer);
        writer.WriteEndObject();
    }
}
