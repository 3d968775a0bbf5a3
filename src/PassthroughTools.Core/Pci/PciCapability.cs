using System.Globalization;

namespace PassthroughTools.Pci;

/// <summary>An entry of the capability chain or of the extended capability chain.</summary>
/// <param name="Id">Identifier that the PCI-SIG assigned.</param>
/// <param name="Name">Its name; the number in words where it is not known.</param>
/// <param name="Offset">Place in configuration space, in bytes.</param>
/// <param name="Version">Version of an extended capability; 0 for others.</param>
public sealed record PciCapability(int Id, string Name, int Offset, int Version = 0)
{
    /// <inheritdoc/>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "[{0:x2}] {1}", Offset, Name);
}

/// <summary>Message-signalled interrupts (capability 05).</summary>
public sealed record PciMsiCapability
{
    /// <summary>Place in configuration space.</summary>
    public required int Offset { get; init; }

    /// <summary>True when the device signals by MSI.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>Vectors that it can use, 1 to 32; null when the register holds a reserved value.</summary>
    public int? Capable { get; init; }

    /// <summary>Vectors that the system granted it, 1 to 32; null when the register holds a reserved value. Without meaning unless enabled.</summary>
    public int? Granted { get; init; }

    /// <summary>True when it can send to a 64-bit address.</summary>
    public bool Is64Bit { get; init; }

    /// <summary>True when each vector can be masked.</summary>
    public bool HasPerVectorMask { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var capable = Capable?.ToString(CultureInfo.InvariantCulture) ?? "?";
        var granted = Granted?.ToString(CultureInfo.InvariantCulture) ?? "?";
        return (IsEnabled ? $"enabled, {granted} of {capable} vectors" : $"disabled, {capable} vectors")
            + (Is64Bit ? ", 64-bit" : "") + (HasPerVectorMask ? ", maskable" : "");
    }
}

/// <summary>Message-signalled interrupts with a table (capability 11).</summary>
public sealed record PciMsiXCapability
{
    /// <summary>Place in configuration space.</summary>
    public required int Offset { get; init; }

    /// <summary>True when the device signals by MSI-X.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>Entries of the table, 1 to 2048.</summary>
    public int TableSize { get; init; }

    /// <summary>True when all vectors are masked.</summary>
    public bool IsFunctionMasked { get; init; }

    /// <summary>BAR that holds the table; null when not in the dump.</summary>
    public int? TableBar { get; init; }

    /// <summary>Place of the table within its BAR, in bytes.</summary>
    public uint? TableOffset { get; init; }

    /// <summary>BAR that holds the pending bits; null when not in the dump.</summary>
    public int? PbaBar { get; init; }

    /// <summary>Place of the pending bits within their BAR, in bytes.</summary>
    public uint? PbaOffset { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Format(
        CultureInfo.InvariantCulture,
        "{0}{1}, {2} vectors, table at BAR {3} + {4:x}, pending bits at BAR {5} + {6:x}",
        IsEnabled ? "enabled" : "disabled", IsFunctionMasked ? " and masked" : "", TableSize,
        TableBar?.ToString(CultureInfo.InvariantCulture) ?? "?", TableOffset, PbaBar?.ToString(CultureInfo.InvariantCulture) ?? "?", PbaOffset);
}

/// <summary>PCI Express (capability 10).</summary>
public sealed record PciExpressCapability
{
    /// <summary>Place in configuration space.</summary>
    public required int Offset { get; init; }

    /// <summary>Version of the capability.</summary>
    public int Version { get; init; }

    /// <summary>What the function is.</summary>
    public PciExpressType Type { get; init; }

    /// <summary>Vector that the port's own events use.</summary>
    public int InterruptMessage { get; init; }

    /// <summary>True when the port leads to a slot.</summary>
    public bool HasSlot { get; init; }

    /// <summary>Number of that slot; null when there is none or it is not in the dump.</summary>
    public int? SlotNumber { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Type + (HasSlot ? $", slot {SlotNumber?.ToString(CultureInfo.InvariantCulture) ?? "?"}" : "");
}

/// <summary>What a PCI Express function is; the values are those of the register.</summary>
public enum PciExpressType
{
    /// <summary>Endpoint.</summary>
    Endpoint = 0,

    /// <summary>Endpoint with legacy features.</summary>
    LegacyEndpoint = 1,

    /// <summary>Root port.</summary>
    RootPort = 4,

    /// <summary>Upstream port of a switch.</summary>
    UpstreamPort = 5,

    /// <summary>Downstream port of a switch.</summary>
    DownstreamPort = 6,

    /// <summary>Bridge from PCI Express to PCI or PCI-X.</summary>
    PcieToPciBridge = 7,

    /// <summary>Bridge from PCI or PCI-X to PCI Express.</summary>
    PciToPcieBridge = 8,

    /// <summary>Endpoint within the root complex.</summary>
    RootComplexEndpoint = 9,

    /// <summary>Event collector of the root complex.</summary>
    RootComplexEventCollector = 10,
}

/// <summary>Single-root I/O virtualisation (extended capability 0010) of a physical function.</summary>
public sealed record PciSriovCapability
{
    /// <summary>Place in configuration space.</summary>
    public required int Offset { get; init; }

    /// <summary>True when virtual functions are switched on.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>Virtual functions that come with the device at first.</summary>
    public int InitialVfs { get; init; }

    /// <summary>Virtual functions that it can have.</summary>
    public int TotalVfs { get; init; }

    /// <summary>Virtual functions that are configured.</summary>
    public int NumVfs { get; init; }

    /// <summary>Device identifier of the virtual functions.</summary>
    public ushort VfDeviceId { get; init; }

    /// <summary>Distance of the first virtual function's routing ID from the physical function's.</summary>
    public int VfOffset { get; init; }

    /// <summary>Distance between the routing IDs of two virtual functions.</summary>
    public int VfStride { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{(IsEnabled ? "enabled" : "disabled")}, {NumVfs} of {TotalVfs} VFs, device {VfDeviceId:x4}";
}

/// <summary>A base address register.</summary>
/// <param name="Index">Number of the register, 0 to 5.</param>
/// <param name="Kind">What it maps.</param>
/// <param name="Address">Base address without the flag bits; 0 when not assigned.</param>
/// <param name="IsPrefetchable">True for memory that may be prefetched.</param>
/// <param name="Raw">The register as read; both halves where it is 64 bits wide.</param>
public sealed record PciBar(int Index, PciBarKind Kind, ulong Address, bool IsPrefetchable, ulong Raw)
{
    /// <inheritdoc/>
    public override string ToString() => string.Format(
        CultureInfo.InvariantCulture, "BAR {0}: {1} at {2:x}{3}", Index, Kind, Address, IsPrefetchable ? ", prefetchable" : "");
}

/// <summary>What a base address register maps.</summary>
public enum PciBarKind
{
    /// <summary>I/O ports.</summary>
    Io,

    /// <summary>Memory below 4 GiB.</summary>
    Memory32,

    /// <summary>Memory anywhere; takes two registers.</summary>
    Memory64,

    /// <summary>Memory below 1 MiB (obsolete).</summary>
    MemoryBelow1M,

    /// <summary>A reserved memory type.</summary>
    Reserved,
}
