using System.Text;
using PassthroughTools.IO;
using PassthroughTools.Journal;

namespace PassthroughTools.CrashHost;

/// <summary>Settings of a plain <c>key=value</c> file that is kept sorted by key, edited through <see cref="AtomicFile"/>.</summary>
public sealed class KeyValueActuator(IFileOperations? operations = null) : ISettingActuator, ILeftoverRemover
{
    public const string KindName = "kv";

    public string Kind => KindName;

    /// <summary>Called before each write, after the run has journalled that the step starts.</summary>
    public Action<SettingTarget>? BeforeWrite { get; init; }

    public static SettingTarget Target(string path, string key) => new() { Kind = KindName, Container = Path.GetFullPath(path), Key = key };

    public static SortedDictionary<string, string> Parse(byte[] content)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = line.IndexOf('=');
            result.Add(line[..equals], line[(equals + 1)..]);
        }

        return result;
    }

    public static byte[] Format(IEnumerable<KeyValuePair<string, string>> settings) =>
        Encoding.UTF8.GetBytes(string.Concat(settings.Select(pair => $"{pair.Key}={pair.Value}\n")));

    public SettingValue Read(SettingTarget target)
    {
        FileStamp.Read(target.Container, out var content);
        return Value(Parse(content), target.Key);
    }

    public void Write(SettingTarget target, SettingValue newValue, SettingValue expected)
    {
        var stamp = FileStamp.Read(target.Container, out var content);
        var settings = Parse(content);
        var now = Value(settings, target.Key);
        if (now != expected) throw JournalErrors.SettingChanged.For(target, target, now, expected);
        BeforeWrite?.Invoke(target);
        if (newValue.IsAbsent) settings.Remove(target.Key);
        else settings[target.Key] = newValue.Text!;
        AtomicFile.Replace(target.Container, Format(settings), stamp, operations);
    }

    public void RemoveLeftovers(string container) => AtomicFile.RemoveLeftovers(Path.GetDirectoryName(container)!, operations);

    private static SettingValue Value(SortedDictionary<string, string> settings, string key) =>
        settings.TryGetValue(key, out var text) ? SettingValue.Of(text) : SettingValue.Absent;
}
