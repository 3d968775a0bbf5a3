namespace PassthroughTools.Registry;

/// <summary>One value line of a .reg document.</summary>
public sealed record RegValue
{
    /// <summary>Path of the key above it.</summary>
    public required string KeyPath { get; init; }

    /// <summary>Name; empty for the default value (<c>@</c>).</summary>
    public required string Name { get; init; }

    /// <summary>Type and content; null for a deletion (<c>"x"=-</c>).</summary>
    public RegData? Data { get; init; }

    /// <summary>1-based line.</summary>
    public int Line { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{(Name.Length == 0 ? "@" : Name)} = {Data?.ToString() ?? "-"}";
}

/// <summary>One key heading of a .reg document with the values below it.</summary>
public sealed record RegKey
{
    /// <summary>Full path.</summary>
    public required string Path { get; init; }

    /// <summary>True for <c>[-path]</c>: the key and all below it are deleted on import.</summary>
    public bool IsDeletion { get; init; }

    /// <summary>1-based line.</summary>
    public int Line { get; init; }

    /// <summary>Values in the file's order.</summary>
    public IReadOnlyList<RegValue> Values { get; init; } = [];
}
