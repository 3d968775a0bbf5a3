namespace PassthroughTools.Registry;

/// <summary>A key in the state that a .reg document describes once its lines are applied in order.</summary>
internal sealed class RegNode(string path, string name, RegNode? parent)
{
    /// <summary>The registry's own limit; deeper headings are not read.</summary>
    public const int MaxDepth = 512;

    private Dictionary<string, RegNode>? _children;
    private Dictionary<string, List<RegValue>>? _values;

    public string Path => path;

    public string Name => name;

    public RegNode? Parent => parent;

    /// <summary>True when a heading names the key, not only a key below it: then all of its values are there.</summary>
    public bool IsExplicit { get; set; }

    public IEnumerable<RegNode> Children => _children?.Values ?? Enumerable.Empty<RegNode>();

    public IEnumerable<IReadOnlyList<RegValue>> Values => _values?.Values ?? Enumerable.Empty<IReadOnlyList<RegValue>>();

    public RegNode? Child(string childName) => _children is not null && _children.TryGetValue(childName, out var child) ? child : null;

    /// <summary>All lines that set a value, the effective one last; empty where it is absent.</summary>
    public IReadOnlyList<RegValue> Value(string valueName) => _values is not null && _values.TryGetValue(valueName, out var values) ? values : [];

    /// <summary>The key's descendants and itself, parents first.</summary>
    public IEnumerable<RegNode> Subtree()
    {
        var open = new Stack<RegNode>();
        open.Push(this);
        while (open.Count > 0)
        {
            var node = open.Pop();
            yield return node;
            foreach (var child in node.Children.Reverse()) open.Push(child);
        }
    }

    /// <summary>Finds a key; null when it is absent.</summary>
    public RegNode? Find(string keyPath)
    {
        var node = this;
        foreach (var segment in keyPath.Split('\\'))
        {
            if (node.Child(segment) is not { } child) return null;
            node = child;
        }

        return node;
    }

    public RegNode FindOrAdd(string keyPath)
    {
        var node = this;
        foreach (var segment in keyPath.Split('\\'))
        {
            var children = node._children ??= new(StringComparer.OrdinalIgnoreCase);
            if (!children.TryGetValue(segment, out var child))
            {
                child = new RegNode(node.Parent is null ? segment : node.Path + "\\" + segment, segment, node);
                children.Add(segment, child);
            }

            node = child;
        }

        return node;
    }

    /// <summary>Deletes a key with all below it.</summary>
    public void Delete(string keyPath)
    {
        if (Find(keyPath) is { Parent: { } above } node) above._children!.Remove(node.Name);
    }

    public void Apply(RegValue value)
    {
        var values = _values ??= new(StringComparer.OrdinalIgnoreCase);
        if (value.Data is null)
        {
            values.Remove(value.Name);
            return;
        }

        if (!values.TryGetValue(value.Name, out var lines)) values.Add(value.Name, lines = []);
        lines.Add(value);
    }
}
