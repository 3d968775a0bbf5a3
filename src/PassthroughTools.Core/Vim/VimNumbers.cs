using System.Globalization;
using PassthroughTools.Pci;

namespace PassthroughTools.Vim;

/// <summary>Numbers of PCI devices as the API sends them: signed, so that bus 0xc8 comes as -56 and vendor 0x8086 as -32634.</summary>
internal static class VimNumbers
{
    private const int MostSlot = 0x1f;
    private const int MostFunction = 7;

    /// <summary>A 16-bit identifier, signed or not.</summary>
    /// <param name="data">Object.</param>
    /// <param name="name">Property.</param>
    public static ushort? Identifier(VimData data, string name) => data.Number(name) is { } number ? (ushort)(number & 0xffff) : null;

    /// <summary>A 16-bit identifier that the API sends as hexadecimal text, with or without 0x.</summary>
    /// <param name="text">Text.</param>
    public static ushort? HexIdentifier(string? text)
    {
        text = (text ?? "").Trim();
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) text = text.Substring(2);
        return ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>An address as the API writes it: hexadecimal.</summary>
    /// <param name="text">Text such as 0000:c8:00.0.</param>
    public static PciAddress? Address(string? text) => PciAddress.TryParse(text, PciAddressNotation.Hexadecimal, out var address) ? address : null;

    /// <summary>The address of a HostPciDevice: by its identifier, else by bus, slot and function, which may be signed and know no segment.</summary>
    /// <param name="device">HostPciDevice.</param>
    public static PciAddress? AddressOf(VimData device)
    {
        if (Address(device.Text("id")) is { } address) return address;
        if (device.Number("bus") is not { } bus || device.Number("slot") is not { } slot || device.Number("function") is not { } function) return null;
        return (slot & 0xff) <= MostSlot && (function & 0xff) <= MostFunction ? new PciAddress(0, (int)(bus & 0xff), (int)(slot & 0xff), (int)(function & 0xff)) : null;
    }
}
