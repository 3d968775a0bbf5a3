namespace PassthroughTools.Evidence;

/// <summary>One file that the evidence could hold, and what became of it.</summary>
/// <param name="Name">Path relative to the host's folder, with forward slashes.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Detail">Why it was not read, or what it would have told.</param>
public sealed record EvidenceFile(string Name, EvidenceFileStatus Status, string? Detail = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Status}";
}

/// <summary>What became of a file of the evidence.</summary>
public enum EvidenceFileStatus
{
    /// <summary>Read.</summary>
    Read,

    /// <summary>Read in part; the detail says what was lost.</summary>
    Partial,

    /// <summary>Not there.</summary>
    Missing,

    /// <summary>There, and not readable as what it should be.</summary>
    Unreadable,
}
