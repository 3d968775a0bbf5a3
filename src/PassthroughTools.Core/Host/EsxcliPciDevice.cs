using PassthroughTools.Pci;

namespace PassthroughTools.Host;

/// <summary>A record of <c>esxcli hardware pci list</c>.</summary>
public sealed record EsxcliPciDevice
{
    /// <summary>PCI address.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>Name in the vmkernel, such as vmhba1; null when none.</summary>
    public string? VMkernelName { get; init; }

    /// <summary>Vendor.</summary>
    public string? VendorName { get; init; }

    /// <summary>Device.</summary>
    public string? DeviceName { get; init; }

    /// <summary>Who is to own it after the next boot.</summary>
    public PciOwner ConfiguredOwner { get; init; }

    /// <summary>Who owns it now.</summary>
    public PciOwner CurrentOwner { get; init; }

    /// <summary>Vendor identifier.</summary>
    public ushort? VendorId { get; init; }

    /// <summary>Device identifier.</summary>
    public ushort? DeviceId { get; init; }

    /// <summary>Line-based vector; 0 means none, not that no MSI is in use.</summary>
    public int? InterruptVector { get; init; }

    /// <summary>Line-based interrupt request; 255 means none.</summary>
    public int? Irq { get; init; }

    /// <summary>vmkernel module that drives it.</summary>
    public string? ModuleName { get; init; }

    /// <summary>Whether it can be passed through.</summary>
    public bool? PassthruCapable { get; init; }
}

/// <summary>Owner of a PCI device.</summary>
public enum PciOwner
{
    /// <summary>None, or not known to ESXi.</summary>
    Unknown,

    /// <summary>The vmkernel.</summary>
    VMkernel,

    /// <summary>Set aside for virtual machines.</summary>
    VMPassthru,
}
