namespace PassthroughTools.Registry;

/// <summary>A change of one device instance's interrupt settings. What is neither set nor removed stays.</summary>
public sealed record GuestMsiChange
{
    /// <summary><c>PCI\VEN_…\instance</c>.</summary>
    public required string InstanceId { get; init; }

    /// <summary>New <c>MSISupported</c>.</summary>
    public bool? MsiSupported { get; init; }

    /// <summary>True to remove <c>MSISupported</c>.</summary>
    public bool RemoveMsiSupported { get; init; }

    /// <summary>New <c>MessageNumberLimit</c>: 1, 2, 4, 8 or 16 for MSI, 1 to 2048 for MSI-X.</summary>
    public int? MessageNumberLimit { get; init; }

    /// <summary>True to remove <c>MessageNumberLimit</c>.</summary>
    public bool RemoveMessageNumberLimit { get; init; }
}

/// <summary>One registry value that changes.</summary>
/// <param name="InstanceId">Device instance.</param>
/// <param name="KeyPath">Key of the value.</param>
/// <param name="Name">Name of the value.</param>
/// <param name="OldValue">Content before; null when absent.</param>
/// <param name="NewValue">Content afterwards; null when absent.</param>
public sealed record GuestMsiStep(string InstanceId, string KeyPath, string Name, RegData? OldValue, RegData? NewValue);

/// <summary>What to import for a change, and what to import to undo it.</summary>
public sealed record GuestMsiChangeSet
{
    /// <summary>Values that differ; empty when all is as asked for already.</summary>
    public IReadOnlyList<GuestMsiStep> Steps { get; init; } = [];

    /// <summary>Script that makes the change.</summary>
    public required RegDocument Change { get; init; }

    /// <summary>Script that undoes it: absent values and keys become absent again.</summary>
    public required RegDocument Inverse { get; init; }

    /// <summary>What is valid only under a condition that the export doesn't tell.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
