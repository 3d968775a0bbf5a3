using PassthroughTools.Pci;

namespace PassthroughTools.Registry;

/// <summary>Interrupt settings of one PCI device instance in a Windows guest. A null value is an absent value, unless <see cref="Unreadable"/> names it.</summary>
public sealed record GuestMsiSetting
{
    /// <summary>Virtual machine.</summary>
    public string? VM { get; init; }

    /// <summary>Name of the device as Windows shows it.</summary>
    public string? Device { get; init; }

    /// <summary><c>PCI\VEN_…&amp;DEV_…\instance</c>.</summary>
    public required string InstanceId { get; init; }

    /// <summary><c>PCI\VEN_…&amp;DEV_…&amp;SUBSYS_…&amp;REV_…</c>.</summary>
    public string? HardwareId { get; init; }

    /// <summary>Vendor identifier.</summary>
    public ushort? VendorId { get; init; }

    /// <summary>Device identifier.</summary>
    public ushort? DeviceId { get; init; }

    /// <summary>Subsystem identifier.</summary>
    public ushort? SubsystemId { get; init; }

    /// <summary>Subsystem vendor identifier.</summary>
    public ushort? SubsystemVendorId { get; init; }

    /// <summary><c>MSISupported</c>: false keeps the device on line-based interrupts.</summary>
    public bool? MsiSupported { get; init; }

    /// <summary><c>MessageNumberLimit</c>: most messages that Windows allocates.</summary>
    public int? MessageNumberLimit { get; init; }

    /// <summary><c>DevicePriority</c> of the affinity policy: 0 undefined, 1 low, 2 normal, 3 high.</summary>
    public int? DevicePriority { get; init; }

    /// <summary><c>DevicePolicy</c> of the affinity policy, Windows' IRQ_DEVICE_POLICY.</summary>
    public int? AffinityPolicy { get; init; }

    /// <summary>A value named <c>MSIEnabled</c>, which guides give from memory. Windows documents no such value; it is shown, never written.</summary>
    public bool? LegacyMsiEnabled { get; init; }

    /// <summary>Most messages that the hardware offers, where the guest tells.</summary>
    public int? InterruptMessageMaximum { get; init; }

    /// <summary>Kinds of interrupt that the hardware offers, where the guest tells.</summary>
    public GuestInterruptSupport? InterruptSupport { get; init; }

    /// <summary>Bus, device and function in the guest.</summary>
    public PciAddress? GuestLocation { get; init; }

    /// <summary>Device class, such as SCSIAdapter.</summary>
    public string? Class { get; init; }

    /// <summary>Driver's service name.</summary>
    public string? Service { get; init; }

    /// <summary>Driver's key below <c>Control\Class</c>.</summary>
    public string? Driver { get; init; }

    /// <summary>Driver's version, where the guest tells; an export of <c>Enum\PCI</c> does not have it.</summary>
    public string? DriverVersion { get; init; }

    /// <summary>Whether the device is there now; null when not known. An export keeps devices that are long gone and doesn't tell them apart.</summary>
    public bool? IsPresent { get; init; }

    /// <summary>
    /// Where the device is plugged in: device and function of each bridge, then of the device (<c>16.0/00.0</c>); null where the guest does not tell, as
    /// Windows before 8 and Server 2012, and an export.
    /// </summary>
    public string? BusPath { get; init; }

    /// <summary>N of <c>pciPassthruN</c>, where it is certain; null otherwise, and <see cref="SlotNote"/> says why.</summary>
    public int? Slot { get; init; }

    /// <summary>What <see cref="Slot"/> was concluded from, or why it is not known; null where the VM's slots were not looked at.</summary>
    public string? SlotNote { get; init; }

    /// <summary>
    /// Whether a restart is needed for the settings to take effect. True when Windows says so. False when Windows does not and the keys of the settings were
    /// last written before the guest started, both by the guest's clock. Null when not known: the keys were written since, and Windows does not tell whether
    /// the device was restarted after that.
    /// </summary>
    public bool? RestartPending { get; init; }

    /// <summary>When the keys of the settings were last written, by the guest's clock; null where the guest does not tell.</summary>
    public DateTimeOffset? SettingsWritten { get; init; }

    /// <summary>
    /// Value names that were read from another type than REG_DWORD. Whether Windows honours such a value is not known, so what depends on it is not sure.
    /// </summary>
    public IReadOnlyList<string> WrongType { get; init; } = [];

    /// <summary>Value names that are there and can't be read, or are there twice.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>What is doubtful about the settings.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Registry key of the instance.</summary>
    public string? KeyPath { get; init; }

    /// <summary>File that it was read from.</summary>
    public string? Source { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{VM} {Device ?? HardwareId ?? InstanceId}".TrimStart();
}

/// <summary>Kinds of interrupt of a device, as Windows' DEVPKEY_PciDevice_InterruptSupport gives them.</summary>
[Flags]
public enum GuestInterruptSupport
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Line-based.</summary>
    LineBased = 1,

    /// <summary>MSI.</summary>
    Msi = 2,

    /// <summary>MSI-X.</summary>
    MsiX = 4,
}
