namespace PassthroughTools.Tests.Host;

/// <summary>Records in the shape of each ESXi generation, made up for the tests.</summary>
internal static class PciListSamples
{
    /// <summary>6.x: a Fibre Channel port passed through, and a network port that the vmkernel drives.</summary>
    public const string Six = """
        0000:af:00.0
           Address: 0000:af:00.0
           Segment: 0x0000
           Bus: 0xaf
           Slot: 0x00
           Function: 0x0
           VMkernel Name: vmhba3
           Vendor Name: Emulex Corporation
           Device Name: LPe12000: 8Gb Fibre Channel Host Adapter
           Configured Owner: VM Passthru
           Current Owner: VM Passthru
           Vendor ID: 0x10df
           Device ID: 0xf100
           SubVendor ID: 0x10df
           SubDevice ID: 0xf100
           Device Class: 0x0c04
           Device Class Name: Fibre Channel
           Programming Interface: 0x00
           Revision ID: 0x03
           Interrupt Line: 0x0b
           IRQ: 255
           Interrupt Vector: 0x00
           PCI Pin: 0x00
           Spawned Bus: 0x00
           Flags: 0x3401
           Module ID: 21
           Module Name: pciPassthru
           Chassis: 0
           Physical Slot: 4294967295
           Slot Description: Chassis slot 2; function 0; relative bdf 02:00.0
           Passthru Capable: true
           Parent Device: PCI 0:174:0:0
           Dependent Device: PCI 0:175:0:2
           Reset Method: Function reset
           FPT Sharable: true

        0000:02:00.1
           Address: 0000:02:00.1
           Segment: 0x0000
           Bus: 0x02
           Slot: 0x00
           Function: 0x1
           VMkernel Name: vmnic5
           Vendor Name: Intel Corporation
           Device Name: Ethernet Controller
           Configured Owner: Unknown
           Current Owner: VMkernel
           Vendor ID: 0x8086
           Device ID: 0x1528
           SubVendor ID: 0x103c
           SubDevice ID: 0x192d
           Device Class: 0x0200
           Device Class Name: Ethernet controller
           Programming Interface: 0x00
           Revision ID: 0x01
           Interrupt Line: 0x0a
           IRQ: 10
           Interrupt Vector: 0x32
           PCI Pin: 0x01
           Spawned Bus: 0x00
           Flags: 0x3201
           Module ID: 4133
           Module Name: ixgbe
           Chassis: 0
           Physical Slot: 2
           Slot Description: CPU1 SLOT2 PCI-E 3.0 X4 (IN X8 SLOT)
           Passthru Capable: false
           Parent Device: PCI 0:0:1:1
           Dependent Device: PCI 0:2:0:1
           Reset Method: Function reset
           FPT Sharable: false

        """;

    /// <summary>7.0 and later: three more fields.</summary>
    public static readonly string Seven = Six.Replace("Physical Slot: 4294967295", "Physical Slot: -1", StringComparison.Ordinal)
        .Replace("FPT Sharable: true", "FPT Sharable: true\n   Device Layer Bus Address: s00000004.00\n   NUMA Node: -1\n   Extended Device ID: 0", StringComparison.Ordinal)
        .Replace("FPT Sharable: false", "FPT Sharable: false\n   Device Layer Bus Address: s00000002.01\n   NUMA Node: 1\n   Extended Device ID: 65535", StringComparison.Ordinal);

    /// <summary>5.x: three-digit decimal addresses.</summary>
    public static readonly string Five = Six.Replace("0000:af:00.0", "000:175:00.0", StringComparison.Ordinal)
        .Replace("0000:02:00.1", "000:002:00.1", StringComparison.Ordinal)
        .Replace("Spawned Bus", "Spawned bus", StringComparison.Ordinal);
}
