namespace PassthroughTools.Vmx;

/// <summary>One setting of a .vmx.</summary>
public sealed record VmxEntry
{
    /// <summary>Key as written; keys are compared without regard to case.</summary>
    public required string Key { get; init; }

    /// <summary>Value, decoded and unescaped.</summary>
    public required string Value { get; init; }

    /// <summary>1-based line.</summary>
    public required int Line { get; init; }

    /// <summary>What is wrong with the line; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Key} = \"{Value}\"";
}
