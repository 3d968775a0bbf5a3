using System.Globalization;

namespace PassthroughTools.Pci;

/// <summary>
/// A PCI function's address. Prints as <c>ssss:bb:dd.f</c> in lower-case hexadecimal, as <c>esxcli</c> and <c>lspci</c> do.
/// Orders by segment, bus, device and function.
/// </summary>
/// <param name="Segment">Segment (domain), 0 to 0xffff; Linux numbers the domains it makes up for itself from 0x10000.</param>
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

    /// <summary>As ESXi writes <c>pciPassthruN.id</c>: decimal, <c>00000:013:00.0</c>.</summary>
    public string ToVmxString() =>
        string.Format(CultureInfo.InvariantCulture, "{0:d5}:{1:d3}:{2:d2}.{3:d}", Segment, Bus, Device, Function);

    /// <summary>As newer releases write it in <c>/etc/vmware/esx.conf</c>: decimal, <c>0000:00:31.2</c>.</summary>
    public string ToEsxConfString() =>
        string.Format(CultureInfo.InvariantCulture, "{0:d4}:{1:d2}:{2:d2}.{3:d}", Segment, Bus, Device, Function);

    private long Key => ((long)Segment << 16) | ((long)Bus << 8) | ((long)Device << 3) | (uint)Function;
}
