using PassthroughTools.Pci;

namespace PassthroughTools.Vmx;

/// <summary>A <c>pciPassthruN</c> entry of a virtual machine's configuration.</summary>
public sealed record PassthruSlot
{
    /// <summary>N of <c>pciPassthruN</c>; may be sparse and above 15.</summary>
    public required int Slot { get; init; }

    /// <summary>Plain passthrough or SR-IOV virtual function.</summary>
    public PassthruSlotKind Kind { get; init; }

    /// <summary>Host device; null where the id is absent or unreadable.</summary>
    public PciAddress? Address { get; init; }

    /// <summary>The id as written.</summary>
    public string? IdText { get; init; }

    /// <summary>True when the id reads as hexadecimal, which ESXi does not accept in a .vmx.</summary>
    public bool IsIdHexadecimal { get; init; }

    /// <summary>Physical function behind a virtual function.</summary>
    public PciAddress? PhysicalFunction { get; init; }

    /// <summary>Vendor identifier.</summary>
    public ushort? VendorId { get; init; }

    /// <summary>Device identifier.</summary>
    public ushort? DeviceId { get; init; }

    /// <summary>False when the entry says <c>present = "FALSE"</c>.</summary>
    public bool Present { get; init; } = true;

    /// <summary>Slot number in the guest's PCI bus; null when absent or -1.</summary>
    public int? PciSlotNumber { get; init; }

    /// <summary><c>msiEnabled</c>; null when absent, which means true.</summary>
    public bool? MsiEnabled { get; init; }
}

/// <summary>What a <c>pciPassthruN</c> entry stands for.</summary>
public enum PassthruSlotKind
{
    /// <summary>A whole PCI function.</summary>
    Passthrough,

    /// <summary>A virtual function of an SR-IOV adapter.</summary>
    SriovVf,

    /// <summary>An entry without an address that names no physical function either.</summary>
    Unknown,
}
