using System.Globalization;
using System.Text;
using PassthroughTools.Text;

namespace PassthroughTools.Vmx;

/// <summary>Decodes and encodes the values of one .vmx, by its byte-order mark or its <c>.encoding</c> declaration.</summary>
internal sealed class VmxEncoding
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    private readonly Encoding? _encoding;
    private readonly CodeUnit _unit;

    private VmxEncoding(CodeUnit unit, Encoding? encoding, string name, string? warning)
    {
        _unit = unit;
        _encoding = encoding;
        Name = name;
        Warning = warning;
    }

    /// <summary>Name for messages.</summary>
    public string Name { get; }

    /// <summary>What is doubtful about the encoding.</summary>
    public string? Warning { get; }

    /// <summary>Chooses the encoding.</summary>
    /// <param name="text">The file.</param>
    /// <param name="declared">Value of <c>.encoding</c>, if there is one.</param>
    public static VmxEncoding For(ExactText text, string? declared)
    {
        if (text.Unit != CodeUnit.Byte)
            return new(text.Unit, null, "UTF-16", "the file is UTF-16, as redirection in Windows PowerShell leaves it; ESXi writes a .vmx byte by byte");
        if (text.HasUtf8Mark) return new(text.Unit, StrictUtf8, "UTF-8", null);
        if (declared is null) return new(text.Unit, null, "not declared", null);
        return Find(declared) is { } encoding
            ? new(text.Unit, encoding, declared, null)
            : new(text.Unit, null, declared, $"the encoding '{declared}' is not known here; values that are not ASCII may be shown wrong");
    }

    /// <summary>Decodes a raw value and undoes its <c>|XX</c> escapes.</summary>
    /// <param name="raw">View of the bytes.</param>
    /// <param name="isExact">False when some bytes had no meaning in the encoding.</param>
    public string Decode(string raw, out bool isExact)
    {
        isExact = true;
        return Unescape(IsAscii(raw) || _unit != CodeUnit.Byte ? raw : DecodeBytes(ExactText.Bytes(raw, CodeUnit.Byte), out isExact));
    }

    /// <summary>Escapes and encodes a value.</summary>
    /// <param name="value">Value to write.</param>
    /// <returns>View of the bytes; null when the encoding can't express the value.</returns>
    public string? Encode(string value)
    {
        var escaped = Escape(value);
        if (IsAscii(escaped) || _unit != CodeUnit.Byte) return escaped;
        if (_encoding is null) return null;
        try
        {
            var bytes = _encoding.GetBytes(escaped);

            // A best-fit mapping would write another character without a word.
            return _encoding.GetString(bytes) == escaped ? ExactText.View(bytes, 0, bytes.Length, CodeUnit.Byte) : null;
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    private static string Escape(string value)
    {
        StringBuilder? escaped = null;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c is '"' or '|' or '#' or < ' ' or '\x7f')
            {
                escaped ??= new StringBuilder(value, 0, i, value.Length + 16);
                escaped.Append('|').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            }
            else
            {
                escaped?.Append(c);
            }
        }

        return escaped?.ToString() ?? value;
    }

    private static Encoding? Find(string name)
    {
        try
        {
#if NET8_0_OR_GREATER
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
#else
            var encoding = Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
#endif
            // Structure was found byte by byte: only encodings that keep ASCII as it is, and have no shift states, qualify.
            if (encoding.CodePage is (>= 50220 and <= 50229) or 52936 or 65000) return null;
            return ExactText.View(encoding.GetBytes("a=\"|#09Z"), 0, 8, CodeUnit.Byte) == "a=\"|#09Z" ? encoding : null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool IsAscii(string text)
    {
        foreach (var c in text)
        {
            if (c > 0x7f) return false;
        }

        return true;
    }

    private string DecodeBytes(byte[] bytes, out bool isExact)
    {
        isExact = true;
        try
        {
            return (_encoding ?? StrictUtf8).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            isExact = false;
            return ExactText.View(bytes, 0, bytes.Length, CodeUnit.Byte);
        }
    }

    private string Unescape(string text)
    {
        if (text.IndexOf('|') < 0) return text;
        var result = new StringBuilder(text.Length);
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '|' && i + 2 < text.Length
                && byte.TryParse(text.Substring(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                bytes.Add(code);
                i += 2;
                continue;
            }

            Flush(result, bytes);
            result.Append(text[i]);
        }

        Flush(result, bytes);
        return result.ToString();
    }

    private void Flush(StringBuilder result, List<byte> bytes)
    {
        if (bytes.Count == 0) return;
        result.Append(DecodeBytes([.. bytes], out _)); // a character beyond ASCII may be escaped byte by byte
        bytes.Clear();
    }
}
