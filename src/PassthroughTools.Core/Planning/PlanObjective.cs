namespace PassthroughTools.Planning;

/// <summary>What makes one plan better than another: each compares its figures in the order given, first difference wins.</summary>
public enum PlanObjective
{
    /// <summary>Fewest VMs changed, then fewest devices without MSI, then fewest vectors taken away.</summary>
    FewestReboots = 0,

    /// <summary>
    /// Like devices (<see cref="PlanDevice.LikeKey"/>) all get the same action and limit; fewest devices without MSI, then fewest vectors
    /// taken away, then fewest VMs changed.
    /// </summary>
    EvenShare = 1,

    /// <summary>As <see cref="FewestReboots"/>, with no limits: only keep, MSI off and IOAPIC are considered.</summary>
    MsiOff = 2,
}
