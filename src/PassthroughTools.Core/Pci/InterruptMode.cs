namespace PassthroughTools.Pci;

/// <summary>How a device signals interrupts.</summary>
public enum InterruptMode
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>The device has no interrupt, or none is set up.</summary>
    None,

    /// <summary>Line-based (INTx), through the IOAPIC.</summary>
    IntX,

    /// <summary>Message-signalled, 1 to 32 vectors.</summary>
    Msi,

    /// <summary>Message-signalled with a table, 1 to 2048 vectors.</summary>
    MsiX,
}
