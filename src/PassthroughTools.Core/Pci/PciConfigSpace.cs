namespace PassthroughTools.Pci;

/// <summary>What a device's configuration space says of its interrupts.</summary>
public sealed record PciConfigSpace
{
    /// <summary>Address that heads the dump.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>Words behind the address in the heading, such as class and name.</summary>
    public string? Description { get; init; }

    /// <summary>Vendor identifier.</summary>
    public ushort VendorId { get; init; }

    /// <summary>Device identifier.</summary>
    public ushort DeviceId { get; init; }

    /// <summary>True when the dump is long enough to hold every capability.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Vectors that the MSI capability can give (1 to 32); null where there is none or the dump is too short.</summary>
    public int? MsiVectors { get; init; }

    /// <summary>Entries of the MSI-X table (1 to 2048); null where there is none or the dump is too short.</summary>
    public int? MsiXTableSize { get; init; }
}
