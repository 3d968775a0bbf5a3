using System.Globalization;
using PassthroughTools.Pci;

namespace PassthroughTools.Vmx;

/// <summary>Stands in for <c>PciAddress.TryParse</c> and <c>PciAddress.LooksHexadecimalInVmx</c> until those are merged; same shapes, replace the calls.</summary>
internal static class AddressText
{
    /// <summary>Reads <c>[ssss:]bb:dd.f</c>: decimal in a .vmx, hexadecimal otherwise.</summary>
    public static bool TryParse(string? text, PciAddressNotation notation, out PciAddress address)
    {
        address = default;
        var parts = (text ?? "").Trim().Split(':', '.');
        if (parts.Length is not (3 or 4) || text!.IndexOf('.') != text.LastIndexOf('.') || text.LastIndexOf(':') > text.IndexOf('.')) return false;
        var style = notation == PciAddressNotation.Vmx ? NumberStyles.None : NumberStyles.AllowHexSpecifier;
        var numbers = new int[4];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length > 5 || !int.TryParse(parts[i], style, CultureInfo.InvariantCulture, out numbers[i + 4 - parts.Length])) return false;
        }

        if (numbers[0] > 0xffff || numbers[1] > 0xff || numbers[2] > 0x1f || numbers[3] > 7) return false;
        address = new PciAddress(numbers[0], numbers[1], numbers[2], numbers[3]);
        return true;
    }

    /// <summary>True when a .vmx id has hexadecimal letters.</summary>
    public static bool LooksHexadecimalInVmx(string text) =>
        text.Any(c => c is (>= 'a' and <= 'f') or (>= 'A' and <= 'F')) && TryParse(text, PciAddressNotation.Hexadecimal, out _);
}
