using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PassthroughTools.Vim;

namespace PassthroughTools.PowerCli;

/// <summary>
/// An object of PowerCLI by the API's names: properties without regard to case, null arrays as empty ones, enumerations as the API's words, references
/// as such.
/// </summary>
internal class PowerCliData(object value) : VimData
{
    private const string ArrayPrefix = "ArrayOf";

    /// <inheritdoc/>
    public override string TypeName => Unwrap(value)!.GetType().Name;

    /// <inheritdoc/>
    public override string? Text(string path) => Get(path) switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        Enum word => Word(word.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <inheritdoc/>
    public override long? Number(string path) => Get(path) switch
    {
        sbyte or byte or short or ushort or int or uint or long => Convert.ToInt64(Get(path), CultureInfo.InvariantCulture),
        string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <inheritdoc/>
    public override bool? Flag(string path) => Get(path) switch
    {
        bool flag => flag,
        string text when bool.TryParse(text, out var flag) => flag,
        _ => null,
    };

    /// <inheritdoc/>
    public override DateTimeOffset? Time(string path) => Get(path) switch
    {
        DateTimeOffset time => time,
        // Without a kind it is UTC, as the API sends it.
        DateTime time => time.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(time, TimeSpan.Zero) : new DateTimeOffset(time),
        _ => null,
    };

    /// <inheritdoc/>
    public override VimData? Data(string path) => Get(path) is { } found && IsObject(found) ? new PowerCliData(found) : null;

    /// <inheritdoc/>
    public override IReadOnlyList<VimData> List(string path) => [.. Items(path).Where(IsObject).Select(item => new PowerCliData(item))];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Texts(string path) => [.. Items(path).OfType<string>()];

    /// <inheritdoc/>
    public override ManagedObject? Reference(string path) => ToReference(Get(path));

    /// <inheritdoc/>
    public override IReadOnlyList<ManagedObject> References(string path) => [.. Items(path).Select(ToReference).OfType<ManagedObject>()];

    /// <summary>Reads a ManagedObjectReference by its properties.</summary>
    /// <param name="value">Value.</param>
    public static ManagedObject? ToReference(object? value)
    {
        if (Unwrap(value) is not { } reference || !reference.GetType().Name.EndsWith("ManagedObjectReference", StringComparison.Ordinal)) return null;
        return Property(reference, "Type") is string type && Property(reference, "Value") is string id && type.Length > 0 && id.Length > 0 ? new ManagedObject(type, id) : null;
    }

    /// <summary>Reads a property without regard to case.</summary>
    /// <param name="value">Object.</param>
    /// <param name="name">Name.</param>
    public static object? Property(object value, string name) => Unwrap(LiveReference.Read(PSObject.AsPSObject(value), name));

    /// <summary>The items of an array, whether it comes as one or as an object around one.</summary>
    /// <param name="value">Value.</param>
    public static IEnumerable<object> Enumerate(object? value)
    {
        value = Unwrap(value);
        if (value is null or string) return value is null ? [] : [value];
        if (value is IEnumerable several) return several.Cast<object?>().Select(Unwrap).OfType<object>();
        if (!value.GetType().Name.StartsWith(ArrayPrefix, StringComparison.Ordinal)) return [value];
        return PSObject.AsPSObject(value).Properties.Select(property => Unwrap(property.Value)).OfType<Array>().FirstOrDefault()?.Cast<object?>().Select(Unwrap).OfType<object>() ?? [];
    }

    /// <summary>The value without PowerShell's wrapper.</summary>
    /// <param name="value">Value.</param>
    public static object? Unwrap(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>The value at a path.</summary>
    /// <param name="path">Name or path.</param>
    protected virtual object? Get(string path) => Follow(value, path);

    /// <summary>Follows a path from an object.</summary>
    /// <param name="start">Object.</param>
    /// <param name="path">Names, separated by dots.</param>
    protected static object? Follow(object? start, string path)
    {
        var current = start;
        foreach (var name in path.Split('.'))
        {
            if (current is null) return null;
            current = Property(current, name);
        }

        return current;
    }

    private IEnumerable<object> Items(string path) => Enumerate(Get(path));

    private static bool IsObject(object value) => value is not (string or ValueType or Array);

    // The API's words begin in lower case, and so do most of PowerCLI's.
    private static string Word(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}

/// <summary>The properties that a property collector returned, by path.</summary>
internal sealed class PowerCliProperties(object content, string type, IReadOnlyDictionary<string, object?> values) : PowerCliData(content)
{
    /// <inheritdoc/>
    public override string TypeName => type;

    /// <summary>The object at a path, as PowerCLI made it.</summary>
    /// <param name="path">Path.</param>
    public object? Raw(string path) => Get(path);

    /// <inheritdoc/>
    protected override object? Get(string path)
    {
        for (var key = path; ; key = key.Substring(0, key.LastIndexOf('.')))
        {
            if (values.TryGetValue(key, out var found)) return key.Length == path.Length ? found : Follow(found, path.Substring(key.Length + 1));
            if (key.LastIndexOf('.') < 0) return null;
        }
    }
}
