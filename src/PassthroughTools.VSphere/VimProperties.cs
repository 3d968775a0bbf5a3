using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <summary>
/// The properties of a managed object that were retrieved, by path. A path that goes further than a retrieved one is followed into its value; one that
/// stops short of some is the object that they are parts of.
/// </summary>
internal sealed class VimProperties(string type, string prefix, IReadOnlyList<KeyValuePair<string, VimElement>> values) : VimData
{
    /// <inheritdoc/>
    public override string TypeName { get; } = type;

    /// <inheritdoc/>
    public override string? Text(string path) => First(path)?.Value;

    /// <inheritdoc/>
    public override long? Number(string path) => First(path)?.AsNumber;

    /// <inheritdoc/>
    public override bool? Flag(string path) => First(path)?.AsFlag;

    /// <inheritdoc/>
    public override DateTimeOffset? Time(string path) => First(path)?.AsTime;

    /// <inheritdoc/>
    public override VimData? Data(string path)
    {
        if (First(path) is { } element) return element.AsData;
        var below = prefix + path + ".";
        return values.Any(value => value.Key.StartsWith(below, StringComparison.Ordinal)) ? new VimProperties("", below, values) : null;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<VimData> List(string path) => All(path);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Texts(string path) => [.. All(path).Select(item => item.Value).OfType<string>()];

    /// <inheritdoc/>
    public override ManagedObject? Reference(string path) => First(path)?.AsReference;

    /// <inheritdoc/>
    public override IReadOnlyList<ManagedObject> References(string path) => [.. All(path).Select(item => item.AsReference).OfType<ManagedObject>()];

    private VimElement? First(string path) => Find(prefix + path, out var rest) is { } value ? rest is null ? value : value.First(rest) : null;

    private IReadOnlyList<VimElement> All(string path) => Find(prefix + path, out var rest) is { } value ? rest is null ? value.Items : value.All(rest) : [];

    // The value with the longest path that leads to the one asked for. There are a few dozen at most.
    private VimElement? Find(string path, out string? rest)
    {
        VimElement? found = null;
        var length = -1;
        foreach (var value in values)
        {
            var key = value.Key;
            if (key.Length <= length || key.Length > path.Length || !path.StartsWith(key, StringComparison.Ordinal)) continue;
            if (key.Length < path.Length && path[key.Length] != '.') continue;
            found = value.Value;
            length = key.Length;
        }

        rest = length < 0 || length == path.Length ? null : path.Substring(length + 1);
        return found;
    }
}
