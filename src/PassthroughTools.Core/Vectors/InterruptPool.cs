namespace PassthroughTools.Vectors;

/// <summary>A host resource that passthrough devices can use up.</summary>
public enum InterruptPool
{
    /// <summary>ESXi 5.x: one pool of x86 vectors for the whole host.</summary>
    HostVectors,

    /// <summary>ESXi 6.0 and later: MSI-X vectors, a range on each physical CPU.</summary>
    MsixVectors,

    /// <summary>ESXi 7.0 U1 to 8.0: host-wide vectors below <c>intrFirstMsixVector</c>, for INTx and MSI.</summary>
    GlobalVectors,

    /// <summary>ESXi 6.0 and later: interrupt cookies, the vmkernel's interrupt objects (<c>maxIntrCookies</c>).</summary>
    InterruptCookies,
}

/// <summary>Whether demand fits, weakest statement first.</summary>
public enum BudgetVerdict
{
    /// <summary>A figure that the answer depends on is missing or contradicted.</summary>
    Unknown = 0,

    /// <summary>Demand and the host's own use fit, with the asked-for headroom.</summary>
    Fits = 1,

    /// <summary>They fit, with less than the asked-for headroom left.</summary>
    Tight = 2,

    /// <summary>They do not fit.</summary>
    Exceeds = 3,
}
