namespace PassthroughTools.Evidence;

/// <summary>Two sources that say different things of one host.</summary>
/// <param name="Area">What kind of thing.</param>
/// <param name="Subject">Which thing: the version, a device's address, a setting, a VM and what of it.</param>
/// <param name="Source">Where the first value comes from.</param>
/// <param name="Value">First value.</param>
/// <param name="OtherSource">Where the other value comes from.</param>
/// <param name="OtherValue">Other value.</param>
public sealed record Disagreement(DisagreementArea Area, string Subject, string Source, string Value, string OtherSource, string OtherValue)
{
    /// <summary>What is made of it: the more cautious reading, or none.</summary>
    public string Consequence { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Subject}: {Value} by {Source}, {OtherValue} by {OtherSource}. {Consequence}".TrimEnd();
}

/// <summary>What sources disagree on.</summary>
public enum DisagreementArea
{
    /// <summary>Version or build.</summary>
    Version,

    /// <summary>Number of logical CPUs.</summary>
    LogicalCpus,

    /// <summary>A kernel setting.</summary>
    KernelSetting,

    /// <summary>A PCI device or its owner.</summary>
    Device,

    /// <summary>Whether there is such a VM.</summary>
    VM,

    /// <summary>A VM's power state.</summary>
    PowerState,

    /// <summary>A VM's passthrough slots.</summary>
    Slots,
}
