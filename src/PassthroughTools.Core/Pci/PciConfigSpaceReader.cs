namespace PassthroughTools.Pci;

/// <summary>
/// Reads hex dumps of configuration space in the layouts of <c>lspci -x</c>, <c>-xxx</c> and <c>-xxxx</c>: a heading that begins with
/// the address, then rows of an offset and bytes; other lines (those of <c>-v</c>) are passed over. Rows may be missing, and blank lines
/// between devices may be lost. The layout of ESXi's own <c>lspci -e</c> is not documented: its rows are taken as far as they are of that form.
/// </summary>
public static class PciConfigSpaceReader
{
    private const int MaxNotes = 8;

    /// <summary>Reads all devices of a text, in its order.</summary>
    /// <param name="lines">Lines without their ends.</param>
    /// <param name="source">File name; null for piped text.</param>
    /// <exception cref="PassthruException"><see cref="InputErrors.NotRecognized"/> when no device of the text has a row.</exception>
    public static IReadOnlyList<PciConfigSpace> Read(IEnumerable<string> lines, string? source)
    {
        var records = new List<PciConfigSpace>();
        PendingDevice? device = null;
        int orphans = 0, used = 0;
        foreach (var line in lines)
        {
            if (PciHexRow.TryParse(line, out var row))
            {
                if (device is null) orphans++;
                else used++;
                device?.Add(row);
            }
            else if (TryHeading(line, out var address, out var description))
            {
                if (device is not null) records.Add(device.Finish(source));
                device = new PendingDevice(address, description);
                if (orphans == 0) continue;
                device.Note($"{orphans} rows before the first address in the text are left out: whose they are is not known.");
                orphans = 0;
            }
        }

        if (device is not null) records.Add(device.Finish(source));
        if (used == 0)
        {
            throw InputErrors.NotRecognized.For(
                source, source ?? "The text", "a hex dump of PCI configuration space", "lspci -xxxx (or -xxx), run as root, with the line that names each device");
        }

        return records;
    }

    /// <summary>Reads <c>08:00.0 Class: name</c>, <c>0000:08:00.0 …</c> or <c>000:008:00.0 …</c>.</summary>
    private static bool TryHeading(string line, out PciAddress address, out string? description)
    {
        address = default;
        description = null;
        var text = line.AsSpan().Trim();
        var end = 0;
        while (end < text.Length && end <= 18 && !char.IsWhiteSpace(text[end])) end++;
        var token = text.Slice(0, end);
        if (end < 7 || end > 18 || !TryAddress(token, out address)) return false;
        var rest = text.Slice(end).Trim();
        if (!rest.IsEmpty) description = rest.ToString();
        return true;
    }

    private static bool TryAddress(ReadOnlySpan<char> token, out PciAddress address)
    {
        // Linux numbers the domains of some controllers from 10000 on: five digits or more before a two-digit bus.
        var colon = token.IndexOf(':');
        if (colon > 4 && colon <= 8 && colon + 3 < token.Length && token[colon + 3] == ':'
            && HexDigit.TryParse(token.Slice(0, colon), out var domain) && domain <= int.MaxValue)
        {
            if (!PciAddress.TryParse(token.Slice(colon + 1), PciAddressNotation.Hexadecimal, out address)) return false;
            address = address with { Segment = (int)domain };
            return true;
        }

        // Two digits of bus or more, two of device: shorter forms are found in running text.
        var dot = token.LastIndexOf('.');
        address = default;
        return colon >= 2 && dot >= 3 && token[dot - 3] == ':' && PciAddress.TryParse(token, PciAddressNotation.Log, out address);
    }

    /// <summary>The device whose rows are being read.</summary>
    private sealed class PendingDevice(PciAddress address, string? description)
    {
        private readonly PciConfigImage _image = new();
        private readonly List<string> _notes = [];
        private readonly List<int> _groups = [];
        private int _leftOut;
        private int _further;
        private bool _isClosed;

        public void Note(string text)
        {
            if (_notes.Count < MaxNotes) _notes.Add(text);
            else _further++;
        }

        public void Add(PciHexRow row)
        {
            // The same offset again: the heading of another device was lost, and its bytes must not be taken for this one's.
            if (row.Offset < PciConfigImage.MaxLength && _image.Has((int)row.Offset, 1)) _isClosed = true;
            if (_isClosed)
            {
                _leftOut++;
                return;
            }

            if (row.IsDamaged) Note($"The row at offset {row.Offset:x2} is cut short after {row.Bytes.Length} bytes.");
            for (var i = 0; i < row.Bytes.Length; i++)
            {
                if (row.Offset + i >= PciConfigImage.MaxLength)
                {
                    Note($"The row at offset {row.Offset:x2} lies beyond the 4096 bytes of configuration space.");
                    break;
                }

                var offset = (int)row.Offset + i;
                _image.Set(offset, row.Bytes[i]);
                if (row.InGroups && i % 4 == 0 && offset + 4 <= PciConfigImage.MaxLength) _groups.Add(offset);
            }
        }

        public PciConfigSpace Finish(string? source)
        {
            if (_leftOut > 0) Note($"{_leftOut} rows are left out: their offsets were given before, so they belong to a device whose heading is lost.");
            if (_further > 0) _notes.Add($"{_further} more notes of this kind are left out.");
            if (_groups.Count == 0) return Decode(source, _image);

            PciConfigSpace printed = Decode(source, _image), reversed = Decode(source, _image.ReverseGroups(_groups));
            bool isPrinted = IsNamed(printed), isReversed = IsNamed(reversed);
            if (isPrinted == isReversed) (isPrinted, isReversed) = (IsSound(printed), IsSound(reversed));
            if (isPrinted != isReversed) return isPrinted ? printed : reversed;
            _notes.Add("The dump prints groups of four bytes in an order that can't be told from its content; it is left out. Print single bytes ('lspci -xxx').");
            return Decode(source, new PciConfigImage());
        }

        private PciConfigSpace Decode(string? source, PciConfigImage image) =>
            PciConfigSpaceDecoder.Decode(address, description, source, image, _notes);

        /// <summary>Whether the heading names the IDs, as <c>lspci -nn</c> does.</summary>
        private bool IsNamed(PciConfigSpace record) => description?.IndexOf(record.HardwareId, StringComparison.OrdinalIgnoreCase) >= 0;

        /// <summary>Whether header and capability chain are without fault, which bytes in the wrong order hardly ever are.</summary>
        private bool IsSound(PciConfigSpace record) =>
            record is { HeaderType: not PciHeaderType.Unknown, VendorId: not (0 or 0xffff), Capabilities.Count: > 0, InterruptPin: not null }
            && record.Warnings.Count == _notes.Count;
    }
}
