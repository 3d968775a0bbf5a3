namespace PassthroughTools.Pci;

/// <summary>Hexadecimal digits, on both targets without allocating.</summary>
internal static class HexDigit
{
    /// <summary>Value of a digit of either case; -1 for any other character.</summary>
    /// <param name="c">Character.</param>
    public static int ValueOf(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };

    /// <summary>Parses text that consists of hexadecimal digits only.</summary>
    /// <param name="text">1 to 8 digits.</param>
    /// <param name="value">Their value.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out uint value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > 8) return false;
        foreach (var c in text)
        {
            var digit = ValueOf(c);
            if (digit < 0) return false;
            value = (value << 4) | (uint)digit;
        }

        return true;
    }
}
