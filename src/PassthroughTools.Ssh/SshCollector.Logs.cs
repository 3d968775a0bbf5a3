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
        var text = Ask(SshCommands.ListLogsIn(folder, name, _options.LogSince is not null), isNoted) ?? "";
        var logs = new List<ListedLog>();
        foreach (var line in text.Split('\n'))
        {
            var fields = line.TrimEnd('\r').TrimStart().Split([' '], 3);
            if (fields.Length < 3 || !long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || !EvidenceLayout.IsLog(fields[2], name) || !IsPlainName(fields[2])) continue;
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
            var isOld = _options.LogSince is { } since && end is { } last && last <= since;
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

        var since = log.IsPacked ? null : _options.LogSince;
        var path = Path.Combine(target, log.Name);

        // It may grow while it is read.
        var result = Write(path, SshCommands.Read(file, last, since), Math.Max(last ?? log.Size, 0) + (16 << 20), isFile: true, name: file);
        _logBytesLeft = Math.Max(0, _logBytesLeft - (last ?? log.Size));
        if (result.ExitCode != 0)
        {
            Note(Describe(SshCommands.Read(file, last, since), result));
            File.Move(path, Free(path + ".failed"));
        }
        else if (result.Length == 0 && !isCurrent)
        {
            File.Delete(path);
        }
        else
        {
            _protocol.Add(FormattableString.Invariant($"{file}: {result.Length} bytes"));
        }
    }

    /// <summary>True for a name that is safe on any file system and leads nowhere.</summary>
    private static bool IsPlainName(string name) =>
        name.Length < 128 && name.All(character => character is '.' or '-' or '_' || (character < 128 && char.IsLetterOrDigit(character))) && name.IndexOf("..", StringComparison.Ordinal) < 0;

    private static DateTimeOffset? Stamp(string text) =>
        text.Length >= 19 && DateTimeOffset.TryParseExact(text.Substring(0, 19), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
