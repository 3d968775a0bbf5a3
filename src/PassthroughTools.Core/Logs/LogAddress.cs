using PassthroughTools.Pci;

namespace PassthroughTools.Logs;

/// <summary>
/// PCI addresses as log lines write them, straight from the bytes. A three-digit bus or segment is the older, decimal notation
/// (<c>000:008:00.0</c>, <c>008:00.1</c>); a two-digit bus is hexadecimal (<c>0000:af:00.0</c>). Anything else is no address: better none than a wrong one.
/// </summary>
public static class LogAddress
{
    /// <summary>Reads an address that fills the whole text.</summary>
    /// <param name="text">The address, without blanks or punctuation around it.</param>
    /// <param name="address">The address.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out PciAddress address)
    {
        address = default;
        var dot = text.IndexOf((byte)'.');
        if (dot < 0) return false;
        var function = text.Slice(dot + 1);
        var path = text.Slice(0, dot);
        var colon = path.LastIndexOf((byte)':');
        if (colon < 0) return false;
        var device = path.Slice(colon + 1);
        path = path.Slice(0, colon);
        colon = path.IndexOf((byte)':');
        var segment = colon < 0 ? default : path.Slice(0, colon);
        var bus = path.Slice(colon + 1);

        if (function.Length != 1 || device.Length != 2 || bus.Length is < 2 or > 3) return false;
        if (colon >= 0 && segment.Length is < 3 or > 5) return false;
        // Five digits of segment come only from the decimal notation of a .vmx, as vmware.log repeats it.
        var isDecimal = bus.Length == 3 || segment.Length is 3 or 5;
        var radix = isDecimal ? 10 : 16;

        if (!TryNumber(function, radix, 7, out var functionNumber)
            || !TryNumber(device, radix, 0x1f, out var deviceNumber)
            || !TryNumber(bus, radix, 0xff, out var busNumber)
            || !TryNumber(segment, radix, 0xffff, out var segmentNumber))
        {
            return false;
        }

        address = new PciAddress(segmentNumber, busNumber, deviceNumber, functionNumber);
        return true;
    }

    /// <summary>Reads an address from a string.</summary>
    /// <param name="text">The address.</param>
    /// <param name="address">The address.</param>
    public static bool TryParse(string? text, out PciAddress address)
    {
        address = default;
        if (text is null || text.Length > 32) return false;
        Span<byte> bytes = stackalloc byte[text.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (text[i] > '\x7f') return false;
            bytes[i] = (byte)text[i];
        }

        return TryParse(bytes, out address);
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, int radix, int maximum, out int value)
    {
        value = 0;
        foreach (var c in digits)
        {
            var digit = c switch
            {
                >= (byte)'0' and <= (byte)'9' => c - '0',
                >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
                _ => 16,
            };
            if (digit >= radix) return false;
            value = (value * radix) + digit;
        }

        return value <= maximum;
    }
}
