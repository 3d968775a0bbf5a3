using System.Text;

namespace PassthroughTools.Logs;

/// <summary>Bytes of a line as text.</summary>
internal static class LogText
{
    /// <summary>Characters of a line that an event keeps.</summary>
    public const int MaxLength = 512;

    /// <summary>Strips any of these bytes from the end.</summary>
    /// <param name="bytes">Bytes.</param>
    /// <param name="strip">Bytes to strip.</param>
    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> strip)
    {
        var end = bytes.Length;
        while (end > 0 && strip.IndexOf(bytes[end - 1]) >= 0) end--;
        return bytes.Slice(0, end);
    }

    /// <summary>Decodes UTF-8, shortened at a number of bytes; what is not UTF-8 becomes the replacement character, control characters a blank.</summary>
    /// <param name="bytes">Bytes.</param>
    /// <param name="maximum">Bytes to keep.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, int maximum = MaxLength)
    {
        var isCut = bytes.Length > maximum;
        if (isCut)
        {
            // Not in the middle of a character.
            while (maximum > 0 && (bytes[maximum] & 0xC0) == 0x80) maximum--;
            bytes = bytes.Slice(0, maximum);
        }

#if NET8_0_OR_GREATER
        var text = Encoding.UTF8.GetString(bytes);
#else
        var text = Encoding.UTF8.GetString(bytes.ToArray());
#endif
        // A log may hold escape sequences that would act on the reader's terminal.
        foreach (var c in text)
        {
            if (!char.IsControl(c)) continue;
            text = new string([.. text.Select(character => char.IsControl(character) ? ' ' : character)]);
            break;
        }

        return isCut ? text + "…" : text;
    }
}
