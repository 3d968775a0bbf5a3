using System.Globalization;

namespace PassthroughTools.Pci;

/// <summary>Names of the capability identifiers in the PCI-SIG's code and ID assignment.</summary>
internal static class PciCapabilityNames
{
    private static readonly string[] Standard =
    [
        "Null", "Power Management", "AGP", "Vital Product Data", "Slot Identification", "MSI", "CompactPCI Hot Swap", "PCI-X",
        "HyperTransport", "Vendor Specific", "Debug Port", "CompactPCI Resource Control", "Hot-Plug", "Subsystem ID", "AGP 8x", "Secure Device",
        "PCI Express", "MSI-X", "SATA Configuration", "Advanced Features", "Enhanced Allocation", "Flattening Portal Bridge",
    ];

    private static readonly string[] Extended =
    [
        "Null", "Advanced Error Reporting", "Virtual Channel", "Device Serial Number", "Power Budgeting", "Root Complex Link Declaration",
        "Root Complex Internal Link Control", "Root Complex Event Collector Association", "Multi-Function Virtual Channel",
        "Virtual Channel (MFVC present)", "Root Complex Register Block", "Vendor Specific", "Configuration Access Correlation",
        "Access Control Services", "Alternative Routing-ID", "Address Translation Services", "SR-IOV", "MR-IOV", "Multicast", "Page Request",
        "Reserved for AMD", "Resizable BAR", "Dynamic Power Allocation", "TPH Requester", "Latency Tolerance Reporting", "Secondary PCI Express",
        "Protocol Multiplexing", "Process Address Space ID", "LN Requester", "Downstream Port Containment", "L1 PM Substates",
        "Precision Time Measurement", "PCI Express over M-PHY", "FRS Queueing", "Readiness Time Reporting", "Designated Vendor Specific",
        "VF Resizable BAR", "Data Link Feature", "Physical Layer 16 GT/s", "Lane Margining at the Receiver", "Hierarchy ID",
        "Native PCIe Enclosure Management", "Physical Layer 32 GT/s", "Alternate Protocol", "System Firmware Intermediary", "Shadow Functions",
        "Data Object Exchange", "Device 3", "Integrity and Data Encryption", "Physical Layer 64 GT/s",
    ];

    /// <summary>Name of a capability.</summary>
    /// <param name="id">Identifier.</param>
    public static string Of(int id) => Lookup(Standard, id, "x2");

    /// <summary>Name of an extended capability.</summary>
    /// <param name="id">Identifier.</param>
    public static string OfExtended(int id) => Lookup(Extended, id, "x4");

    private static string Lookup(string[] names, int id, string format) =>
        id < names.Length ? names[id] : "Capability " + id.ToString(format, CultureInfo.InvariantCulture);
}
