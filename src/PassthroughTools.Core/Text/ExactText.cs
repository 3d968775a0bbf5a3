using System.Text;

namespace PassthroughTools.Text;

/// <summary>How wide a character of the file is.</summary>
internal enum CodeUnit
{
    /// <summary>One byte: ASCII and every encoding that extends it.</summary>
    Byte,

    /// <summary>Two bytes, low byte first.</summary>
    Utf16LittleEndian,

    /// <summary>Two bytes, high byte first.</summary>
    Utf16BigEndian,
}

/// <summary>One line of an <see cref="ExactText"/>. A removed line stays in its place, so that it can come back there.</summary>
internal sealed class ExactLine(string text, string end, bool isAdded)
{
    /// <summary>Text without the line end; in a byte-wide file each char is one byte.</summary>
    public string Text { get; set; } = text;

    /// <summary>Text as it was read; null for a line that was added since.</summary>
    public string? Original { get; } = isAdded ? null : text;

    /// <summary>Line end as read: LF, CRLF or nothing.</summary>
    public string End { get; } = end;

    /// <summary>True when the line is not written.</summary>
    public bool IsRemoved { get; set; }
}

/// <summary>
/// A text file as lines that give back the same bytes: nothing is decoded that could not be encoded again. In a byte-wide file the
/// lines are Latin-1 views of the bytes, so that structure (ASCII) can be found without knowing the encoding.
/// </summary>
internal sealed class ExactText
{
    private static readonly Encoding Latin1 = Encoding.GetEncoding(28591);

    private readonly byte[] _preamble;
    private readonly byte[] _tail;
    private readonly bool _endsWithLineEnd;

    private ExactText(byte[] preamble, CodeUnit unit, List<ExactLine> lines, byte[] tail, string defaultLineEnd)
    {
        _preamble = preamble;
        _tail = tail;
        Unit = unit;
        Lines = lines;
        _endsWithLineEnd = lines.Count == 0 || lines[lines.Count - 1].End.Length > 0;
        var crlf = lines.Count(line => line.End == "\r\n");
        var lf = lines.Count(line => line.End == "\n");
        LineEnd = crlf + lf == 0 ? defaultLineEnd : crlf > lf ? "\r\n" : "\n";
    }

    /// <summary>Width of a character.</summary>
    public CodeUnit Unit { get; }

    /// <summary>True when the file began with UTF-8's byte-order mark.</summary>
    public bool HasUtf8Mark => Unit == CodeUnit.Byte && _preamble.Length > 0;

    /// <summary>All lines, removed ones included.</summary>
    public List<ExactLine> Lines { get; }

    /// <summary>The line end that most lines have.</summary>
    public string LineEnd { get; }

    /// <summary>Splits a file into lines.</summary>
    /// <param name="bytes">Whole content.</param>
    /// <param name="defaultLineEnd">Line end to use where the file has none.</param>
    public static ExactText Parse(byte[] bytes, string defaultLineEnd)
    {
        var unit = TextFile.Detect(bytes, out var preamble) switch
        {
            UnicodeEncoding big when big.CodePage == 1201 => CodeUnit.Utf16BigEndian,
            UnicodeEncoding => CodeUnit.Utf16LittleEndian,
            _ => CodeUnit.Byte,
        };
        var tail = unit == CodeUnit.Byte ? 0 : (bytes.Length - preamble) % 2;
        var text = View(bytes, preamble, bytes.Length - preamble - tail, unit);
        return new ExactText(Slice(bytes, 0, preamble), unit, Split(text), Slice(bytes, bytes.Length - tail, tail), defaultLineEnd);
    }

    /// <summary>Starts a new UTF-16 file with a byte-order mark, as <c>reg export</c> writes.</summary>
    /// <param name="lineEnd">Line end to use.</param>
    public static ExactText CreateUtf16(string lineEnd) => new([0xFF, 0xFE], CodeUnit.Utf16LittleEndian, [], [], lineEnd);

    /// <summary>Reads a file's bytes, unless it is absurdly large.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="maxMegabytes">Largest size that is read.</param>
    /// <param name="tooLarge">Error for a larger one, given path and megabytes.</param>
    public static byte[] ReadFile(string path, int maxMegabytes, ErrorDefinition tooLarge)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var megabytes = file.Length >> 20;
            if (megabytes > maxMegabytes) throw tooLarge.For(path, path, megabytes);
            using var content = new MemoryStream((int)file.Length);
            file.CopyTo(content);
            return content.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InputErrors.NotFound.Because(e, path, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(path)) throw InputErrors.IsFolder.Because(e, path, path);
            throw InputErrors.Unreadable.Because(e, path, path, e.Message);
        }
    }

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        ExactLine? previous = null;
        foreach (var line in Lines)
        {
            if (line.IsRemoved) continue;
            if (previous is not null) text.Append(EndOf(previous));
            text.Append(line.Text);
            previous = line;
        }

        // Whether the last line has an end is the file's habit, not the line's: so adding a last line and removing it gives the same bytes.
        if (previous is not null && _endsWithLineEnd) text.Append(EndOf(previous));
        return [.. _preamble, .. Bytes(text.ToString(), Unit), .. _tail];
    }

    /// <summary>Adds a line.</summary>
    /// <param name="index">Where in <see cref="Lines"/>.</param>
    /// <param name="text">Text without an end.</param>
    public ExactLine Insert(int index, string text)
    {
        var line = new ExactLine(text, LineEnd, isAdded: true);
        Lines.Insert(index, line);
        return line;
    }

    /// <summary>Takes a line out; one that was in the file keeps its place for a later return.</summary>
    /// <param name="line">The line.</param>
    public void Remove(ExactLine line)
    {
        if (line.Original is not { } original) Lines.Remove(line);
        else (line.Text, line.IsRemoved) = (original, true);
    }

    /// <summary>Views bytes as chars.</summary>
    public static string View(byte[] bytes, int offset, int count, CodeUnit unit)
    {
        if (unit == CodeUnit.Byte) return Latin1.GetString(bytes, offset, count);

        // Not Encoding.Unicode: that would replace a lone surrogate, and the bytes would be lost.
        var chars = new char[count / 2];
        var low = unit == CodeUnit.Utf16LittleEndian ? 0 : 1;
        for (var i = 0; i < chars.Length; i++)
            chars[i] = (char)(bytes[offset + (2 * i) + low] | (bytes[offset + (2 * i) + 1 - low] << 8));
        return new string(chars);
    }

    /// <summary>Turns a view back into bytes.</summary>
    public static byte[] Bytes(string text, CodeUnit unit)
    {
        if (unit == CodeUnit.Byte) return Latin1.GetBytes(text);
        var bytes = new byte[text.Length * 2];
        var low = unit == CodeUnit.Utf16LittleEndian ? 0 : 1;
        for (var i = 0; i < text.Length; i++)
        {
            bytes[(2 * i) + low] = (byte)text[i];
            bytes[(2 * i) + 1 - low] = (byte)(text[i] >> 8);
        }

        return bytes;
    }

    private static List<ExactLine> Split(string text)
    {
        // A lone CR is part of its line: were it a line end, taking out the line behind it could make it half of a CRLF.
        var lines = new List<ExactLine>();
        for (var start = 0; start < text.Length;)
        {
            var at = text.IndexOf('\n', start);
            if (at < 0)
            {
                lines.Add(new ExactLine(text.Substring(start), "", isAdded: false));
                break;
            }

            var isCrlf = at > start && text[at - 1] == '\r';
            lines.Add(new ExactLine(text.Substring(start, (isCrlf ? at - 1 : at) - start), isCrlf ? "\r\n" : "\n", isAdded: false));
            start = at + 1;
        }

        return lines;
    }

    /// <summary>The line's end; a line that had none because it was the last gets one that its text can be told from.</summary>
    private string EndOf(ExactLine line) =>
        line.End.Length > 0 ? line.End : line.Text.EndsWith("\r", StringComparison.Ordinal) ? "\r\n" : LineEnd;

    private static byte[] Slice(byte[] bytes, int offset, int count)
    {
        var slice = new byte[count];
        Array.Copy(bytes, offset, slice, 0, count);
        return slice;
    }
}
