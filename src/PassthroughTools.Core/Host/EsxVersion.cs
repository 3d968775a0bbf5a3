namespace PassthroughTools.Host;

/// <summary>Version of ESXi, such as 8.0 Update 2. Versions compare by major, minor and update; the build only tells equal ones apart.</summary>
/// <param name="Major">Major version.</param>
/// <param name="Minor">Minor version.</param>
/// <param name="Update">Update; 0 for the first release.</param>
/// <param name="Build">Build number, where known.</param>
public sealed partial record EsxVersion(int Major, int Minor, int Update = 0, long? Build = null) : IComparable<EsxVersion>, IComparable
{
    /// <summary>False when the text that was parsed did not say which update it is, and 0 was taken for granted. No part of equality.</summary>
    public bool IsUpdateKnown { get; init; } = true;

    /// <inheritdoc/>
    public bool Equals(EsxVersion? other) =>
        other is not null && (Major, Minor, Update, Build).Equals((other.Major, other.Minor, other.Update, other.Build));

    /// <inheritdoc/>
    public override int GetHashCode() => (Major, Minor, Update, Build).GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(EsxVersion? other) =>
        other is null ? 1 : (Major, Minor, Update).CompareTo((other.Major, other.Minor, other.Update));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as EsxVersion);

    /// <summary>True when this version is the given one or a later one.</summary>
    /// <param name="major">Major version.</param>
    /// <param name="minor">Minor version.</param>
    /// <param name="update">Update.</param>
    public bool IsAtLeast(int major, int minor, int update = 0) => CompareTo(new EsxVersion(major, minor, update)) >= 0;

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Major}.{Minor}") + (Update > 0 ? FormattableString.Invariant($" U{Update}") : "");
}
