using System.Text.RegularExpressions;

namespace PassthroughTools.Host;

/// <summary>
/// Reads <c>esxcli system settings kernel list</c>, whole, with <c>-o NAME</c>, or with <c>-d</c>. ESXi 5.x prints the description before
/// the values, later releases after them: the head of the table decides. Where the columns have lost their places, values are taken by
/// their type and order, with a warning, and left null where even that does not tell.
/// </summary>
public static class EsxcliKernelSettingReader
{
    private const string Command = "esxcli system settings kernel list";
    private const string LostAlignment = "The columns are not aligned; the values were told apart by their type and order.";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly Regex Gap = new(@"\s{2,}", RegexOptions.CultureInvariant, Patience);
    private static readonly Regex Words = new(@"\s+", RegexOptions.CultureInvariant, Patience);
    private static readonly Regex SettingName = new("^[A-Za-z_][A-Za-z0-9_.-]{0,99}$", RegexOptions.CultureInvariant, Patience);

    private static readonly Regex TypeName = new(
        "^(?:bool|u?int(?:8|16|32|64)?|string|enum|float|double)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Patience);

    /// <summary>Where the description stands.</summary>
    private enum Order
    {
        /// <summary>The head is missing.</summary>
        Unknown,

        /// <summary>Name, type, description, three values (5.x).</summary>
        DescriptionFirst,

        /// <summary>Name, type, three values, description.</summary>
        DescriptionLast,
    }

    /// <summary>Reads all settings.</summary>
    /// <param name="lines">Lines without their ends.</param>
    /// <param name="source">File name; null for piped text.</param>
    /// <exception cref="PassthruException">
    /// <see cref="InputErrors.NotRecognized"/>, <see cref="HostErrors.FormatterUnsupported"/> or <see cref="HostErrors.KernelSettingUnreadable"/>.
    /// </exception>
    public static IReadOnlyList<KernelSetting> Read(IReadOnlyList<string> lines, string? source)
    {
        EsxcliFormatter.Refuse(lines, source, Command);
        var table = ColumnTable.Find(lines, "Name", "Type", "Configured", "Runtime", "Default", "Description");
        var order = table is null ? Order.Unknown : table.Names[2] == "Description" ? Order.DescriptionFirst : Order.DescriptionLast;
        var last = LastRow(lines);
        var settings = new List<KernelSetting>();
        for (var i = table?.FirstRow ?? 0; i < lines.Count; i++)
        {
            var line = lines[i].TrimEnd();
            if (line.Trim().Length == 0 || line.Length > HostText.MaximumLineLength || HostText.IsShellNoise(line)) continue;
            var setting = Aligned(table, line, i == last) ?? ByOrder(line, order);
            if (setting is not null)
            {
                settings.Add(setting with { Source = source, Line = i + 1 });
            }
            else if (settings.Count == 0 && table is null)
            {
                break;
            }
            else if (i == last && settings.Count > 0)
            {
                var previous = settings[settings.Count - 1];
                settings[settings.Count - 1] = previous with
                {
                    Warnings = [.. previous.Warnings, FormattableString.Invariant($"Line {i + 1}, the last one, is no whole row and was ignored.")],
                };
            }
            else
            {
                throw HostErrors.KernelSettingUnreadable.For(source, HostText.Name(source), i + 1, line.Length > 80 ? line.Substring(0, 80) + "…" : line);
            }
        }

        return settings.Count > 0 ? settings : throw InputErrors.NotRecognized.For(source, HostText.Name(source), "a list of kernel settings", Command);
    }

    private static int LastRow(IReadOnlyList<string> lines)
    {
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            if (lines[i].Trim().Length > 0 && !HostText.IsShellNoise(lines[i])) return i;
        }

        return -1;
    }

    private static KernelSetting? Aligned(ColumnTable? table, string line, bool isLast)
    {
        if (table?.Split(line) is not { } cells || !SettingName.IsMatch(cells[0]) || !AreLikely(table, cells)) return null;
        List<string> warnings = [];
        if (isLast && cells[cells.Length - 1].Length == 0)
        {
            // Every setting has something in the last column, so the text was cut here, perhaps within a value: 10 of 1024.
            for (var i = cells.Length - 1; i > 0; i--)
            {
                if (cells[i].Length == 0) continue;
                cells[i] = "";
                break;
            }

            warnings.Add("The text ends within this row.");
        }

        return new KernelSetting(cells[0], Cell("Type"), Cell("Configured"), Cell("Runtime"), Cell("Default"), Cell("Description")) { Warnings = warnings };

        string? Cell(string name)
        {
            for (var i = 0; i < table.Names.Count; i++)
            {
                if (table.Names[i] == name) return HostText.NullIfBlank(cells[i]);
            }

            return null;
        }
    }

    // A shifted row can happen to keep clear of the columns' edges; then what stands in the places of values is none.
    private static bool AreLikely(ColumnTable table, string[] cells)
    {
        for (var i = 2; i < cells.Length; i++)
        {
            if (table.Names[i] == "Description" || cells[i].Length == 0) continue;
            if (Gap.IsMatch(cells[i]) || !IsValue(cells[i], cells[1])) return false;
        }

        return true;
    }

    private static KernelSetting? ByOrder(string line, Order order)
    {
        var cells = Gap.Split(line.Trim());
        if (cells.Length == 6 && IsHead(cells))
        {
            var place = order != Order.Unknown ? order
                : cells[2].Contains(" ") && !cells[5].Contains(" ") ? Order.DescriptionFirst
                : Order.DescriptionLast;
            var first = place == Order.DescriptionFirst ? 3 : 2;
            if (AreValues(cells, first, cells[1])) return Make(cells, first, cells[place == Order.DescriptionFirst ? 2 : 5]);
        }

        var words = Words.Split(line.Trim());
        if (words.Length < 3 || !IsHead(words)) return null;
        var isText = string.Equals(words[1], "string", StringComparison.OrdinalIgnoreCase);
        var front = !isText && order != Order.DescriptionFirst && words.Length > 5 && AreValues(words, 2, words[1]);
        var back = !isText && order != Order.DescriptionLast && words.Length > 5 && AreValues(words, words.Length - 3, words[1]);
        if (front != back)
        {
            return front
                ? Make(words, 2, string.Join(" ", words.Skip(5)))
                : Make(words, words.Length - 3, string.Join(" ", words.Skip(2).Take(words.Length - 5)));
        }

        return new KernelSetting(words[0], words[1], null, null, null, null)
        {
            Warnings = ["The columns are not aligned, and the values can't be told apart: they are left out."],
        };
    }

    private static bool IsHead(string[] cells) => SettingName.IsMatch(cells[0]) && TypeName.IsMatch(cells[1]);

    private static bool AreValues(string[] cells, int first, string type) =>
        Enumerable.Range(first, 3).All(i => IsValue(cells[i], type));

    private static bool IsValue(string cell, string type) => type.ToUpperInvariant() switch
    {
        "BOOL" => HostText.Boolean(cell) is not null,
        ['U', 'I', 'N', 'T', ..] or ['I', 'N', 'T', ..] => HostText.Number(cell) is not null,
        _ => true,
    };

    private static KernelSetting Make(string[] cells, int first, string description) =>
        new(cells[0], cells[1], cells[first], cells[first + 1], cells[first + 2], description) { Warnings = [LostAlignment] };
}
