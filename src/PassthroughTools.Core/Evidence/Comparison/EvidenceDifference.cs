namespace PassthroughTools.Evidence.Comparison;

/// <summary>Something that two collections of a host do not agree on.</summary>
public sealed record EvidenceDifference
{
    /// <summary>Host, as the reference names it.</summary>
    public required string HostName { get; init; }

    /// <summary>What it is about.</summary>
    public required EvidenceArea Area { get; init; }

    /// <summary>What differs: a setting, a device and one of its properties, a VM, a pool and one of its figures.</summary>
    public required string Name { get; init; }

    /// <summary>Value in the reference; null when absent.</summary>
    public string? Reference { get; init; }

    /// <summary>Value in the other collection; null when absent.</summary>
    public string? Difference { get; init; }

    /// <summary>Kind of change from the reference to the other.</summary>
    public required EvidenceChange Change { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Area} {Name}: {Reference ?? "-"} -> {Difference ?? "-"}";
}

/// <summary>What a difference is about.</summary>
public enum EvidenceArea
{
    /// <summary>Version of ESXi, number of CPUs.</summary>
    Version,

    /// <summary>Kernel setting.</summary>
    Setting,

    /// <summary>PCI device of the host.</summary>
    Device,

    /// <summary>vmkernel module that drives a device.</summary>
    Driver,

    /// <summary>Virtual machine.</summary>
    VM,

    /// <summary>Passthrough slot of a virtual machine.</summary>
    Slot,

    /// <summary>Interrupt setting in a guest.</summary>
    GuestSetting,

    /// <summary>What a device asks for.</summary>
    Demand,

    /// <summary>Figures of a pool.</summary>
    Pool,

    /// <summary>Verdict of the budget.</summary>
    Verdict,

    /// <summary>File of the evidence: there or not, readable or not.</summary>
    File,
}

/// <summary>Kind of change.</summary>
public enum EvidenceChange
{
    /// <summary>Only the other collection has it.</summary>
    Added,

    /// <summary>Only the reference has it.</summary>
    Removed,

    /// <summary>Both have it, with different values.</summary>
    Changed,
}
