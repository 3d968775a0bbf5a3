namespace PassthroughTools.Logs;

/// <summary>The constants of RFC 1951, in the shape that <see cref="Inflater"/> decodes them to.</summary>
internal static class DeflateSymbols
{
    private static ReadOnlySpan<byte> LengthExtras =>
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    /// <summary>Order in which the lengths of the code-length code are sent.</summary>
    public static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Code lengths of the fixed literal code.</summary>
    public static byte[] FixedLiteralLengths { get; } =
        [.. Enumerable.Range(0, 288).Select(symbol => (byte)(symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8))];

    /// <summary>Code lengths of the fixed distance code.</summary>
    public static byte[] FixedDistanceLengths { get; } = [.. Enumerable.Repeat((byte)5, 32)];

    /// <summary>Literals, the end of the block, and lengths.</summary>
    public static uint[] Literals(uint literalFlag, uint endOfBlockFlag)
    {
        var symbols = new uint[288];
        for (var i = 0; i < 256; i++) symbols[i] = ((uint)i << 16) | literalFlag;
        symbols[256] = endOfBlockFlag;
        uint length = 3;
        for (var i = 0; i < LengthExtras.Length - 1; i++)
        {
            symbols[257 + i] = (length << 16) | LengthExtras[i];
            length += 1u << LengthExtras[i];
        }

        symbols[285] = 258u << 16;
        symbols[286] = symbols[287] = HuffmanTable.Invalid;
        return symbols;
    }

    /// <summary>Distances.</summary>
    public static uint[] Distances()
    {
        var symbols = new uint[32];
        uint distance = 1;
        for (var i = 0; i < 30; i++)
        {
            var extra = i < 4 ? 0 : (i / 2) - 1;
            symbols[i] = (distance << 16) | (uint)extra;
            distance += 1u << extra;
        }

        symbols[30] = symbols[31] = HuffmanTable.Invalid;
        return symbols;
    }

    /// <summary>Code lengths 0 to 15, repeat, and two kinds of zero runs.</summary>
    public static uint[] CodeLengths()
    {
        var symbols = new uint[19];
        for (var i = 0; i < symbols.Length; i++) symbols[i] = ((uint)i << 16) | (i switch { 16 => 2u, 17 => 3u, 18 => 7u, _ => 0u });
        return symbols;
    }
}
