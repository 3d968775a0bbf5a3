namespace PassthroughTools.Pci;

/// <summary>The bytes of one configuration space, and which of them the dump holds.</summary>
internal sealed class PciConfigImage
{
    /// <summary>Size of the largest configuration space, in bytes.</summary>
    public const int MaxLength = 4096;

    private readonly byte[] _bytes = new byte[MaxLength];
    private readonly bool[] _present = new bool[MaxLength];

    /// <summary>Offset behind the last byte given.</summary>
    public int Length { get; private set; }

    /// <summary>Number of bytes given.</summary>
    public int Count { get; private set; }

    /// <summary>Sets a byte.</summary>
    /// <param name="offset">0 to 4095.</param>
    /// <param name="value">Value.</param>
    public void Set(int offset, byte value)
    {
        if (!_present[offset]) Count++;
        _present[offset] = true;
        _bytes[offset] = value;
        Length = Math.Max(Length, offset + 1);
    }

    /// <summary>Whether a range is given in full.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes.</param>
    public bool Has(int offset, int length)
    {
        if (offset < 0 || offset + length > MaxLength) return false;
        for (var i = offset; i < offset + length; i++)
        {
            if (!_present[i]) return false;
        }

        return true;
    }

    /// <summary>Byte; null when not given.</summary>
    /// <param name="offset">Its offset.</param>
    public byte? Byte(int offset) => Has(offset, 1) ? _bytes[offset] : null;

    /// <summary>Little-endian 16 bits; null when not given.</summary>
    /// <param name="offset">Offset of the first byte.</param>
    public ushort? Word(int offset) => Has(offset, 2) ? (ushort)(_bytes[offset] | (_bytes[offset + 1] << 8)) : null;

    /// <summary>Little-endian 32 bits; null when not given.</summary>
    /// <param name="offset">Offset of the first byte.</param>
    public uint? Dword(int offset) =>
        Has(offset, 4)
            ? (uint)(_bytes[offset] | (_bytes[offset + 1] << 8) | (_bytes[offset + 2] << 16) | (_bytes[offset + 3] << 24))
            : null;

    /// <summary>True when bytes are given and every one of them is ff.</summary>
    public bool IsAllOnes()
    {
        for (var i = 0; i < Length; i++)
        {
            if (_present[i] && _bytes[i] != 0xff) return false;
        }

        return Count > 0;
    }

    /// <summary>A copy in which the groups of four bytes that start at the offsets are reversed.</summary>
    /// <param name="groups">Offsets of the groups.</param>
    public PciConfigImage ReverseGroups(IEnumerable<int> groups)
    {
        var copy = new PciConfigImage { Length = Length, Count = Count };
        _bytes.CopyTo(copy._bytes, 0);
        _present.CopyTo(copy._present, 0);
        foreach (var group in groups) Array.Reverse(copy._bytes, group, 4);
        return copy;
    }
}
