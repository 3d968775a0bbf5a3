using PassthroughTools.Pci;

namespace PassthroughTools.Host;

/// <summary>A row of <c>lspci -p</c> (<c>vmkvsitools lspci -p</c>).</summary>
public sealed record LspciTableRow
{
    /// <summary>
    /// PCI address; null where the table (4.x) does not show whether its numbers are decimal or hexadecimal and this one would differ.
    /// </summary>
    public PciAddress? Address { get; init; }

    /// <summary>Address as printed.</summary>
    public required string AddressText { get; init; }

    /// <summary>Vendor identifier.</summary>
    public ushort VendorId { get; init; }

    /// <summary>Device identifier.</summary>
    public ushort DeviceId { get; init; }

    /// <summary>Subsystem vendor identifier; null when blank.</summary>
    public ushort? SubVendorId { get; init; }

    /// <summary>Subsystem identifier; null when blank.</summary>
    public ushort? SubDeviceId { get; init; }

    /// <summary>ISA interrupt; 255 means none; null when blank.</summary>
    public int? IsaIrq { get; init; }

    /// <summary>Line-based interrupt request; null when blank.</summary>
    public int? Irq { get; init; }

    /// <summary>Line-based vector; blank (null) for devices that use MSI or MSI-X, whatever number of vectors they hold.</summary>
    public int? Vector { get; init; }

    /// <summary>Interrupt pin, A to D; null when there is none (printed as <c>@</c>) or it is blank.</summary>
    public string? Pin { get; init; }

    /// <summary>Column M as printed, such as V or P. What each code means is not documented, so it is not interpreted.</summary>
    public string? OwnerCode { get; init; }

    /// <summary>vmkernel module that drives it.</summary>
    public string? Module { get; init; }

    /// <summary>Name in the vmkernel, such as vmnic0.</summary>
    public string? Name { get; init; }

    /// <summary>File that the row was read from; null for piped text.</summary>
    public string? Source { get; init; }

    /// <summary>1-based line of the row.</summary>
    public int Line { get; init; }

    /// <summary>What was odd about the row.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{AddressText} {Name}".TrimEnd();
}
