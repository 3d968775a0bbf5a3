namespace PassthroughTools;

/// <summary>How sure a figure is, weakest first, so that the weakest of several is their minimum.</summary>
public enum Provenance
{
    /// <summary>Nothing is known.</summary>
    Unknown = 0,

    /// <summary>Taken for granted for want of anything better; no source says so.</summary>
    Assumed = 1,

    /// <summary>Concluded from other figures by the reasoning that the explanation gives.</summary>
    Inferred = 2,

    /// <summary>Stated by the vendor or a standard.</summary>
    Documented = 3,

    /// <summary>Read from this host, VM or guest.</summary>
    Measured = 4,
}
