namespace PassthroughTools.Vmx;

/// <summary>Where key and value stand in a line of a .vmx.</summary>
internal readonly record struct VmxLine
{
    private const string QuoteInside = "a quotation mark stands inside the value";
    private const string QuoteOpen = "the value's closing quotation mark is missing";
    private const string CarriageReturn = "a carriage return stands inside the value";

    /// <summary>Key; null where the line is no setting.</summary>
    public string? Key { get; private init; }

    /// <summary>Start of the raw value, inside the quotation marks.</summary>
    public int ValueStart { get; private init; }

    /// <summary>Length of the raw value.</summary>
    public int ValueLength { get; private init; }

    /// <summary>True when the value stands in quotation marks.</summary>
    public bool IsQuoted { get; private init; }

    /// <summary>What stands before the value: key and <c>=</c> with the blanks around them, without the quotation mark.</summary>
    public string Lead { get; private init; }

    /// <summary>What is wrong; null when nothing is, or the line is blank or a comment.</summary>
    public string? Problem { get; private init; }

    /// <summary>Reads a line. Only ASCII counts for structure, so that any ASCII-based encoding can be read before it is known.</summary>
    /// <param name="text">The line without its end.</param>
    public static VmxLine Parse(string text)
    {
        var keyStart = SkipBlanks(text, 0);
        if (keyStart == text.Length || text[keyStart] == '#') return default;
        var equals = text.IndexOf('=', keyStart);
        if (equals < 0) return new VmxLine { Problem = "neither a setting nor a comment" };
        var key = text.Substring(keyStart, equals - keyStart).TrimEnd(' ', '\t', '\r');
        if (key.Length == 0 || key.IndexOfAny([' ', '\t', '\r', '"', '#', '\0']) >= 0) return new VmxLine { Problem = "the key can't be read" };

        var start = SkipBlanks(text, equals + 1);
        var end = text.Length;
        while (end > start && IsBlank(text[end - 1])) end--;
        var line = new VmxLine { Key = key, ValueStart = start, ValueLength = end - start, Lead = text.Substring(0, start) };
        if (start == text.Length || text[start] != '"')
            return line with { Problem = Inside(text, line) };

        line = line with { IsQuoted = true, ValueStart = start + 1 };
        var close = text.IndexOf('"', start + 1);
        if (close < 0) return line with { ValueLength = end - start - 1, Problem = QuoteOpen };
        var rest = SkipBlanks(text, close + 1);
        if (rest == text.Length || text[rest] == '#')
        {
            line = line with { ValueLength = close - start - 1 };
            return line with { Problem = Inside(text, line) };
        }

        return line with { ValueLength = Math.Max(close, text.LastIndexOf('"')) - start - 1, Problem = QuoteInside };
    }

    /// <summary>The raw value.</summary>
    /// <param name="text">The line that was parsed.</param>
    public string RawValue(string text) => text.Substring(ValueStart, ValueLength);

    /// <summary>The line with another raw value; everything else stays.</summary>
    /// <param name="text">The line that was parsed.</param>
    /// <param name="raw">Escaped and encoded value.</param>
    /// <param name="needsQuotes">True when the value would not read back without quotation marks.</param>
    public string WithValue(string text, string raw, bool needsQuotes)
    {
        if (!IsQuoted && needsQuotes) raw = "\"" + raw + "\"";
        return text.Substring(0, ValueStart) + raw + text.Substring(ValueStart + ValueLength);
    }

    private static string? Inside(string text, VmxLine line) =>
        text.IndexOf('\r', line.ValueStart, line.ValueLength) >= 0 ? CarriageReturn : null;

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\r';

    private static int SkipBlanks(string text, int index)
    {
        while (index < text.Length && IsBlank(text[index])) index++;
        return index;
    }
}
