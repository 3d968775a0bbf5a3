namespace PassthroughTools.Registry;

/// <summary>Interrupt settings of one PCI device instance in a Windows guest. A null value is an absent value.</summary>
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

    /// <summary><c>MSISupported</c>: false keeps the device on line-based interrupts.</summary>
    public bool? MsiSupported { get; init; }

    /// <summary><c>MessageNumberLimit</c>: most messages that Windows allocates.</summary>
    public int? MessageNumberLimit { get; init; }

    /// <summary>Most messages that the hardware offers, where the guest tells.</summary>
    public int? InterruptMessageMaximum { get; init; }

    /// <summary>N of <c>pciPassthruN</c>, where known.</summary>
    public int? Slot { get; init; }

    /// <summary>Whether a restart is needed for the settings to take effect; null when not known.</summary>
    public bool? RestartPending { get; init; }
}
