using System.Globalization;
using System.Text;
using PassthroughTools.Text;

namespace PassthroughTools.Registry;

/// <summary>The grammar of .reg lines: reading and writing of one value.</summary>
internal static class RegSyntax
{
    private const int WrapColumn = 77;
    private const int MaxStringLines = 100;

    /// <summary>Reads a heading.</summary>
    /// <param name="line">Line of the file.</param>
    /// <param name="path">Path between the brackets, not yet decoded.</param>
    /// <param name="isDeletion">True for <c>[-path]</c>.</param>
    public static bool TryReadHeading(string line, out string path, out bool isDeletion)
    {
        path = "";
        isDeletion = false;
        var text = line.Trim(' ', '\t', '\r');
        var close = text.LastIndexOf(']');
        if (!text.StartsWith("[", StringComparison.Ordinal) || close < 2) return false;
        isDeletion = text[1] == '-';
        path = text.Substring(isDeletion ? 2 : 1, close - (isDeletion ? 2 : 1));
        return path.Length > 0;
    }

    /// <summary>True for a line that begins a value.</summary>
    public static bool BeginsValue(string line)
    {
        var text = line.TrimStart(' ', '\t', '\r');
        return text.StartsWith("\"", StringComparison.Ordinal) || text.StartsWith("@", StringComparison.Ordinal);
    }

    /// <summary>Reads a value, which may go on over several lines.</summary>
    /// <param name="lines">Lines of the file that are not removed.</param>
    /// <param name="index">Line that begins the value.</param>
    /// <param name="isAnsi">True for REGEDIT4, whose hexadecimal strings are bytes.</param>
    /// <param name="decode">Turns the file's view of text into text.</param>
    /// <param name="name">The value's name.</param>
    /// <param name="data">Type and content; null for a deletion.</param>
    /// <returns>How many lines the value has; 0 when it can't be read.</returns>
    public static int ReadValue(IReadOnlyList<ExactLine> lines, int index, bool isAnsi, Func<string, string> decode, out string name, out RegData? data)
    {
        name = "";
        data = null;
        var text = lines[index].Text;
        var at = SkipBlanks(text, 0);
        if (text[at] == '@')
        {
            at++;
        }
        else
        {
            var quoted = ReadQuoted(text, at, out var next);
            if (quoted is null) return 0;
            name = decode(quoted);
            at = next;
        }

        at = SkipBlanks(text, at);
        if (at == text.Length || text[at] != '=') return 0;
        at = SkipBlanks(text, at + 1);
        if (at == text.Length) return 0;
        var rest = text.Substring(at);
        if (rest[0] == '-') return IsEnd(rest, 1) ? 1 : 0;
        if (rest[0] == '"') return ReadString(lines, index, rest, RegData.StringType, decode, out data);
        if (rest.StartsWith("dword:", StringComparison.OrdinalIgnoreCase)) return ReadDword(rest.Substring(6), out data) ? 1 : 0;
        if (ReadType(rest, "hex", out var type, out var from)) return ReadHex(lines, index, rest.Substring(from), type, isAnsi, decode, out data);
        return ReadType(rest, "str", out type, out from) && from < rest.Length && rest[from] == '"'
            ? ReadString(lines, index, rest.Substring(from), type, decode, out data)
            : 0;
    }

    /// <summary>Writes a value, wrapped as reg.exe wraps.</summary>
    /// <param name="name">Name; empty for the default value.</param>
    /// <param name="data">Type and content; null for a deletion.</param>
    /// <param name="isAnsi">True for REGEDIT4, whose hexadecimal strings are bytes.</param>
    /// <returns>Lines; null when REGEDIT4 can't hold the text.</returns>
    public static IReadOnlyList<string>? WriteValue(string name, RegData? data, bool isAnsi = false)
    {
        var head = (name.Length == 0 ? "@" : Quote(name)) + "=";
        if (data is null) return [head + "-"];
        if (data.Type == RegData.DwordType && data.Bytes.Count == 4)
            return [head + "dword:" + data.AsNumber()!.Value.ToString("x8", CultureInfo.InvariantCulture)];
        if (data.Type == RegData.StringType && data.AsText() is { } text && text.All(c => c >= ' ') && data.Equals(RegData.String(text)))
            return [head + Quote(text)];

        if (!isAnsi || data.Type is not (RegData.StringType or RegData.ExpandStringType or RegData.MultiStringType)) return WriteHex(head, data.Type, data.Bytes);
        if (data.Bytes.Count % 2 != 0 || data.Bytes.Where((value, i) => i % 2 == 0 ? value > 0x7f : value != 0).Any()) return null;
        return WriteHex(head, data.Type, [.. data.Bytes.Where((_, i) => i % 2 == 0)]);
    }

    private static List<string> WriteHex(string head, uint type, IReadOnlyList<byte> bytes)
    {
        var lines = new List<string>();
        var line = new StringBuilder(head);
        line.Append(type == RegData.BinaryType ? "hex:" : "hex(" + type.ToString("x", CultureInfo.InvariantCulture) + "):");
        for (var i = 0; i < bytes.Count; i++)
        {
            if (line.Length > WrapColumn - 3)
            {
                lines.Add(line.Append('\\').ToString());
                line.Clear().Append("  ");
            }

            line.Append(bytes[i].ToString("x2", CultureInfo.InvariantCulture));
            if (i < bytes.Count - 1) line.Append(',');
        }

        lines.Add(line.ToString());
        return lines;
    }

    private static string Quote(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

    private static string? ReadQuoted(string text, int start, out int next)
    {
        var result = new StringBuilder();
        for (next = start + 1; next < text.Length; next++)
        {
            var c = text[next];
            if (c == '"')
            {
                next++;
                return result.ToString();
            }

            if (c == '\\' && next + 1 < text.Length && text[next + 1] is '\\' or '"') c = text[++next];
            result.Append(c);
        }

        return null;
    }

    private static int ReadString(IReadOnlyList<ExactLine> lines, int index, string rest, uint type, Func<string, string> decode, out RegData? data)
    {
        // regedit writes a line break inside a string as it is. A string that a damaged file leaves open must not swallow the keys after it.
        data = null;
        var text = rest;
        var count = 1;
        while (true)
        {
            var value = ReadQuoted(text, 0, out var next);
            if (value is not null)
            {
                if (!IsEnd(text, next)) return 0;
                data = new RegData(type, RegData.Utf16(decode(value) + "\0"));
                return count;
            }

            if (index + count == lines.Count || count > MaxStringLines || TryReadHeading(lines[index + count].Text, out _, out _)) return 0;
            text += lines[index + count - 1].End + lines[index + count].Text;
            count++;
        }
    }

    private static bool ReadDword(string text, out RegData? data)
    {
        var length = 0;
        while (length < text.Length && IsHex(text[length])) length++;
        data = length is > 0 and <= 8 && IsEnd(text, length)
            ? RegData.Dword(uint.Parse(text.Substring(0, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
            : null;
        return data is not null;
    }

    private static bool ReadType(string text, string word, out uint type, out int next)
    {
        type = RegData.BinaryType;
        next = word.Length + 1;
        if (!text.StartsWith(word, StringComparison.OrdinalIgnoreCase)) return false;
        if (text.Length > word.Length && text[word.Length] == ':') return true;
        var close = text.IndexOf("):", StringComparison.Ordinal);
        if (text.Length == word.Length || text[word.Length] != '(' || close < 0 || close - word.Length - 1 is < 1 or > 8) return false;
        next = close + 2;
        return uint.TryParse(text.Substring(word.Length + 1, close - word.Length - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out type);
    }

    private static int ReadHex(
        IReadOnlyList<ExactLine> lines, int index, string rest, uint type, bool isAnsi, Func<string, string> decode, out RegData? data)
    {
        data = null;
        var bytes = new List<byte>();
        var count = 1;
        for (var text = rest; ; text = lines[index + count - 1].Text)
        {
            if (!ReadBytes(text, bytes, out var goesOn)) return 0;
            if (!goesOn) break;
            if (index + count == lines.Count) return 0;
            count++;
        }

        var content = bytes.ToArray();
        if (isAnsi && type is (RegData.StringType or RegData.ExpandStringType or RegData.MultiStringType))
            content = RegData.Utf16(decode(ExactText.View(content, 0, content.Length, CodeUnit.Byte)));
        data = new RegData(type, content);
        return count;
    }

    private static bool ReadBytes(string text, List<byte> bytes, out bool goesOn)
    {
        goesOn = false;
        var at = SkipBlanks(text, 0);
        while (at < text.Length)
        {
            if (text[at] == ';') return true;
            if (text[at] == '\\')
            {
                goesOn = true;
                return SkipBlanks(text, at + 1) == text.Length;
            }

            var length = 1;
            if (!IsHex(text[at])) return false;
            if (at + 1 < text.Length && IsHex(text[at + 1])) length = 2;
            bytes.Add(byte.Parse(text.Substring(at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            at = SkipBlanks(text, at + length);
            if (at < text.Length && text[at] == ',') at = SkipBlanks(text, at + 1);
            else if (at < text.Length && text[at] is not (';' or '\\')) return false;
        }

        return true;
    }

    private static bool IsEnd(string text, int index)
    {
        index = SkipBlanks(text, index);
        return index == text.Length || text[index] == ';';
    }

    private static bool IsHex(char c) => c is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F');

    private static int SkipBlanks(string text, int index)
    {
        while (index < text.Length && text[index] is ' ' or '\t' or '\r') index++;
        return index;
    }
}
