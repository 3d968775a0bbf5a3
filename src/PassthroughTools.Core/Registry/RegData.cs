using System.Globalization;
using System.Text;

namespace PassthroughTools.Registry;

/// <summary>Type and bytes of a registry value. Equal when both are.</summary>
/// <param name="type">Type, as a number: odd ones such as 0xffff0007 occur in exports.</param>
/// <param name="bytes">Content as the registry holds it: strings in UTF-16 with their terminator.</param>
public sealed class RegData(uint type, byte[] bytes) : IEquatable<RegData>
{
    /// <summary>REG_SZ.</summary>
    public const uint StringType = 1;

    /// <summary>REG_EXPAND_SZ.</summary>
    public const uint ExpandStringType = 2;

    /// <summary>REG_BINARY.</summary>
    public const uint BinaryType = 3;

    /// <summary>REG_DWORD.</summary>
    public const uint DwordType = 4;

    /// <summary>REG_DWORD_BIG_ENDIAN.</summary>
    public const uint BigEndianDwordType = 5;

    /// <summary>REG_MULTI_SZ.</summary>
    public const uint MultiStringType = 7;

    /// <summary>REG_QWORD.</summary>
    public const uint QwordType = 11;

    /// <summary>Type as a number.</summary>
    public uint Type { get; } = type;

    /// <summary>Content as the registry holds it.</summary>
    public IReadOnlyList<byte> Bytes => bytes;

    /// <summary>Name of the type, as reg.exe prints it.</summary>
    public string TypeName => Type switch
    {
        0 => "REG_NONE",
        StringType => "REG_SZ",
        ExpandStringType => "REG_EXPAND_SZ",
        BinaryType => "REG_BINARY",
        DwordType => "REG_DWORD",
        BigEndianDwordType => "REG_DWORD_BIG_ENDIAN",
        MultiStringType => "REG_MULTI_SZ",
        QwordType => "REG_QWORD",
        _ => "type 0x" + Type.ToString("x", CultureInfo.InvariantCulture),
    };

    /// <summary>Makes a REG_DWORD.</summary>
    /// <param name="value">Its number.</param>
    public static RegData Dword(uint value) => new(DwordType, [(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)]);

    /// <summary>Makes a REG_SZ.</summary>
    /// <param name="text">Its text.</param>
    public static RegData String(string text) => new(StringType, Utf16(text + "\0"));

    /// <summary>A string type's text up to its terminator; null for other types.</summary>
    public string? AsText()
    {
        if (Type is not (StringType or ExpandStringType or MultiStringType)) return null;
        var text = Text.ExactText.View(bytes, 0, bytes.Length & ~1, Text.CodeUnit.Utf16LittleEndian);
        var end = text.IndexOf('\0');
        return end < 0 ? text : text.Substring(0, end);
    }

    /// <summary>An integer of 4 or 8 bytes; null where the length is another.</summary>
    public ulong? AsNumber()
    {
        if (bytes.Length is not (4 or 8)) return null;
        ulong number = 0;
        for (var i = 0; i < bytes.Length; i++)
            number = (number << 8) | (Type == BigEndianDwordType ? bytes[i] : bytes[bytes.Length - 1 - i]);
        return number;
    }

    /// <inheritdoc/>
    public bool Equals(RegData? other) => other is not null && Type == other.Type && bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RegData);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Type ^ (bytes.Length << 8) ^ (bytes.Length > 0 ? bytes[0] : 0);

    /// <inheritdoc/>
    public override string ToString() =>
        Type == DwordType && AsNumber() is { } number ? number.ToString(CultureInfo.InvariantCulture)
        : AsText() ?? BitConverter.ToString(bytes).Replace('-', ' ');

    internal static byte[] Utf16(string text) => Text.ExactText.Bytes(text, Text.CodeUnit.Utf16LittleEndian);
}
