using System.Text;

namespace PassthroughTools.Text;

/// <summary>Lays out text for a console of a given width: tables whose columns are as wide as needed, paragraphs wrapped at words.</summary>
public static class TextLayout
{
    /// <summary>Lays out a table. The last column takes what is left of the width and is cut with an ellipsis.</summary>
    /// <param name="headings">Headings; one that starts with '>' sets its column flush right.</param>
    /// <param name="rows">Cells, as many in each row as there are headings.</param>
    /// <param name="width">Width of the console.</param>
    /// <param name="indent">Spaces before each line.</param>
    public static IEnumerable<string> Table(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows, int width, int indent = 0)
    {
        var names = headings.Select(heading => heading.TrimStart('>')).ToArray();
        var isRight = headings.Select(heading => heading.StartsWith(">", StringComparison.Ordinal)).ToArray();
        var widths = names.Select((name, i) => Math.Max(name.Length, rows.Count == 0 ? 0 : rows.Max(row => row[i].Length))).ToArray();
        var left = Math.Max(20, width - 1 - indent);
        yield return Line(names);
        yield return Line([.. widths.Select((_, i) => new string('-', names[i].Length))]);
        foreach (var row in rows) yield return Line(row);

        string Line(IReadOnlyList<string> cells)
        {
            var line = new StringBuilder();
            for (var i = 0; i < cells.Count; i++)
            {
                if (i > 0) line.Append("  ");
                var isLast = i == cells.Count - 1;
                line.Append(isRight[i] ? cells[i].PadLeft(widths[i]) : isLast ? cells[i] : cells[i].PadRight(widths[i]));
            }

            return new string(' ', indent) + Cut(line.ToString().TrimEnd(), left);
        }
    }

    /// <summary>Wraps a paragraph at words; the lines after the first are indented as far as its marker.</summary>
    /// <param name="text">Text.</param>
    /// <param name="width">Width of the console.</param>
    /// <param name="marker">What the first line starts with, such as "1. ".</param>
    public static IEnumerable<string> Paragraph(string text, int width, string marker = "")
    {
        var room = Math.Max(20, width - 1 - marker.Length);
        var line = new StringBuilder();
        var prefix = marker;
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > room)
            {
                yield return prefix + line;
                prefix = new string(' ', marker.Length);
                line.Clear();
            }

            if (line.Length > 0) line.Append(' ');
            line.Append(word);
        }

        if (line.Length > 0) yield return prefix + line;
    }

    /// <summary>Cuts text to a length, with an ellipsis of three dots where something is lost.</summary>
    /// <param name="text">Text.</param>
    /// <param name="length">Most characters.</param>
    public static string Cut(string text, int length) => text.Length <= length ? text : text.Substring(0, Math.Max(0, length - 3)) + "...";
}
