namespace PassthroughTools.Host;

/// <summary>
/// A table as esxcli prints it: a line of names, a line of dashes that marks each column's place, and rows. Copies may have lost the
/// alignment; then the cells can't be told apart by place, and the reader has to know better.
/// </summary>
internal sealed class ColumnTable
{
    private readonly int[] _starts;
    private readonly int[] _ends;

    private ColumnTable(IReadOnlyList<string> names, int[] starts, int[] ends, bool isAligned)
    {
        (Names, _starts, _ends, IsAligned) = (names, starts, ends, isAligned);
    }

    /// <summary>Column names in the order in which they stand.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>True when names and dashes agree on where the columns are.</summary>
    public bool IsAligned { get; }

    /// <summary>Line index behind the table's head.</summary>
    public int FirstRow { get; private init; }

    /// <summary>Finds the head of a table that has these columns, in whatever order.</summary>
    /// <param name="lines">Lines of the text.</param>
    /// <param name="known">Columns; the first of them must stand first.</param>
    public static ColumnTable? Find(IReadOnlyList<string> lines, params string[] known)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.Length > HostText.MaximumLineLength || !line.TrimStart().StartsWith(known[0], StringComparison.OrdinalIgnoreCase)) continue;
            var places = known.Select(name => (Name: name, Start: WordAt(line, name))).Where(place => place.Start >= 0).OrderBy(place => place.Start).ToList();
            if (places.Count != known.Length) continue;
            return WithDashes(lines, i, places);
        }

        return null;
    }

    /// <summary>Splits a row by the columns' places; null when it does not keep to them.</summary>
    /// <param name="line">The row.</param>
    public string[]? Split(string line)
    {
        if (!IsAligned) return null;
        var cells = new string[_starts.Length];
        for (var i = 0; i < _starts.Length; i++)
        {
            var isLast = i + 1 == _starts.Length;
            var start = Math.Min(_starts[i], line.Length);
            var end = isLast ? line.Length : Math.Min(_starts[i + 1], line.Length);
            cells[i] = line.Substring(start, end - start).Trim();
            if (cells[i].Length == 0) continue;

            // A cell touches the left or the right edge of its column and keeps out of the gap behind it; else the row was shifted.
            var first = start;
            while (char.IsWhiteSpace(line[first])) first++;
            var last = first + cells[i].Length;
            if (first != start && (isLast || last != _ends[i])) return null;
            if (!isLast && last > _ends[i]) return null;
        }

        return cells[0].Length > 0 && !char.IsWhiteSpace(line[_starts[0]]) ? cells : null;
    }

    private static ColumnTable WithDashes(IReadOnlyList<string> lines, int header, List<(string Name, int Start)> places)
    {
        var names = places.Select(place => place.Name).ToList();
        var starts = places.Select(place => place.Start).ToArray();
        var next = header + 1;
        while (next < lines.Count && lines[next].Trim().Length == 0) next++;
        if (next < lines.Count && IsDashes(lines[next]))
        {
            var (dashStarts, dashEnds) = Runs(lines[next]);
            var agrees = dashStarts.SequenceEqual(starts);
            return new ColumnTable(names, agrees ? dashStarts : starts, agrees ? dashEnds : starts, agrees) { FirstRow = next + 1 };
        }

        // Without dashes the names alone can't bound the columns.
        return new ColumnTable(names, starts, starts, isAligned: false) { FirstRow = header + 1 };
    }

    private static bool IsDashes(string line) => line.Length <= HostText.MaximumLineLength && line.Contains("--") && line.All(character => character is '-' or ' ' or '\t');

    private static (int[] Starts, int[] Ends) Runs(string line)
    {
        var starts = new List<int>();
        var ends = new List<int>();
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != '-') continue;
            if (i == 0 || line[i - 1] != '-') starts.Add(i);
            if (i + 1 == line.Length || line[i + 1] != '-') ends.Add(i + 1);
        }

        return ([.. starts], [.. ends]);
    }

    private static int WordAt(string line, string word)
    {
        for (var at = line.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = line.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + word.Length;
            if ((at == 0 || char.IsWhiteSpace(line[at - 1])) && (end == line.Length || char.IsWhiteSpace(line[end]))) return at;
        }

        return -1;
    }
}
