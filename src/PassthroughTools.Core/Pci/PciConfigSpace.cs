using System.Globalization;

namespace PassthroughTools.Pci;

/// <summary>
/// What a device's configuration space says of its identity and its interrupts, decoded by <see cref="PciConfigSpaceReader"/>.
/// A value that the dump does not hold is null; <see cref="IsComplete"/> tells whether null can be read as "the device has none".
/// </summary>
public sealed record PciConfigSpace
{
    /// <summary>Address that heads the dump.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>Words behind the address in the heading, such as class and name.</summary>
    public string? Description { get; init; }

    /// <summary>Vendor identifier; 0 when not in the dump, ffff for an SR-IOV virtual function, whose own register reads so.</summary>
    public ushort VendorId { get; init; }

    /// <summary>Device identifier; as <see cref="VendorId"/>.</summary>
    public ushort DeviceId { get; init; }

    /// <summary>Vendor and device identifier as <c>10df:f100</c>.</summary>
    public string HardwareId => string.Format(CultureInfo.InvariantCulture, "{0:x4}:{1:x4}", VendorId, DeviceId);

    /// <summary>Base class and subclass, such as 0x0c04 for Fibre Channel.</summary>
    public ushort? ClassCode { get; init; }

    /// <summary>Programming interface within the class.</summary>
    public byte? ProgrammingInterface { get; init; }

    /// <summary>Revision identifier.</summary>
    public byte? RevisionId { get; init; }

    /// <summary>Layout of the header.</summary>
    public PciHeaderType HeaderType { get; init; } = PciHeaderType.Unknown;

    /// <summary>True when the slot holds more functions than this one; only function 0 says so.</summary>
    public bool? IsMultifunction { get; init; }

    /// <summary>Subsystem vendor: from the header, or from capability 0d of a bridge.</summary>
    public ushort? SubsystemVendorId { get; init; }

    /// <summary>Subsystem device; as <see cref="SubsystemVendorId"/>.</summary>
    public ushort? SubsystemId { get; init; }

    /// <summary>Line-based interrupt pin; null when reserved or not in the dump.</summary>
    public PciInterruptPin? InterruptPin { get; init; }

    /// <summary>What firmware or system noted as the interrupt line; 255 means none.</summary>
    public byte? InterruptLine { get; init; }

    /// <summary>Bit 10 of the command register: the device may not use its pin.</summary>
    public bool? IsIntXDisabled { get; init; }

    /// <summary>
    /// How the device would signal now: MSI-X where enabled, else MSI where enabled, else INTx where it has a pin that is not disabled.
    /// <see cref="InterruptMode.Unknown"/> when the dump is too short to tell.
    /// </summary>
    public InterruptMode CurrentMode { get; init; }

    /// <summary>Vectors that the MSI capability can give (1 to 32); null where there is none or the dump is too short.</summary>
    public int? MsiVectors { get; init; }

    /// <summary>Entries of the MSI-X table (1 to 2048); null where there is none or the dump is too short.</summary>
    public int? MsiXTableSize { get; init; }

    /// <summary>MSI capability; null where there is none or the dump is too short.</summary>
    public PciMsiCapability? Msi { get; init; }

    /// <summary>MSI-X capability; null where there is none or the dump is too short.</summary>
    public PciMsiXCapability? MsiX { get; init; }

    /// <summary>PCI Express capability; null where there is none or the dump is too short.</summary>
    public PciExpressCapability? Express { get; init; }

    /// <summary>SR-IOV extended capability; null where there is none or the dump is too short.</summary>
    public PciSriovCapability? Sriov { get; init; }

    /// <summary>Base address registers of the header, in order; the upper half of a 64-bit one is not listed apart.</summary>
    public IReadOnlyList<PciBar> Bars { get; init; } = [];

    /// <summary>Capabilities in the order of their chain.</summary>
    public IReadOnlyList<PciCapability> Capabilities { get; init; } = [];

    /// <summary>Extended capabilities (from 0x100 on) in the order of their chain.</summary>
    public IReadOnlyList<PciCapability> ExtendedCapabilities { get; init; } = [];

    /// <summary>Length of the dump in bytes, up to the last byte given: 64, 128, 256 or 4096 as a rule.</summary>
    public int Length { get; init; }

    /// <summary>
    /// True when the chain of capabilities was read to its end and MSI and MSI-X are decoded, so that a null
    /// <see cref="MsiVectors"/> or <see cref="MsiXTableSize"/> means that the device lacks the capability.
    /// </summary>
    public bool IsComplete { get; init; }

    /// <summary>The same for the extended capabilities and <see cref="Sriov"/>; also true of a device that can't have any.</summary>
    public bool IsExtendedComplete { get; init; }

    /// <summary>True when every byte reads ff: the device did not answer.</summary>
    public bool IsGone { get; init; }

    /// <summary>What is odd, damaged or missing, in words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>File that the dump came from; null for piped text.</summary>
    public string? Source { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Address} {HardwareId}";
}

/// <summary>Layout of a configuration header.</summary>
public enum PciHeaderType
{
    /// <summary>Not in the dump, or a value that no standard defines.</summary>
    Unknown = -1,

    /// <summary>A device (type 0).</summary>
    Normal = 0,

    /// <summary>A bridge or port (type 1).</summary>
    Bridge = 1,

    /// <summary>A CardBus bridge (type 2).</summary>
    CardBus = 2,
}

/// <summary>Pin of a line-based interrupt.</summary>
public enum PciInterruptPin
{
    /// <summary>The device has none.</summary>
    None,

    /// <summary>INTA#.</summary>
    A,

    /// <summary>INTB#.</summary>
    B,

    /// <summary>INTC#.</summary>
    C,

    /// <summary>INTD#.</summary>
    D,
}
