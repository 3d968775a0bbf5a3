using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PassthroughTools.Evidence.Export;

/// <summary>Identifiers that text files hold as bytes: device serial numbers in dumps of configuration space, and the binary values of registry exports.</summary>
internal static class BinaryIdentifiers
{
    private const int ExtendedStart = 0x100;
    private const int SerialCapability = 0x0003;
    private static readonly Regex DumpLine = IdentifierPatterns.Make(@"\A(?<offset>[0-9a-f]{2,3}):(?<bytes>(?: [0-9a-f]{2}){1,16})[ \t\r]*\z");
    private static readonly Regex HexValue = IdentifierPatterns.Make(@"=hex(?:\([0-9a-f]{1,8}\))?:(?<data>(?:[0-9a-f]{2},?(?:\\[ \t]*\r?\n[ \t]*)?)+)");
    private static readonly Regex Pair = IdentifierPatterns.Make("[0-9a-f]{2}");

    /// <summary>Device serial numbers of a dump: the digits as lspci words them, and the line and position of each byte, highest first.</summary>
    public static IEnumerable<(string Digits, IReadOnlyList<(int Line, int Column)> Places)> Serials(string[] lines)
    {
        var places = new Dictionary<int, (int Line, int Column)>();
        for (var i = 0; i <= lines.Length; i++)
        {
            var match = i < lines.Length ? DumpLine.Match(lines[i]) : Match.Empty;
            var offset = match.Success ? int.Parse(match.Groups["offset"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 0;
            if (!match.Success || offset == 0)
            {
                if (Serial(lines, places) is { } found) yield return found;
                places.Clear();
            }

            for (var n = 0; match.Success && n < match.Groups["bytes"].Length / 3; n++) places[offset + n] = (i, match.Groups["bytes"].Index + (3 * n) + 1);
        }
    }

    /// <summary>Replaces the device serial numbers of a dump.</summary>
    public static string ReplaceSerials(string text, Redactor redactor)
    {
        var lines = text.Split('\n');
        foreach (var (digits, places) in Serials(lines).ToList())
        {
            if (RedactionMap.IsConstant(digits)) continue;
            var replacement = redactor.Hex(digits);
            for (var n = 0; n < 8; n++)
            {
                var (line, column) = places[n];
                lines[line] = lines[line].Substring(0, column) + replacement.Substring(2 * n, 2) + lines[line].Substring(column + 2);
            }
        }

        return string.Join("\n", lines);
    }

    /// <summary>Shows the text that binary values of a registry export hold.</summary>
    public static void LearnRegistry(string text, Action<string> look)
    {
        foreach (Match match in HexValue.Matches(text)) look(Encoding.Unicode.GetString(Bytes(match.Groups["data"].Value)));
    }

    /// <summary>Replaces identifiers in the binary values of a registry export, as text and as bytes.</summary>
    public static string ReplaceRegistry(string text, Redactor redactor)
    {
        var known = redactor.KnownHex(12, 16, 32).ToList();
        return HexValue.Replace(text, match =>
        {
            var data = match.Groups["data"];
            var before = Bytes(data.Value);
            var words = Encoding.Unicode.GetString(before);
            var replaced = redactor.Replace(words);
            var digits = IO.FileStamp.Hex(before, before.Length);
            if (!string.Equals(words, replaced, StringComparison.Ordinal))
            {
                var after = Encoding.Unicode.GetBytes(replaced);
                digits = IO.FileStamp.Hex(after, after.Length);
            }

            foreach (var each in known)
            {
                for (var at = digits.IndexOf(each, StringComparison.Ordinal); at >= 0; at = digits.IndexOf(each, at + 1, StringComparison.Ordinal))
                {
                    if (at % 2 == 0) digits = digits.Substring(0, at) + redactor.Hex(each) + digits.Substring(at + each.Length);
                }
            }

            if (string.Equals(digits, IO.FileStamp.Hex(before, before.Length), StringComparison.Ordinal)) return match.Value;
            return match.Value.Substring(0, data.Index - match.Index) + Wrap(digits, text.IndexOf('\r') >= 0 ? "\r\n" : "\n")
                + (data.Value.EndsWith("\n", StringComparison.Ordinal) ? "\n" : "");
        });
    }

    private static (string Digits, IReadOnlyList<(int Line, int Column)> Places)? Serial(string[] lines, Dictionary<int, (int Line, int Column)> places)
    {
        int? ByteAt(int offset) => places.TryGetValue(offset, out var place)
            ? int.Parse(lines[place.Line].Substring(place.Column, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : null;
        for (int at = ExtendedStart, steps = 0; at >= ExtendedStart && steps < 64; steps++)
        {
            if (ByteAt(at) is not { } low || ByteAt(at + 1) is not { } high || ByteAt(at + 2) is not { } next || ByteAt(at + 3) is not { } top) return null;
            if ((low | (high << 8)) == SerialCapability)
            {
                var found = Enumerable.Range(0, 8).Select(n => at + 11 - n).ToList();
                if (!found.TrueForAll(places.ContainsKey)) return null;
                return (string.Concat(found.Select(offset => lines[places[offset].Line].Substring(places[offset].Column, 2))).ToLowerInvariant(), [.. found.Select(offset => places[offset])]);
            }

            at = ((top << 4) | (next >> 4)) & ~3;
        }

        return null;
    }

    private static byte[] Bytes(string data) =>
        [.. Pair.Matches(data).Cast<Match>().Select(pair => byte.Parse(pair.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];

    private static string Wrap(string digits, string newLine)
    {
        var text = new StringBuilder();
        for (var i = 0; i < digits.Length; i += 2)
        {
            if (i > 0) text.Append(i % 40 == 0 ? ",\\" + newLine + "  " : ",");
            text.Append(digits, i, 2);
        }

        return text.ToString();
    }
}
