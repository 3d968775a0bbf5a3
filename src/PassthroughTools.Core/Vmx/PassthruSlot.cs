using PassthroughTools.Pci;

namespace PassthroughTools.Vmx;

/// <summary>A <c>pciPassthruN</c> entry of a virtual machine's configuration.</summary>
public sealed record PassthruSlot
{
    /// <summary>N of <c>pciPassthruN</c>; may be sparse and above 15.</summary>
    public required int Slot { get; init; }

    /// <summary>Plain passthrough or SR-IOV virtual function.</summary>
    public PassthruSlotKind Kind { get; init; }

    /// <summary>Host device; null where the id is absent, unreadable, hexadecimal or contradicted by a repeated key.</summary>
    public PciAddress? Address { get; init; }

    /// <summary>The id as written.</summary>
    public string? IdText { get; init; }

    /// <summary>True when the id reads as hexadecimal, which ESXi does not accept in a .vmx.</summary>
    public bool IsIdHexadecimal { get; init; }

    /// <summary>
    /// What the id would name if its numbers were hexadecimal; null where it is surely decimal. With <see cref="IsIdHexadecimal"/> it can't be anything
    /// else; without, it looks like the output of esxcli or lspci and was read as decimal.
    /// </summary>
    public PciAddress? AddressIfHexadecimal { get; init; }

    /// <summary>Physical function behind a virtual function.</summary>
    public PciAddress? PhysicalFunction { get; init; }

    /// <summary>Vendor identifier; null where absent or 0, as for a virtual function not yet chosen.</summary>
    public ushort? VendorId { get; init; }

    /// <summary>Device identifier; null where absent or 0.</summary>
    public ushort? DeviceId { get; init; }

    /// <summary>Subsystem vendor identifier.</summary>
    public ushort? SubsystemVendorId { get; init; }

    /// <summary>Subsystem identifier.</summary>
    public ushort? SubsystemId { get; init; }

    /// <summary>The host that the entry was made on, as <c>esxcli system uuid get</c> prints; null for <c>BYPASS</c>.</summary>
    public string? SystemId { get; init; }

    /// <summary>False when the entry says <c>present = "FALSE"</c>.</summary>
    public bool Present { get; init; } = true;

    /// <summary>Slot number in the guest's PCI bus; null when absent or -1.</summary>
    public int? PciSlotNumber { get; init; }

    /// <summary>
    /// Where the guest finds the device, as <see cref="PciSlotNumber"/> and the VM's bridges tell: device and function of each bridge, then of the device
    /// (<c>16.0/00.0</c>); null where it can't be told.
    /// </summary>
    public string? GuestPath { get; init; }

    /// <summary><c>msiEnabled</c>; null when absent, which means true. See <see cref="MsiMode"/>, which tells an unreadable value from an absent one.</summary>
    public bool? MsiEnabled { get; init; }

    /// <summary>What <c>msiEnabled</c> asks for.</summary>
    public PassthruMsiMode MsiMode { get; init; }

    /// <summary>True for an assignable device (dynamic DirectPath I/O): any device of <c>allowedDevices</c>, chosen at power-on.</summary>
    public bool IsDynamic { get; init; }

    /// <summary>Devices that an assignable device may become; null where they are not known or the entry is no assignable device.</summary>
    public IReadOnlyList<AllowedPassthruDevice>? AllowedDevices { get; init; }

    /// <summary>Label that the host's device must have to be assigned; null where there is none.</summary>
    public string? HardwareLabel { get; init; }

    /// <summary>True where <see cref="Slot"/> was told from the order of the API's devices: no entry proves it, so nothing should be written by it.</summary>
    public bool IsSlotInferred { get; init; }

    /// <summary>Every key of the entry, without <c>pciPassthruN.</c>, with its value.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is doubtful about the entry.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"pciPassthru{Slot} {Address?.ToString() ?? IdText}").TrimEnd();
}

/// <summary>A kind of device that may be assigned to a VM when it powers on.</summary>
/// <param name="VendorId">Vendor identifier.</param>
/// <param name="DeviceId">Device identifier.</param>
/// <param name="SubVendorId">Subsystem vendor identifier; null for any.</param>
/// <param name="SubDeviceId">Subsystem identifier; null for any.</param>
public sealed record AllowedPassthruDevice(ushort VendorId, ushort DeviceId, ushort? SubVendorId = null, ushort? SubDeviceId = null);

/// <summary>What a <c>pciPassthruN</c> entry stands for.</summary>
public enum PassthruSlotKind
{
    /// <summary>A whole PCI function.</summary>
    Passthrough,

    /// <summary>A virtual function of an SR-IOV adapter.</summary>
    SriovVf,

    /// <summary>An entry without an address that names no physical function either: assignable devices, vGPUs, leftovers.</summary>
    Unknown,
}
