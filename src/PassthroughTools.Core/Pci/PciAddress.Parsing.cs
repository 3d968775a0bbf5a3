namespace PassthroughTools.Pci;

/// <content>Parsing, in the base that the source of the text uses.</content>
public readonly partial record struct PciAddress
{
    private const int MaxSegment = 0xffff, MaxBus = 0xff, MaxDevice = 0x1f, MaxFunction = 7;

    private enum Outcome
    {
        Ok,
        Malformed,
        OutOfRange,
    }

    /// <summary>Parses <c>ssss:bb:dd.f</c> or <c>bb:dd.f</c> in hexadecimal; this is also what a PowerShell cast from a string does.</summary>
    /// <param name="text">Text to parse.</param>
    /// <exception cref="PassthruException"><see cref="PciErrors.AddressInvalid"/> or <see cref="PciErrors.AddressOutOfRange"/>.</exception>
    public static PciAddress Parse(string text) => Parse(text, PciAddressNotation.Hexadecimal);

    /// <summary>Parses an address.</summary>
    /// <param name="text">Text to parse; white space around it is ignored.</param>
    /// <param name="notation">Where the text was written.</param>
    /// <exception cref="PassthruException"><see cref="PciErrors.AddressInvalid"/> or <see cref="PciErrors.AddressOutOfRange"/>.</exception>
    public static PciAddress Parse(string text, PciAddressNotation notation)
    {
        var outcome = Read(text.AsSpan(), notation, out var address);
        if (outcome == Outcome.Ok) return address;
        var (name, form) = Describe(notation);
        throw (outcome == Outcome.OutOfRange ? PciErrors.AddressOutOfRange : PciErrors.AddressInvalid).For(text, text, name, form);
    }

    /// <summary>Parses an address.</summary>
    /// <param name="text">Text to parse; white space around it is ignored.</param>
    /// <param name="notation">Where the text was written.</param>
    /// <param name="address">The address.</param>
    /// <returns>False when the text is no address in that notation, or when its base can't be told.</returns>
    public static bool TryParse(string? text, PciAddressNotation notation, out PciAddress address) =>
        Read(text.AsSpan(), notation, out address) == Outcome.Ok;

    /// <summary>Parses an address without allocating; for readers of large logs.</summary>
    /// <inheritdoc cref="TryParse(string?, PciAddressNotation, out PciAddress)"/>
    public static bool TryParse(ReadOnlySpan<char> text, PciAddressNotation notation, out PciAddress address) =>
        Read(text, notation, out address) == Outcome.Ok;

    /// <summary>
    /// True when a <c>pciPassthruN.id</c> was evidently written in hexadecimal, which ESXi takes for decimal or refuses: it has hexadecimal
    /// letters (<c>0000:0d:00.0</c>), or the four-digit segment and two-digit bus of <c>esxcli</c> and <c>lspci</c> (<c>0000:08:00.0</c>).
    /// </summary>
    /// <param name="text">The id as written.</param>
    public static bool LooksHexadecimalInVmx(string? text)
    {
        if (!Split(text.AsSpan().Trim(), '.', out var segment, out var bus, out var device, out var function)) return false;
        var letters = false;
        if (!segment.IsEmpty && !Scan(segment, ref letters)) return false;
        if (!Scan(bus, ref letters) || !Scan(device, ref letters) || !Scan(function, ref letters)) return false;
        return letters || (segment.Length == 4 && bus.Length == 2);

        static bool Scan(ReadOnlySpan<char> field, ref bool letters)
        {
            if (!TryNumber(field, 16, 5, out _)) return false;
            letters |= !TryNumber(field, 10, 5, out _);
            return true;
        }
    }

    private static Outcome Read(ReadOnlySpan<char> text, PciAddressNotation notation, out PciAddress address)
    {
        address = default;
        text = text.Trim();
        if (notation == PciAddressNotation.EsxcliParent && text.StartsWith("PCI ".AsSpan(), StringComparison.OrdinalIgnoreCase))
            text = text.Slice(4).TrimStart();

        var beforeFunction = notation == PciAddressNotation.EsxcliParent ? ':' : '.';
        if (!Split(text, beforeFunction, out var segment, out var bus, out var device, out var function)) return Outcome.Malformed;
        switch (notation)
        {
            case PciAddressNotation.Hexadecimal:
                return Numbers(segment, bus, device, function, 16, out address);
            case PciAddressNotation.Log:
                break;
            case PciAddressNotation.EsxcliParent when segment.IsEmpty:
                return Outcome.Malformed;
            default:
                return Numbers(segment, bus, device, function, 10, out address);
        }

        if (bus.Length == 3 || segment.Length == 3) return Numbers(segment, bus, device, function, 10, out address);
        if (bus.Length == 2 && (segment.Length == 4 || (segment.IsEmpty && device.Length == 2)))
            return Numbers(segment, bus, device, function, 16, out address);

        // Any other shape is taken only where it means the same in both bases.
        var outcome = Numbers(segment, bus, device, function, 16, out address);
        return outcome != Outcome.Ok || (Numbers(segment, bus, device, function, 10, out var other) == Outcome.Ok && other == address)
            ? outcome
            : Outcome.Malformed;
    }

    private static bool Split(
        ReadOnlySpan<char> text,
        char beforeFunction,
        out ReadOnlySpan<char> segment,
        out ReadOnlySpan<char> bus,
        out ReadOnlySpan<char> device,
        out ReadOnlySpan<char> function)
    {
        segment = bus = device = function = default;
        var end = text.LastIndexOf(beforeFunction);
        if (end <= 0) return false;
        function = text.Slice(end + 1);
        var rest = text.Slice(0, end);
        var colon = rest.LastIndexOf(':');
        if (colon <= 0) return false;
        device = rest.Slice(colon + 1);
        rest = rest.Slice(0, colon);
        colon = rest.LastIndexOf(':');
        bus = rest.Slice(colon + 1);
        if (colon == 0) return false;
        if (colon > 0) segment = rest.Slice(0, colon);
        return true;
    }

    private static Outcome Numbers(
        ReadOnlySpan<char> segmentText,
        ReadOnlySpan<char> busText,
        ReadOnlySpan<char> deviceText,
        ReadOnlySpan<char> functionText,
        int radix,
        out PciAddress address)
    {
        address = default;

        // Hexadecimal fields have their usual width at most: a three-digit bus or a five-digit segment is a decimal notation that strayed in.
        var (segmentWidth, otherWidth) = radix == 16 ? (4, 2) : (5, 5);
        var segment = 0;
        if (!segmentText.IsEmpty && !TryNumber(segmentText, radix, segmentWidth, out segment)) return Outcome.Malformed;
        if (!TryNumber(busText, radix, otherWidth, out var bus)
            || !TryNumber(deviceText, radix, otherWidth, out var device)
            || !TryNumber(functionText, radix, otherWidth, out var function))
        {
            return Outcome.Malformed;
        }

        if (segment > MaxSegment || bus > MaxBus || device > MaxDevice || function > MaxFunction) return Outcome.OutOfRange;
        address = new PciAddress(segment, bus, device, function);
        return Outcome.Ok;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, int radix, int maxDigits, out int value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > maxDigits) return false;
        foreach (var c in text)
        {
            var digit = HexDigit.ValueOf(c);
            if (digit < 0 || digit >= radix) return false;
            value = (value * radix) + digit;
        }

        return true;
    }

    private static (string Name, string Form) Describe(PciAddressNotation notation) => notation switch
    {
        PciAddressNotation.Log => ("a log's notation", "0000:af:00.0 (hexadecimal) or 000:175:00.0 (decimal, three-digit bus)"),
        PciAddressNotation.Vmx => ("the decimal notation of a .vmx", "00000:175:00.0 or 175:00.0, with decimal numbers (bus af is 175)"),
        PciAddressNotation.EsxcliParent => ("the decimal notation of esxcli's parent device", "PCI 0:175:0:0, with decimal numbers"),
        PciAddressNotation.EsxConf => ("the decimal notation of esx.conf", "0000:00:31.2 or 000:31.2, with decimal numbers"),
        PciAddressNotation.ApiFault => ("the decimal notation of a vSphere fault", "97:0.0, with decimal numbers"),
        _ => ("hexadecimal notation", "0000:af:00.0 or af:00.0, with hexadecimal numbers, a two-digit bus and at most four digits of segment"),
    };
}
