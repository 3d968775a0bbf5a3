using System.Globalization;
using PassthroughTools.Evidence;

namespace PassthroughTools.Ssh;

/// <content>Logs of the host and of its VMs.</content>
internal sealed partial class SshCollector
{
    private static readonly string[] LogFolders = ["/var/run/log", "/var/log"];

    private sealed record ListedLog(long Size, DateTimeOffset? First, string Name)
    {
        public bool IsPacked => Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
    }

    private void TakeLogs()
    {
        if (_options.MaxLogSize <= 0)
        {
            // Asked for, so one word is enough.
            Note("No log was taken: a size of 0 was asked for.");
            return;
        }

        const string current = EvidenceLayout.VmkernelName + ".log";
        foreach (var folder in LogFolders)
        {
            var logs = ListLogs(folder, EvidenceLayout.VmkernelName, isNoted: true);
            if (!logs.Any(log => log.Name == current)) continue;
            TakeLogs(folder, EvidenceLayout.VmkernelName, logs, _folder);
            return;
        }

        Note("vmkernel.log is neither in /var/run/log nor in /var/log.");
    }

    private List<ListedLog> ListLogs(string folder, string name, bool isNoted)
    {
        var text = Ask(SshCommands.ListLogsIn(folder, name, _since is not null), isNoted) ?? "";
        var logs = new List<ListedLog>();
        foreach (var line in text.Split('\n'))
        {
            var fields = line.TrimEnd('\r').TrimStart().Split([' '], 3);
            if (fields.Length < 3 || !EvidenceLayout.IsLog(fields[2], name) || !IsPlainName(fields[2])) continue;
            if (!long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                Note($"{folder}/{fields[2]}: left out, its size could not be read.");
                continue;
            }

            logs.Add(new ListedLog(size, Stamp(fields[1]), fields[2]));
        }

        // The current one first; the host lists the others by age, newest first.
        return [.. logs.OrderBy(log => log.Name == name + ".log" ? 0 : 1)];
    }

    private void TakeLogs(string folder, string name, List<ListedLog> logs, string target)
    {
        DateTimeOffset? end = null; // first line of the next newer log: this one holds nothing later
        foreach (var log in logs)
        {
            var isOld = _since is { } since && end is { } last && last <= since;
            if (isOld) _protocol.Add($"{folder}/{log.Name}: left on the host, it ends before the time asked for");
            else TakeLog(folder, log, target, isCurrent: log.Name == name + ".log");
            end = log.First ?? end;
        }
    }

    private void TakeLog(string folder, ListedLog log, string target, bool isCurrent)
    {
        var file = folder + "/" + log.Name;
        long? last = null;
        if (log.Size > _logBytesLeft)
        {
            if (_logBytesLeft == 0 || log.IsPacked)
            {
                Note(FormattableString.Invariant($"{file}: left out, {log.Size} bytes are more than is left of the size asked for."));
                return;
            }

            last = _logBytesLeft;
            Note(FormattableString.Invariant($"{file}: the last {last} of {log.Size} bytes were taken."));
        }

        var path = Path.Combine(target, log.Name);
        var result = ReadLog(log, file, path, last);
        _logBytesLeft = Math.Max(0, _logBytesLeft - (last ?? log.Size));
        var length = new FileInfo(path).Length;
        if (result.ExitCode != 0)
        {
            Note(Describe(SshCommands.Read(file), result));
            File.Move(path, Free(path + ".failed"));
        }
        else if (length == 0 && !isCurrent)
        {
            File.Delete(path);
        }
        else
        {
            _protocol.Add(FormattableString.Invariant($"{file}: {length} bytes"));
        }
    }

    /// <summary>Reads a log, its end or its later lines. Which tools a version of ESXi has is not certain: where its own fail, the cut is made here.</summary>
    private CommandResult ReadLog(ListedLog log, string file, string path, long? last)
    {
        // It may grow while it is read.
        const long growth = 16 << 20;
        var since = log.IsPacked ? null : _since;
        var stamp = since is { } time ? LogCut.Stamp(time) : null;
        var command = last is { } bytes ? SshCommands.ReadEnd(file, bytes) : since is { } first ? SshCommands.ReadSince(file, first) : null;
        if (command is not null)
        {
            // Of the end of a log, what is too old is left out here.
            var cut = Write(path, command, (last ?? log.Size) + growth, file, to => new LogCut(to, 0, last is not null, last is null ? null : stamp));
            if (cut.ExitCode == 0) return cut;
            _protocol.Add(Describe(command, cut) + " The log is read as it is and cut here.");
            File.Delete(path);
        }

        return Write(path, SshCommands.Read(file), log.Size + growth, file, command is null ? null : to => new LogCut(to, last is { } end ? Math.Max(0, log.Size - end) : 0, last is not null, stamp));
    }

    /// <summary>True for a name that is safe on any file system and leads nowhere.</summary>
    private static bool IsPlainName(string name) =>
        name.Length < 128 && name.All(character => character is '.' or '-' or '_' || (character < 128 && char.IsLetterOrDigit(character))) && name.IndexOf("..", StringComparison.Ordinal) < 0;

    private static DateTimeOffset? Stamp(string text) =>
        text.Length >= 19 && DateTimeOffset.TryParseExact(text.Substring(0, 19), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
