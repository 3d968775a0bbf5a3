using PassthroughTools.Host;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vectors;

/// <summary>What is known of a few devices' drivers where neither the log nor the hardware tells.</summary>
public static class KnownDevices
{
    private static readonly (ushort Vendor, ushort Device, GuestFamily Guest, int Vectors, string Source)[] Passthrough =
    [
        (0x10df, 0xf100, GuestFamily.Windows, 32, "an outage on ESXi 5.0: the Windows driver of the Emulex LPe12000 asked for 32"),
    ];

    private static readonly (ushort Vendor, int Vectors)[] VirtualFunctions = [(0x8086, 3), (0x10df, 2)];

    /// <summary>What a device's driver asks for.</summary>
    /// <param name="vendor">Vendor identifier.</param>
    /// <param name="device">Device identifier.</param>
    /// <param name="guest">Family of the guest.</param>
    public static Figure? Find(ushort? vendor, ushort? device, GuestFamily guest)
    {
        foreach (var known in Passthrough)
        {
            if (known.Vendor == vendor && known.Device == device && known.Guest == guest)
            {
                // Another version of the driver may ask for fewer or for more: what was seen elsewhere is an estimate and bounds nothing.
                return Figure.Of(known.Vectors, Provenance.Assumed, "Seen once elsewhere: " + known.Source + ".", new SourceReference("table of known devices")) with { Minimum = 1, Maximum = null };
            }
        }

        return null;
    }

    /// <summary>
    /// What VMware's SR-IOV documents count for a virtual function, by the vendor of its adapter. The figures stand in the documents of 6.0 to 7.0; on
    /// other versions they are an estimate. Where the function's table has room for more, its driver may ask for more.
    /// </summary>
    /// <param name="vendor">Vendor identifier of the physical function.</param>
    /// <param name="version">Version of the host.</param>
    /// <param name="table">Size of the virtual function's MSI-X table, or null.</param>
    /// <param name="asked">The most that a function of the same adapter asked for by the log, or null: more than the planning figure refutes it.</param>
    public static Figure? FindVirtualFunction(ushort? vendor, EsxVersion? version, int? table, int? asked = null)
    {
        foreach (var known in VirtualFunctions)
        {
            if (known.Vendor != vendor) continue;
            var vectors = Math.Min(known.Vectors, table ?? known.Vectors);
            var source = new SourceReference("vSphere Networking, SR-IOV and the number of interrupt vectors");
            if (version is null || !version.IsAtLeast(6, 0) || version.IsAtLeast(8, 0))
                return Figure.Of(vectors, Provenance.Assumed, "VMware's planning figure for a virtual function of this vendor, from the documents of 6.0 to 7.0.", source) with { Minimum = Math.Min(1, vectors), Maximum = table };
            var figure = Figure.Of(vectors, Provenance.Documented, "VMware's planning figure for a virtual function of this vendor.", source);
            if (asked > known.Vectors)
                return figure with { Provenance = Provenance.Assumed, Explanation = FormattableString.Invariant($"VMware's planning figure for a virtual function of this vendor; one here asked for {asked}, so it is no bound."), Minimum = Math.Min(1, vectors), Maximum = table };
            return table > vectors ? figure with { Explanation = FormattableString.Invariant($"VMware's planning figure for a virtual function of this vendor; its MSI-X table has room for {table}."), Maximum = table } : figure;
        }

        return null;
    }
}
