using System.Globalization;
using System.Text;
using System.Text.Json;
using PassthroughTools.Journal;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;

namespace PassthroughTools.Guests;

/// <summary>Registry values between the guest script's form (<c>[type,text]</c>, Base64 where the type is no text) and Core's.</summary>
internal static class GuestValues
{
    /// <summary>Type of a value that the guest could not read as it is.</summary>
    public const uint UnreadableType = uint.MaxValue;

    /// <summary>Signs that stand for themselves in the script's JSON; others are escaped, the space among them.</summary>
    private const string Plain = "_&{}().,;%#@*+/=-";

    /// <summary>Reads a value; null for absent.</summary>
    /// <param name="value">Element of an answer.</param>
    /// <param name="guest">For the message.</param>
    public static RegData? Read(JsonElement value, string guest)
    {
        if (value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2 || !value[0].TryGetInt32(out var type) || value[1].ValueKind != JsonValueKind.String)
            throw GuestErrors.AnswerDamaged.For(null, guest, "a value is in no known form");
        try
        {
            return type switch
            {
                < 0 => new RegData(UnreadableType, []),
                (int)RegData.StringType or (int)RegData.ExpandStringType => new RegData((uint)type, RegData.Utf16(value[1].GetString() + "\0")),
                (int)RegData.MultiStringType => new RegData((uint)type, RegData.Utf16(value[1].GetString() is { Length: > 0 } text ? text + "\0\0" : "\0")),
                _ => new RegData((uint)type, Convert.FromBase64String(value[1].GetString()!)),
            };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw GuestErrors.AnswerDamaged.Because(e, null, guest, "a value can't be decoded");
        }
    }

    /// <summary>The value as the guest script would write it.</summary>
    /// <param name="data">Data; null for absent.</param>
    public static string Write(RegData? data)
    {
        if (data is null) return "null";
        var type = data.Type.ToString(CultureInfo.InvariantCulture);
        return data.Type is RegData.StringType or RegData.ExpandStringType or RegData.MultiStringType
            ? "[" + type + "," + Quote(Text(data)) + "]"
            : "[" + type + ",\"" + Bytes(data) + "\"]";
    }

    /// <summary>Bytes as Base64, as a request holds them.</summary>
    /// <param name="data">Data.</param>
    public static string Bytes(RegData data) => Convert.ToBase64String([.. data.Bytes]);

    /// <summary>Whether writing the value gives these bytes and this type again.</summary>
    /// <param name="data">Data.</param>
    public static bool IsRestorable(RegData data) => data.Type switch
    {
        RegData.StringType or RegData.ExpandStringType or RegData.MultiStringType or RegData.BinaryType => true,
        RegData.DwordType => data.Bytes.Count == 4,
        RegData.QwordType => data.Bytes.Count == 8,
        _ => false,
    };

    /// <summary>Value of a setting as the script answers it.</summary>
    /// <param name="path">Setting.</param>
    /// <param name="value">Element of an answer.</param>
    /// <param name="guest">For the message.</param>
    /// <exception cref="PassthruException"><see cref="GuestErrors.ValueTypeUnsupported"/>, <see cref="GuestErrors.AnswerDamaged"/>.</exception>
    public static SettingValue Setting(GuestSettingPath path, JsonElement value, string guest)
    {
        if (path.Name is null) return value.ValueKind == JsonValueKind.Null ? SettingValue.Absent : SettingValue.Of(RegFileActuator.KeyExists);
        var data = Read(value, guest);
        return data is null || IsRestorable(data)
            ? RegFileActuator.ValueOf(data)
            : throw GuestErrors.ValueTypeUnsupported.For(path, guest, path.Name + " of " + path.InstanceId);
    }

    private static string Text(RegData data)
    {
        var end = data.Type == RegData.MultiStringType && data.Bytes.Count > 2 ? 4 : 2;
        return Encoding.Unicode.GetString([.. data.Bytes], 0, Math.Max(0, data.Bytes.Count - end));
    }

    private static string Quote(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var character in text)
        {
            if (character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') || Plain.IndexOf(character) >= 0) result.Append(character);
            else result.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
        }

        return result.Append('"').ToString();
    }
}
