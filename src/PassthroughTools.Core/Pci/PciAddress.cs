using System.Globalization;

namespace PassthroughTools.Pci;

/// <summary>A PCI function's address. Prints as <c>ssss:bb:dd.f</c> in lower-case hexadecimal, as <c>esxcli</c> and <c>lspci</c> do.</summary>
/// <param name="Segment">Segment (domain), 0 to 0xffff.</param>
/// <param name="Bus">Bus, 0 to 0xff.</param>
/// <param name="Device">Device (slot), 0 to 0x1f.</param>
/// <param name="Function">Function, 0 to 7.</param>
public readonly partial record struct PciAddress(int Segment, int Bus, int Device, int Function) : IComparable<PciAddress>, IComparable
{
    /// <inheritdoc/>
    public int CompareTo(PciAddress other) => Key.CompareTo(other.Key);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is PciAddress other ? CompareTo(other) : 1;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Format(CultureInfo.InvariantCulture, "{0:x4}:{1:x2}:{2:x2}.{3:x}", Segment, Bus, Device, Function);

    private long Key => ((long)Segment << 16) | ((long)Bus << 8) | ((long)Device << 3) | (uint)Function;
}
