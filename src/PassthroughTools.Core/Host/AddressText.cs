using System.Globalization;
using PassthroughTools.Pci;

namespace PassthroughTools.Host;

/// <summary>
/// REPLACE ON MERGE with <c>PciAddress.TryParse(text, notation, out address)</c>, which has the same signature; nothing else in this folder
/// parses addresses. Knows only what the readers here meet.
/// </summary>
internal static class AddressText
{
    /// <summary>Parses an address by the notation of its source.</summary>
    public static bool TryParse(string? text, PciAddressNotation notation, out PciAddress address)
    {
        address = default;
        var body = text?.Trim() ?? "";
        if (notation == PciAddressNotation.EsxcliParent)
        {
            if (!body.StartsWith("PCI", StringComparison.OrdinalIgnoreCase)) return false;
            var numbers = body.Substring(3).Trim().Split(':');
            return numbers.Length == 4 && Build(numbers[0], numbers[1], numbers[2], numbers[3], hexadecimal: false, out address);
        }

        var dot = body.LastIndexOf('.');
        if (dot < 0) return false;
        var parts = body.Substring(0, dot).Split(':');
        if (parts.Length is not (2 or 3)) return false;
        var bus = parts[parts.Length - 2];

        // A three-digit bus cannot be hexadecimal (ff is the last bus): ESXi 5.x prints 000:000:31.2 for what lspci elsewhere calls 00:1f.2.
        var hexadecimal = notation == PciAddressNotation.Hexadecimal || (notation == PciAddressNotation.Log && bus.Length < 3);
        return Build(parts.Length == 3 ? parts[0] : "0", bus, parts[parts.Length - 1], body.Substring(dot + 1), hexadecimal, out address);
    }

    private static bool Build(string segment, string bus, string device, string function, bool hexadecimal, out PciAddress address)
    {
        address = default;
        if (!Number(segment, hexadecimal, 0xffff, out var s) || !Number(bus, hexadecimal, 0xff, out var b)
            || !Number(device, hexadecimal, 0x1f, out var d) || !Number(function, hexadecimal, 7, out var f))
        {
            return false;
        }

        address = new PciAddress(s, b, d, f);
        return true;
    }

    private static bool Number(string text, bool hexadecimal, int maximum, out int value)
    {
        value = 0;
        return text.Length is > 0 and <= 5
            && int.TryParse(text, hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value <= maximum;
    }
}
