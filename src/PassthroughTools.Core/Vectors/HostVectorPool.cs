namespace PassthroughTools.Vectors;

/// <summary>One pool of one host: what it holds, what the host takes, what passthrough devices ask for, what is left.</summary>
public sealed record HostVectorPool
{
    /// <summary>Host.</summary>
    public required string HostName { get; init; }

    /// <summary>Which pool.</summary>
    public required InterruptPool Pool { get; init; }

    /// <summary>Vectors or cookies in all; null when unknown.</summary>
    public int? Capacity => CapacityFigure.Value;

    /// <summary>Taken by the host's own devices; null when unknown.</summary>
    public int? HostUse => HostUseFigure.Value;

    /// <summary>Asked for by the passthrough devices that count; null when unknown.</summary>
    public int? Demand => DemandFigure.Value;

    /// <summary>Capacity less host use less demand, negative when it does not fit; null when any of them is unknown.</summary>
    public int? Headroom => Capacity - HostUse - Demand;

    /// <summary>Headroom that was asked for.</summary>
    public int RequestedHeadroom { get; init; }

    /// <summary>Whether it fits.</summary>
    public BudgetVerdict Verdict { get; init; }

    /// <summary>The weakest provenance of the figures.</summary>
    public Provenance Provenance
    {
        get
        {
            var weakest = CapacityFigure.Provenance;
            if (HostUseFigure.Provenance < weakest) weakest = HostUseFigure.Provenance;
            return DemandFigure.Provenance < weakest ? DemandFigure.Provenance : weakest;
        }
    }

    /// <summary>Where <see cref="Capacity"/> comes from.</summary>
    public required Figure CapacityFigure { get; init; }

    /// <summary>Where <see cref="HostUse"/> comes from.</summary>
    public required Figure HostUseFigure { get; init; }

    /// <summary>Where <see cref="Demand"/> comes from.</summary>
    public required Figure DemandFigure { get; init; }

    /// <summary>The sum in words, such as <c>170 - 26 - (8 x 32) = -112</c>.</summary>
    public string Arithmetic { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Pool + " " + Verdict;
}
