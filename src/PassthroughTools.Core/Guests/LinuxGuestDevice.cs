using PassthroughTools.Pci;

namespace PassthroughTools.Guests;

/// <summary>
/// A PCI device of a Linux guest. Its interrupts are the driver's own business: <see cref="Parameters"/> and <see cref="Advice"/> name the knob.
/// What a Windows guest has and Linux has not stays null.
/// </summary>
public sealed record LinuxGuestDevice
{
    /// <summary>Virtual machine or computer.</summary>
    public string? VM { get; init; }

    /// <summary>Class and name as lspci prints them; null without lspci.</summary>
    public string? Device { get; init; }

    /// <summary>Address in the guest, not on the host.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Vendor and device, as <c>10df:f100</c>.</summary>
    public string? HardwareId { get; init; }

    /// <summary>Null: Linux has no such value.</summary>
    public bool? MsiSupported { get; }

    /// <summary>Null: Linux has no such value.</summary>
    public int? MessageNumberLimit { get; }

    /// <summary>Size of the MSI-X table; null without one, or without lspci.</summary>
    public int? InterruptMessageMaximum { get; init; }

    /// <summary>Where the device is plugged in: device and function of each bridge, then of the device (<c>16.0/00.0</c>); null where sysfs was not read.</summary>
    public string? BusPath { get; init; }

    /// <summary>N of <c>pciPassthruN</c>, where it is certain; null otherwise, and <see cref="SlotNote"/> says why.</summary>
    public int? Slot { get; init; }

    /// <summary>What <see cref="Slot"/> was concluded from, or why it is not known; null where the VM's slots were not looked at.</summary>
    public string? SlotNote { get; init; }

    /// <summary>Null: not told by the guest.</summary>
    public bool? RestartPending { get; }

    /// <summary>Mode that the device runs in; <see cref="InterruptMode.Unknown"/> without lspci.</summary>
    public InterruptMode Mode { get; init; }

    /// <summary>MSI or MSI-X vectors that the kernel has set up for it; null where sysfs was not read.</summary>
    public int? Vectors { get; init; }

    /// <summary>Kernel driver in use.</summary>
    public string? Driver { get; init; }

    /// <summary>The driver's parameters that bear on interrupts, with their values now.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Parameter of the driver that can be told to ask for less; null where none is known.</summary>
    public string? Advice { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{VM} {InstanceId}".TrimStart();
}
