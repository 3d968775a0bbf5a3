using PassthroughTools.Pci;

namespace PassthroughTools.Host;

/// <summary>A row of <c>esxcli hardware pci pcipassthru list</c> (ESXi 7.0 and later).</summary>
/// <param name="Address">PCI address.</param>
/// <param name="Enabled">Whether pass-through is switched on for it.</param>
public sealed record EsxcliPassthruDevice(PciAddress Address, bool Enabled)
{
    /// <summary>File that the row was read from; null for piped text.</summary>
    public string? Source { get; init; }

    /// <summary>1-based line of the row.</summary>
    public int Line { get; init; }

    /// <summary>Label by which assignable devices are chosen; null where there is none or the source does not tell.</summary>
    public string? HardwareLabel { get; init; }

    /// <summary>Virtual functions of an SR-IOV adapter that are there now; null where the source does not tell.</summary>
    public int? VirtualFunctions { get; init; }

    /// <summary>What was odd about the text.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Address} {(Enabled ? "enabled" : "disabled")}";
}
