using System.Globalization;
using System.Text.RegularExpressions;

namespace PassthroughTools.Logs;

/// <summary>Which files of a folder are logs, and in which order their lines were written.</summary>
public static class LogFiles
{
    // vmkernel.log, vmkernel.1.gz, vmkernel.log.2, vmware-12.log, vmkwarning.0.gz, ESX 4's plain vmkernel; not vmkernel-zdump.1, which is a core dump.
    private static readonly Regex s_log = new(
        @"^(?:vmkernel|vmkwarning|vmware)(?:[^/\\]*\.log(?:\..+)?|(?:\.\d+)?(?:\.gz)?)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    private static readonly Regex s_rotation = new(
        @"^(?<stem>.+?)(?:-(?<newer>\d{1,9}))?(?:\.(?<older>\d{1,9}))?(?:\.log)?(?:\.(?<older>\d{1,9}))?(?:\.gz)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    /// <summary>True for the names that ESXi gives to vmkernel, vmkwarning and vmware logs and their rotations.</summary>
    /// <param name="fileName">Name without folder.</param>
    public static bool IsLogName(string fileName) => s_log.IsMatch(fileName ?? throw new ArgumentNullException(nameof(fileName)));

    /// <summary>
    /// Puts rotations of one log in the order in which they were written: <c>vmkernel.1.gz</c>, <c>vmkernel.0.gz</c>, <c>vmkernel.log</c>;
    /// <c>vmware-1.log</c>, <c>vmware-2.log</c>, <c>vmware.log</c>. Different logs stay in the order in which they came.
    /// </summary>
    /// <param name="paths">Paths.</param>
    public static IReadOnlyList<string> InOrder(IEnumerable<string> paths)
    {
        if (paths is null) throw new ArgumentNullException(nameof(paths));
        var logs = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var entries = new List<(string Path, int Log, int Generation)>();
        foreach (var path in paths)
        {
            var match = s_rotation.Match(Path.GetFileName(path));
            var log = Path.Combine(Path.GetDirectoryName(path) ?? "", match.Success ? match.Groups["stem"].Value : Path.GetFileName(path));
            if (!logs.TryGetValue(log, out var index)) logs.Add(log, index = logs.Count);
            entries.Add((path, index, Generation(match)));
        }

        return [.. entries.OrderBy(entry => entry.Log).ThenBy(entry => entry.Generation).Select(entry => entry.Path)];
    }

    /// <summary>Finds the logs in a folder and the folders below it, in order. Links to folders are not followed: they may lead in a circle.</summary>
    /// <param name="folder">Folder.</param>
    /// <param name="onDiagnostic">Hears of folders that can't be read.</param>
    /// <exception cref="PassthruException"><see cref="InputErrors.NotFound"/>.</exception>
    public static IReadOnlyList<string> Find(string folder, Action<LogDiagnostic>? onDiagnostic = null)
    {
        if (!Directory.Exists(folder)) throw InputErrors.NotFound.For(folder, folder);
        var found = new List<string>();
        Find(folder, found, onDiagnostic);
        return InOrder(found);
    }

    private static void Find(string folder, List<string> found, Action<LogDiagnostic>? onDiagnostic)
    {
        string[] files, folders;
        try
        {
            files = Directory.GetFiles(folder);
            folders = Directory.GetDirectories(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            onDiagnostic?.Invoke(new LogDiagnostic(InputErrors.Unreadable.Because(e, folder, folder, e.Message), true));
            return;
        }

        Array.Sort(files, StringComparer.Ordinal);
        Array.Sort(folders, StringComparer.Ordinal);
        found.AddRange(files.Where(file => IsLogName(Path.GetFileName(file))));
        foreach (var child in folders)
        {
            if (!File.GetAttributes(child).HasFlag(FileAttributes.ReparsePoint)) Find(child, found, onDiagnostic);
        }
    }

    /// <summary>Rises with time within one log.</summary>
    private static int Generation(Match match)
    {
        var older = match.Groups["older"];
        if (older.Success) return int.MinValue + (int.MaxValue - Parse(older.Value));
        var newer = match.Groups["newer"];
        return newer.Success ? Parse(newer.Value) : int.MaxValue;
    }

    private static int Parse(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
