using System.Globalization;

namespace PassthroughTools.Host;

/// <summary>Reads <c>vsish -e ls /hardware/interrupts/vectorList/</c>, or what <c>| wc -l</c> made of it.</summary>
public static class VsishVectorListReader
{
    // More than any host can have: 256 vectors on each of 1024 logical CPUs.
    private const int MaximumCount = 256 * 1024;

    /// <summary>Reads the list. Prompts, echoed commands and blank lines are not entries.</summary>
    /// <param name="lines">Lines without their ends.</param>
    /// <param name="source">File name; null for piped text.</param>
    /// <exception cref="PassthruException"><see cref="InputErrors.NotRecognized"/> when the text is empty or is something else.</exception>
    public static VsishVectorList Read(IReadOnlyList<string> lines, string? source)
    {
        var entries = new List<string>();
        var warnings = new List<string>();
        var foreign = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || HostText.IsShellNoise(line)) continue;

            // An entry is one name. A sentence is a message of the shell or of vsish, and must not count as a vector.
            if (line.Length > 128 || line.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)))
            {
                foreign++;
                if (foreign <= 5) warnings.Add(FormattableString.Invariant($"Line {i + 1} is not an entry and was not counted."));
                continue;
            }

            entries.Add(line);
        }

        if (entries.Count == 1 && foreign == 0 && int.TryParse(entries[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return count is > 0 and <= MaximumCount ? new VsishVectorList(count, []) { Source = source } : throw NotRecognized(source);
        }

        if (entries.Count == 0 || foreign > entries.Count || entries.Count > MaximumCount) throw NotRecognized(source);
        for (var i = 0; i < entries.Count; i++) entries[i] = entries[i].TrimEnd('/');
        var duplicates = entries.Count - new HashSet<string>(entries, StringComparer.Ordinal).Count;
        return new VsishVectorList(entries.Count, entries) { DuplicateCount = duplicates, Source = source, Warnings = warnings };
    }

    private static PassthruException NotRecognized(string? source) => InputErrors.NotRecognized.For(
        source, HostText.Name(source), "the list of interrupt vectors", "vsish -e ls /hardware/interrupts/vectorList/");
}
