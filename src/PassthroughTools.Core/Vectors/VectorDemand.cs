using PassthroughTools.Evidence;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vectors;

/// <summary>What one passthrough device or virtual function asks of its host.</summary>
public sealed record VectorDemand
{
    /// <summary>Host that the device sits in.</summary>
    public required string HostName { get; init; }

    /// <summary>Virtual machine that uses it; null where the evidence names none.</summary>
    public string? VM { get; init; }

    /// <summary>N of <c>pciPassthruN</c>; null where no .vmx was given.</summary>
    public int? Slot { get; init; }

    /// <summary>Plain passthrough or virtual function.</summary>
    public PassthruSlotKind Kind { get; init; }

    /// <summary>Host address; null where it is not known.</summary>
    public PciAddress? Address { get; init; }

    /// <summary>Vendor identifier.</summary>
    public ushort? VendorId { get; init; }

    /// <summary>Device identifier.</summary>
    public ushort? DeviceId { get; init; }

    /// <summary>Name of the device as the host lists it.</summary>
    public string? DeviceName { get; init; }

    /// <summary>Power state of the VM.</summary>
    public VMPowerState PowerState { get; init; }

    /// <summary>Family of the guest's operating system.</summary>
    public GuestFamily GuestFamily { get; init; }

    /// <summary>True when the device counts in the budget (its VM is on, or asked to be counted).</summary>
    public bool IsCounted { get; init; }

    /// <summary>Vectors that the driver asks for without any limit of ours; null when unknown.</summary>
    public int? Requested => RequestedFigure.Value;

    /// <summary>Where <see cref="Requested"/> comes from.</summary>
    public required Figure RequestedFigure { get; init; }

    /// <summary><c>MessageNumberLimit</c> in the guest; null when absent or unknown.</summary>
    public int? MessageNumberLimit { get; init; }

    /// <summary><c>MSISupported</c> in the guest; null when absent or unknown.</summary>
    public bool? MsiSupported { get; init; }

    /// <summary><c>pciPassthruN.msiEnabled</c>; null when absent, which means true.</summary>
    public bool? MsiEnabled { get; init; }

    /// <summary>Mode in which the guest's driver runs the device.</summary>
    public InterruptMode VirtualMode { get; init; }

    /// <summary>Mode in which the host runs the device; it follows from the .vmx and the guest together.</summary>
    public InterruptMode PhysicalMode { get; init; }

    /// <summary>Vectors taken after all limits that are known to apply; null when unknown.</summary>
    public int? Demand => DemandFigure.Value;

    /// <summary>Where <see cref="Demand"/> comes from.</summary>
    public required Figure DemandFigure { get; init; }

    /// <summary>The most MSI messages that it may take although it counts with MSI-X, where its mode is not known for sure; null where it is.</summary>
    internal int? MsiAtMost { get; init; }

    /// <summary>Mode in which it may be run until the guest's next start, where that is another than <see cref="PhysicalMode"/>; null where it is not.</summary>
    internal InterruptMode? HeldMode { get; init; }

    /// <summary>How sure <see cref="Demand"/> is.</summary>
    public Provenance Provenance => DemandFigure.Provenance;

    /// <summary>The log line by which the device was last refused its vectors; null when it never was.</summary>
    public PassthruLogEvent? Failure { get; init; }

    /// <summary>Remarks for the admin, such as a setting that has no effect.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Address?.ToString() ?? "?"} {VM ?? "-"}: {Demand?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}");
}
