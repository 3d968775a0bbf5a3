using PassthroughTools.Pci;

namespace PassthroughTools.Host;

/// <summary>
/// A record of <c>esxcli hardware pci list</c>. A property is null where that release of ESXi does not print the field, prints it blank,
/// or prints a number that stands for none (-1, 4294967295).
/// </summary>
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

    /// <summary>Subsystem vendor identifier.</summary>
    public ushort? SubVendorId { get; init; }

    /// <summary>Subsystem identifier.</summary>
    public ushort? SubDeviceId { get; init; }

    /// <summary>Class and subclass, such as 0x0c04 for Fibre Channel.</summary>
    public ushort? DeviceClass { get; init; }

    /// <summary>Class in words.</summary>
    public string? DeviceClassName { get; init; }

    /// <summary>Programming interface: the third byte of the class code.</summary>
    public byte? ProgrammingInterface { get; init; }

    /// <summary>Revision.</summary>
    public byte? RevisionId { get; init; }

    /// <summary>Interrupt line register of the configuration space, as the firmware wrote it.</summary>
    public int? InterruptLine { get; init; }

    /// <summary>Line-based interrupt request; 255 means none.</summary>
    public int? Irq { get; init; }

    /// <summary>Line-based vector; 0 means none, not that no MSI is in use.</summary>
    public int? InterruptVector { get; init; }

    /// <summary>Pin as printed.</summary>
    public int? PciPin { get; init; }

    /// <summary>Bus behind a bridge; 0 when the device is none.</summary>
    public int? SpawnedBus { get; init; }

    /// <summary>Flags of the vmkernel; not documented.</summary>
    public int? Flags { get; init; }

    /// <summary>Number of the vmkernel module that drives it.</summary>
    public int? ModuleId { get; init; }

    /// <summary>vmkernel module that drives it.</summary>
    public string? ModuleName { get; init; }

    /// <summary>Chassis number.</summary>
    public int? Chassis { get; init; }

    /// <summary>Number of the physical slot.</summary>
    public int? PhysicalSlot { get; init; }

    /// <summary>The firmware's name of the slot.</summary>
    public string? SlotDescription { get; init; }

    /// <summary>Whether it can be passed through.</summary>
    public bool? PassthruCapable { get; init; }

    /// <summary>Bridge above it.</summary>
    public PciAddress? ParentDevice { get; init; }

    /// <summary>Device that has to be passed through with it; itself where it stands alone.</summary>
    public PciAddress? DependentDevice { get; init; }

    /// <summary>How it is reset between VMs.</summary>
    public string? ResetMethod { get; init; }

    /// <summary>Whether the device can be shared by VMs while others of its dependency group are elsewhere.</summary>
    public bool? FptSharable { get; init; }

    /// <summary>Address in the device layer (7.0 and later).</summary>
    public string? DeviceLayerBusAddress { get; init; }

    /// <summary>NUMA node (7.0 and later).</summary>
    public int? NumaNode { get; init; }

    /// <summary>Extended device identifier as printed (7.0 and later); not documented.</summary>
    public string? ExtendedDeviceId { get; init; }

    /// <summary>All fields as printed, in order, those that no property knows included.</summary>
    public FieldTable Fields { get; init; } = new();

    /// <summary>File that the record was read from; null for piped text.</summary>
    public string? Source { get; init; }

    /// <summary>1-based line where the record begins.</summary>
    public int Line { get; init; }

    /// <summary>What was odd about the record: fields that are missing, values that can't be read, lines that don't belong.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Address} {VMkernelName ?? DeviceName}".TrimEnd();
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
