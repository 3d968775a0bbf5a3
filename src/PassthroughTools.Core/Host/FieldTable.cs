using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace PassthroughTools.Host;

/// <summary>Fields of a record in the order in which they were printed; names are compared without regard to case.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A table of fields, named for what it is; it is read like a dictionary.")]
public sealed class FieldTable : IReadOnlyDictionary<string, string>
{
    private readonly List<KeyValuePair<string, string>> _fields = [];

    /// <inheritdoc/>
    public int Count => _fields.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _fields.Select(pair => pair.Key);

    /// <inheritdoc/>
    public IEnumerable<string> Values => _fields.Select(pair => pair.Value);

    /// <inheritdoc/>
    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no field '{key}'.");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
#if NETSTANDARD2_0
    public bool TryGetValue(string key, out string value)
#else
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
#endif
    {
        // A record has some 35 fields: a search in order is as fast as hashing, and keeps the order for free.
        foreach (var field in _fields)
        {
            if (!string.Equals(field.Key, key, StringComparison.OrdinalIgnoreCase)) continue;
            value = field.Value;
            return true;
        }

        value = null!;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds a field unless there is one of that name.</summary>
    /// <param name="key">Name.</param>
    /// <param name="value">Value as printed.</param>
    internal bool TryAdd(string key, string value)
    {
        if (ContainsKey(key)) return false;
        _fields.Add(new KeyValuePair<string, string>(key, value));
        return true;
    }

    /// <summary>Value of a field; null when absent or blank.</summary>
    /// <param name="key">Name.</param>
    internal string? Get(string key) => TryGetValue(key, out var value) ? HostText.NullIfBlank(value) : null;
}
