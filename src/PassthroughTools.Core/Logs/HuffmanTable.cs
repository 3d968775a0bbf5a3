namespace PassthroughTools.Logs;

/// <summary>
/// A decoding table for deflate's prefix codes: a first level indexed by the next bits of input, and second levels for longer codes. An entry packs
/// what a symbol stands for (<see cref="Inflater"/> says how) above the number of bits to consume.
/// </summary>
internal sealed class HuffmanTable
{
    /// <summary>Longest code.</summary>
    public const int MaxCodeLength = 15;

    /// <summary>Marks an entry that leads to a second level.</summary>
    public const uint Pointer = 0x4000;

    /// <summary>Marks an entry that no code leads to.</summary>
    public const uint Invalid = 0x8000;

    private readonly uint[] _symbols;
    private readonly int _maxBits;
    private readonly ushort[] _sorted;

    /// <summary>Makes an empty table.</summary>
    /// <param name="bits">Bits of the first level.</param>
    /// <param name="size">Entries for both levels at worst.</param>
    /// <param name="symbols">By symbol: what its entry holds besides the length of the code.</param>
    public HuffmanTable(int bits, int size, uint[] symbols)
    {
        _maxBits = bits;
        _symbols = symbols;
        _sorted = new ushort[symbols.Length];
        Entries = new uint[size];
    }

    /// <summary>The entries.</summary>
    public uint[] Entries { get; }

    /// <summary>Bits of the first level.</summary>
    public int Bits => _maxBits;

    /// <summary>Fills the table.</summary>
    /// <param name="lengths">By symbol: length of its code; 0 where it has none.</param>
    /// <returns>False when the lengths make no code.</returns>
    public bool TryBuild(ReadOnlySpan<byte> lengths)
    {
        Span<int> counts = stackalloc int[MaxCodeLength + 1];
        Span<int> offsets = stackalloc int[MaxCodeLength + 2];
        counts.Clear();
        offsets.Clear();
        foreach (var length in lengths) counts[length]++;
        counts[0] = 0;

        var free = 1 << MaxCodeLength;
        var used = 0;
        for (var length = 1; length <= MaxCodeLength; length++)
        {
            offsets[length + 1] = offsets[length] + counts[length];
            free -= counts[length] << (MaxCodeLength - length);
            used += counts[length];
        }

        if (free < 0) return false;
        // An incomplete code is allowed only with at most one symbol: a block without, or with one kind of, distances.
        if (free > 0 && (used > 1 || (used == 1 && counts[1] != 1))) return false;

        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] != 0) _sorted[offsets[lengths[symbol]]++] = (ushort)symbol;
        }

        Array.Clear(Entries, 0, Entries.Length);
        if (free > 0)
        {
            for (var i = 0; i < 1 << _maxBits; i++) Entries[i] = Invalid;
        }

        Fill(lengths, used);
        return true;
    }

    private void Fill(ReadOnlySpan<byte> lengths, int used)
    {
        var code = 0;
        var previousLength = 0;
        var nextFree = 1 << _maxBits;
        var subStart = 0;
        var subBits = 0;
        var subPrefix = -1;
        for (var i = 0; i < used; i++)
        {
            var symbol = _sorted[i];
            int length = lengths[symbol];
            code <<= length - previousLength;
            previousLength = length;
            var reversed = Reverse(code, length);
            if (length <= _maxBits)
            {
                for (var at = reversed; at < 1 << _maxBits; at += 1 << length) Entries[at] = Entry(_symbols[symbol], length);
            }
            else
            {
                var prefix = reversed & ((1 << _maxBits) - 1);
                if (prefix != subPrefix)
                {
                    subPrefix = prefix;
                    subStart = nextFree;
                    subBits = SubtableBits(lengths, i, used);
                    nextFree += 1 << subBits;
                    Entries[prefix] = ((uint)subStart << 16) | Pointer | ((uint)subBits << 8) | (uint)_maxBits;
                }

                var rest = length - _maxBits;
                for (var at = reversed >> _maxBits; at < 1 << subBits; at += 1 << rest) Entries[subStart + at] = Entry(_symbols[symbol], rest);
            }

            code++;
        }
    }

    /// <summary>Bits of the second level that begins with this code: as many as its longest code needs.</summary>
    private int SubtableBits(ReadOnlySpan<byte> lengths, int index, int used)
    {
        // The codes of one second level follow one another; walk until the level is full.
        var bits = lengths[_sorted[index]] - _maxBits;
        var space = 1 << bits;
        for (var i = index; i < used; i++)
        {
            var rest = lengths[_sorted[i]] - _maxBits;
            while (bits < rest)
            {
                bits++;
                space <<= 1;
            }

            space -= 1 << (bits - rest);
            if (space <= 0) break;
        }

        return bits;
    }

    /// <summary>The bits to consume are the code's and, in the low byte, those of the extra bits that the symbol brings.</summary>
    private static uint Entry(uint symbol, int length) => symbol + (uint)length + ((uint)length << 8);

    private static int Reverse(int code, int length)
    {
        var reversed = 0;
        for (var i = 0; i < length; i++)
        {
            reversed = (reversed << 1) | (code & 1);
            code >>= 1;
        }

        return reversed;
    }
}
