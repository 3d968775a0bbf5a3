namespace PassthroughTools.Vectors;

/// <summary>What is asked of a budget.</summary>
public sealed record BudgetOptions
{
    /// <summary>Vectors that should be left in every pool.</summary>
    public int Headroom { get; init; }

    /// <summary>True to count the devices of VMs that are off.</summary>
    public bool IncludePoweredOff { get; init; }

    /// <summary>VMs that are thought of as started on the host; null for none.</summary>
    public HostPlacement? Placement { get; init; }
}
