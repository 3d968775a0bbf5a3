using System.Globalization;
using PassthroughTools.IO;
using PassthroughTools.Journal;
using PassthroughTools.Registry;

namespace PassthroughTools.Remediation;

/// <summary>
/// Reads and writes values, and keys, of a registry export in place. A key of the export is named by its path with a trailing backslash and has the
/// value <see cref="KeyExists"/>; a value is named by key path, backslash, name (the default value can't be named). Canonical text is
/// <c>dword:00000010</c> for a REG_DWORD, else <c>hex(type):xx,xx</c>, so that any type is restored exactly. A value is written into a key that is there,
/// and a key below one that is there: so whatever was created is a step of its own, and undoing the steps gives the prior bytes of a file that
/// <c>reg export</c> wrote. A value that was removed comes back as the last one of its key, whose values have no order.
/// </summary>
/// <param name="operations">File operations; the real ones when null.</param>
public sealed class RegFileActuator(IFileOperations? operations = null) : ISettingActuator, ILeftoverRemover
{
    /// <summary>Kind of setting.</summary>
    public const string KindName = "reg-file";

    /// <summary>Value of a key that exists.</summary>
    public const string KeyExists = "key";

    private const int DwordLength = 4;
    private const string DwordPrefix = "dword:";
    private const string HexPrefix = "hex(";

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <summary>Canonical text of registry data.</summary>
    /// <param name="data">Data; null for absent.</param>
    public static SettingValue ValueOf(RegData? data)
    {
        if (data is null) return SettingValue.Absent;
        return SettingValue.Of(data.Type == RegData.DwordType && data.Bytes.Count == DwordLength
            ? DwordPrefix + ((uint)data.AsNumber()!).ToString("x8", CultureInfo.InvariantCulture)
            : HexPrefix + data.Type.ToString("x", CultureInfo.InvariantCulture) + "):" + string.Join(",", data.Bytes.Select(each => each.ToString("x2", CultureInfo.InvariantCulture))));
    }

    /// <inheritdoc/>
    public SettingValue Read(SettingTarget target) => Value(Load(target.Container, out _), target.Key);

    /// <inheritdoc/>
    public void Write(SettingTarget target, SettingValue newValue, SettingValue expected)
    {
        var document = Load(target.Container, out var stamp);
        var now = Value(document, target.Key);
        if (now != expected) throw JournalErrors.SettingChanged.For(target, target, now, expected);
        if (IsKey(target.Key)) WriteKey(document, target, newValue);
        else WriteValue(document, target, newValue);
        AtomicFile.Replace(target.Container, document.ToBytes(), stamp, operations);
    }

    /// <inheritdoc/>
    public void RemoveLeftovers(string container) => AtomicFile.RemoveLeftovers(Path.GetDirectoryName(Path.GetFullPath(container))!, operations);

    private static RegDocument Load(string path, out FileStamp stamp)
    {
        stamp = FileStamp.Read(path, out var bytes);
        var document = RegDocument.Parse(bytes, path);

        // What is no export has no values either, but that must not read as "absent".
        return document.IsRecognized ? document : throw RegErrors.NotReg.For(path, path);
    }

    private static bool IsKey(string name) => name.EndsWith("\\", StringComparison.Ordinal);

    private static SettingValue Value(RegDocument document, string name)
    {
        if (IsKey(name)) return document.ContainsKey(name.TrimEnd('\\')) ? SettingValue.Of(KeyExists) : SettingValue.Absent;
        var (key, value) = Split(name);
        return ValueOf(document.GetSingleValue(key, value));
    }

    private static void WriteKey(RegDocument document, SettingTarget target, SettingValue newValue)
    {
        var key = target.Key.TrimEnd('\\');
        if (!newValue.IsAbsent)
        {
            RequireKey(document, target, Split(key).Key);
            document.AddKey(key);
            return;
        }

        // What someone else put into the key since is not ours to remove.
        if (document.GetValues(key).Count > 0 || document.GetSubKeyNames(key).Count > 0)
            throw JournalErrors.SettingChanged.For(target, target, "no longer empty", KeyExists);
        document.RemoveKey(key);
    }

    private static void WriteValue(RegDocument document, SettingTarget target, SettingValue newValue)
    {
        var (key, value) = Split(target.Key);
        if (newValue.Text is not { } text)
        {
            document.RemoveValue(key, value);
            return;
        }

        RequireKey(document, target, key);
        document.SetValue(key, value, DataOf(text));
    }

    private static void RequireKey(RegDocument document, SettingTarget target, string key)
    {
        if (!document.ContainsKey(key)) throw RemediationErrors.KeyMissing.For(target, target.Container, key);
    }

    private static (string Key, string Value) Split(string name)
    {
        var cut = name.LastIndexOf('\\');
        return cut > 0 ? (name.Substring(0, cut), name.Substring(cut + 1)) : throw RegErrors.InvalidPath.For(name, name);
    }

    /// <summary>Registry data of its canonical text.</summary>
    /// <param name="text">As <see cref="ValueOf"/> makes it.</param>
    internal static RegData DataOf(string text)
    {
        if (text.StartsWith(DwordPrefix, StringComparison.Ordinal))
            return RegData.Dword(uint.Parse(text.Substring(DwordPrefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        var colon = text.IndexOf(':');
        var isHex = text.StartsWith(HexPrefix, StringComparison.Ordinal) && colon > HexPrefix.Length && text[colon - 1] == ')';
        if (!isHex) throw new FormatException("'" + text + "' is no registry data");
        var type = uint.Parse(text.Substring(HexPrefix.Length, colon - HexPrefix.Length - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var bytes = text.Substring(colon + 1).Split([','], StringSplitOptions.RemoveEmptyEntries);
        return new RegData(type, [.. bytes.Select(each => byte.Parse(each, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))]);
    }
}
