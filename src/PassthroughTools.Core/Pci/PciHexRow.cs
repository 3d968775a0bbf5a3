namespace PassthroughTools.Pci;

/// <summary>One row of a hex dump: <c>40: 01 50 03 c8 …</c>, also <c>040:</c>, <c>0x40:</c> or groups of four bytes (<c>c8035001</c>).</summary>
internal readonly struct PciHexRow
{
    private const int UsualLength = 16;

    private PciHexRow(uint offset, byte[] bytes, bool inGroups, bool isDamaged)
    {
        Offset = offset;
        Bytes = bytes;
        InGroups = inGroups;
        IsDamaged = isDamaged;
    }

    /// <summary>Offset of the first byte.</summary>
    public uint Offset { get; }

    /// <summary>The bytes in the order in which they are printed.</summary>
    public byte[] Bytes { get; }

    /// <summary>True when printed in groups of four, whose byte order the row does not tell.</summary>
    public bool InGroups { get; }

    /// <summary>True when something that is no hexadecimal byte cuts the row short.</summary>
    public bool IsDamaged { get; }

    /// <summary>Reads a row; false when the line is none.</summary>
    /// <param name="line">Line of text.</param>
    /// <param name="row">The row.</param>
    public static bool TryParse(string line, out PciHexRow row)
    {
        row = default;
        var text = line.AsSpan().TrimStart();
        var prefixed = text.StartsWith("0x".AsSpan(), StringComparison.OrdinalIgnoreCase);
        if (prefixed) text = text.Slice(2);
        var colon = 0;
        while (colon < text.Length && colon <= 8 && HexDigit.ValueOf(text[colon]) >= 0) colon++;
        if (colon < (prefixed ? 1 : 2) || colon + 1 >= text.Length || text[colon] != ':' || !char.IsWhiteSpace(text[colon + 1])) return false;
        if (!HexDigit.TryParse(text.Slice(0, colon), out var offset)) return false;

        var bytes = new List<byte>(UsualLength);
        var groupLength = 0;
        var damaged = false;
        text = text.Slice(colon + 1).TrimStart();
        while (!text.IsEmpty)
        {
            var end = 0;
            while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
            if (groupLength == 0 && end is 2 or 8) groupLength = end;
            if (end != groupLength || bytes.Count >= 4 * UsualLength || !HexDigit.TryParse(text.Slice(0, end), out var value))
            {
                damaged = true;
                break;
            }

            for (var shift = (4 * end) - 8; shift >= 0; shift -= 8) bytes.Add((byte)(value >> shift));
            text = text.Slice(end).TrimStart();
        }

        if (bytes.Count == 0) return false;

        // What follows sixteen bytes is a column of characters, unless the row is a longer one throughout.
        if (bytes.Count >= UsualLength && (damaged || bytes.Count % UsualLength != 0))
        {
            damaged = false;
            bytes.RemoveRange(UsualLength, bytes.Count - UsualLength);
        }

        row = new PciHexRow(offset, [.. bytes], groupLength == 8, damaged);
        return true;
    }
}
