using System.Globalization;
using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <summary>
/// An element of an answer, values kept as the text that was sent. An array that is a field repeats its element; one that is a property is an element of
/// type ArrayOf… around its items.
/// </summary>
internal sealed class VimElement(string name, string type, string? referenceType, string? text, VimElement[] children) : VimData
{
    private const string ArrayPrefix = "ArrayOf";
    private readonly VimElement[] _children = children;

    /// <summary>Name of the element.</summary>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public override string TypeName { get; } = type;

    /// <summary>Elements within.</summary>
    public IReadOnlyList<VimElement> Children => _children;

    /// <summary>Value of an element without elements; an empty text where there is neither.</summary>
    public string? Value { get; } = text;

    /// <summary>The reference, where it is one.</summary>
    public ManagedObject? AsReference => referenceType is not null && Value is { Length: > 0 } value ? new ManagedObject(referenceType, value) : null;

    /// <summary>The items of an array that is a property; an element that is none is its only item.</summary>
    public IReadOnlyList<VimElement> Items => TypeName.StartsWith(ArrayPrefix, StringComparison.Ordinal) ? _children : [this];

    /// <inheritdoc/>
    public override string? Text(string path) => First(path)?.Value;

    /// <inheritdoc/>
    public override long? Number(string path) => First(path)?.AsNumber;

    /// <inheritdoc/>
    public override bool? Flag(string path) => First(path)?.AsFlag;

    /// <inheritdoc/>
    public override DateTimeOffset? Time(string path) => First(path)?.AsTime;

    /// <inheritdoc/>
    public override VimData? Data(string path) => First(path)?.AsData;

    /// <inheritdoc/>
    public override IReadOnlyList<VimData> List(string path) => All(path);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Texts(string path) => [.. All(path).Select(item => item.Value).OfType<string>()];

    /// <inheritdoc/>
    public override ManagedObject? Reference(string path) => First(path)?.AsReference;

    /// <inheritdoc/>
    public override IReadOnlyList<ManagedObject> References(string path) => [.. All(path).Select(item => item.AsReference).OfType<ManagedObject>()];

    /// <summary>Whole number.</summary>
    public long? AsNumber => long.TryParse(Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Boolean.</summary>
    public bool? AsFlag => Value switch { "true" or "1" => true, "false" or "0" => false, _ => null };

    /// <summary>Point in time; without a zone it is UTC.</summary>
    public DateTimeOffset? AsTime =>
        DateTimeOffset.TryParse(Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>Itself, unless it is a plain value.</summary>
    public VimElement? AsData => Value is { Length: > 0 } ? null : this;

    /// <summary>The first element at a path below this one.</summary>
    /// <param name="path">Names, separated by dots.</param>
    public VimElement? First(string path)
    {
        var element = this;
        for (var start = 0; element is not null && start <= path.Length;)
        {
            var end = path.IndexOf('.', start);
            if (end < 0) end = path.Length;
            element = element.Child(path, start, end - start);
            start = end + 1;
        }

        return element;
    }

    /// <summary>All elements of the path's last name, below the first element of the rest.</summary>
    /// <param name="path">Names, separated by dots.</param>
    public IReadOnlyList<VimElement> All(string path)
    {
        var cut = path.LastIndexOf('.');
        var parent = cut < 0 ? this : First(path.Substring(0, cut));
        if (parent is null) return [];
        var last = path.Substring(cut + 1);
        var found = Array.FindAll(parent._children, child => child.Name == last);
        return found is [var only] ? only.Items : found;
    }

    private VimElement? Child(string path, int start, int length)
    {
        foreach (var child in _children)
        {
            if (child.Name.Length == length && string.CompareOrdinal(child.Name, 0, path, start, length) == 0) return child;
        }

        return null;
    }
}
