using System.Globalization;

namespace PassthroughTools.Reports;

/// <summary>Where many statements come from, in little room.</summary>
internal static class SourcePlaces
{
    private const int MostPlaces = 24;

    /// <summary>The files with their lines, neighbours joined: "vmkernel.log:220, 221, 283-290; host.json".</summary>
    /// <param name="sources">Sources.</param>
    public static string Of(IEnumerable<SourceReference> sources)
    {
        var all = sources.ToList();
        var left = MostPlaces;
        var told = 0;
        var files = new List<string>();
        foreach (var file in all.GroupBy(source => source.Source))
        {
            if (left <= 0) break;
            var ranges = Ranges(file.Where(source => source.Line is not null).Select(source => source.Line!.Value)).Take(left).ToList();
            left -= Math.Max(1, ranges.Count);
            told += ranges.Count == 0 ? file.Count() : file.Count(source => source.Line is null || source.Line <= ranges[^1].Last);
            files.Add(ranges.Count == 0 ? file.Key : file.Key + ":" + string.Join(", ", ranges.Select(Words)));
        }

        return string.Join("; ", files) + (told < all.Count ? "; and " + ReportWords.Number(all.Count - told) + " more" : "");
    }

    private static IEnumerable<(long First, long Last)> Ranges(IEnumerable<long> lines)
    {
        (long First, long Last)? range = null;
        foreach (var line in lines.Distinct().OrderBy(line => line))
        {
            if (range is { } open && line == open.Last + 1)
            {
                range = (open.First, line);
                continue;
            }

            if (range is { } closed) yield return closed;
            range = (line, line);
        }

        if (range is { } last) yield return last;
    }

    private static string Words((long First, long Last) range) =>
        range.First.ToString(CultureInfo.InvariantCulture) + (range.First == range.Last ? "" : "-" + range.Last.ToString(CultureInfo.InvariantCulture));
}
