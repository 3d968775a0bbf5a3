using System.Globalization;
using PassthroughTools.IO;
using PassthroughTools.Journal;
using PassthroughTools.Registry;

namespace PassthroughTools.Remediation;

/// <summary>
/// Reads and writes values, and keys, of a registry export in place. A key of the export is named by its path with a trailing backslash and has the
/// value <see cref="KeyExists"/>; a value is named by key path, backslash, name. Canonical text is <c>dword:00000010</c> for a REG_DWORD,
/// else <c>hex(type):xx,xx</c>, so that any type is restored exactly.
/// </summary>
/// <param name="operations">File operations; the real ones when null.</param>
public sealed class RegFileActuator(IFileOperations? operations = null) : ISettingActuator
{
    /// <summary>Kind of setting.</summary>
    public const string KindName = "reg-file";

    /// <summary>Value of a key that exists.</summary>
    public const string KeyExists = "key";

    private const int DwordLength = 4;

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <summary>Canonical text of registry data.</summary>
    /// <param name="data">Data; null for absent.</param>
    public static SettingValue ValueOf(RegData? data)
    {
        if (data is null) return SettingValue.Absent;
        return SettingValue.Of(data.Type == RegData.DwordType && data.Bytes.Count == DwordLength
            ? "dword:" + ((uint)data.AsNumber()!).ToString("x8", CultureInfo.InvariantCulture)
            : "hex(" + data.Type.ToString("x", CultureInfo.InvariantCulture) + "):" + string.Join(",", data.Bytes.Select(each => each.ToString("x2", CultureInfo.InvariantCulture))));
    }

    /// <inheritdoc/>
    public SettingValue Read(SettingTarget target)
    {
        VmxFileEditor.Read(target.Container, out var bytes);
        return Value(RegDocument.Parse(bytes, target.Container), target.Key);
    }

    /// <inheritdoc/>
    public void Write(SettingTarget target, SettingValue newValue, SettingValue expected)
    {
        var stamp = VmxFileEditor.Read(target.Container, out var bytes);
        var document = RegDocument.Parse(bytes, target.Container);
        var now = Value(document, target.Key);
        if (now != expected) throw JournalErrors.SettingChanged.For(target, target, now, expected);
        if (target.Key.EndsWith("\\", StringComparison.Ordinal)) WriteKey(document, target, newValue);
        else WriteValue(document, target.Key, newValue);
        AtomicFile.Replace(target.Container, document.ToBytes(), stamp, operations);
    }

    private static SettingValue Value(RegDocument document, string name)
    {
        if (name.EndsWith("\\", StringComparison.Ordinal)) return document.ContainsKey(name.TrimEnd('\\')) ? SettingValue.Of(KeyExists) : SettingValue.Absent;
        var (key, value) = Split(name);
        return ValueOf(document.GetSingleValue(key, value));
    }

    private static void WriteKey(RegDocument document, SettingTarget target, SettingValue newValue)
    {
        var key = target.Key.TrimEnd('\\');
        if (!newValue.IsAbsent)
        {
            document.AddKey(key);
            return;
        }

        // What someone else put into the key since is not ours to remove.
        if (document.GetValues(key).Count > 0 || document.GetSubKeyNames(key).Count > 0)
            throw JournalErrors.SettingChanged.For(target, target, "no longer empty", KeyExists);
        document.RemoveKey(key);
    }

    private static void WriteValue(RegDocument document, string name, SettingValue newValue)
    {
        var (key, value) = Split(name);
        if (newValue.Text is { } text) document.SetValue(key, value, Parse(text));
        else document.RemoveValue(key, value);
    }

    private static (string Key, string Value) Split(string name)
    {
        var cut = name.LastIndexOf('\\');
        return (name.Substring(0, cut), name.Substring(cut + 1));
    }

    private static RegData Parse(string text)
    {
        if (text.StartsWith("dword:", StringComparison.Ordinal))
            return RegData.Dword(uint.Parse(text.Substring("dword:".Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        var colon = text.IndexOf(':');
        var type = uint.Parse(text.Substring("hex(".Length, colon - "hex(".Length - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var bytes = text.Substring(colon + 1).Split([','], StringSplitOptions.RemoveEmptyEntries);
        return new RegData(type, [.. bytes.Select(each => byte.Parse(each, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))]);
    }
}
