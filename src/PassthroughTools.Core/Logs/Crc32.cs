#if NET8_0_OR_GREATER
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
#endif

namespace PassthroughTools.Logs;

/// <summary>The checksum of gzip (CRC-32, reflected polynomial 0xEDB88320).</summary>
internal static class Crc32
{
    private static readonly uint[][] s_tables = MakeTables();

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (var i = 0; i < tables.Length; i++) tables[i] = new uint[256];
        for (uint value = 0; value < 256; value++)
        {
            var remainder = value;
            for (var bit = 0; bit < 8; bit++) remainder = (remainder & 1) != 0 ? (remainder >> 1) ^ 0xEDB88320 : remainder >> 1;
            tables[0][value] = remainder;
        }

        for (var i = 1; i < tables.Length; i++)
        {
            for (var value = 0; value < 256; value++)
            {
                var previous = tables[i - 1][value];
                tables[i][value] = (previous >> 8) ^ tables[0][previous & 0xFF];
            }
        }

        return tables;
    }

    /// <summary>The checksum of data that follows other data.</summary>
    /// <param name="checksum">Checksum so far; 0 at the beginning.</param>
    /// <param name="data">What follows.</param>
    public static uint Append(uint checksum, ReadOnlySpan<byte> data)
    {
        var state = ~checksum;
#if NET8_0_OR_GREATER
        if (Pclmulqdq.IsSupported && data.Length >= 128)
        {
            var folded = data.Length & ~63;
            state = Fold(state, data.Slice(0, folded));
            data = data.Slice(folded);
        }
#endif
        return ~AppendByTable(state, data);
    }

    /// <summary>Eight bytes at a step, by table.</summary>
    internal static uint AppendByTable(uint state, ReadOnlySpan<byte> data)
    {
        uint[] t0 = s_tables[0], t1 = s_tables[1], t2 = s_tables[2], t3 = s_tables[3], t4 = s_tables[4], t5 = s_tables[5], t6 = s_tables[6], t7 = s_tables[7];
        while (data.Length >= 8)
        {
            var low = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data) ^ state;
            var high = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data.Slice(4));
            state = t7[low & 0xFF] ^ t6[(low >> 8) & 0xFF] ^ t5[(low >> 16) & 0xFF] ^ t4[low >> 24]
                ^ t3[high & 0xFF] ^ t2[(high >> 8) & 0xFF] ^ t1[(high >> 16) & 0xFF] ^ t0[high >> 24];
            data = data.Slice(8);
        }

        foreach (var next in data) state = (state >> 8) ^ t0[(state ^ next) & 0xFF];
        return state;
    }

#if NET8_0_OR_GREATER
    /// <summary>
    /// Folds 64 bytes at a step by carry-less multiplication with powers of x modulo the polynomial; what is left after folding is 16 bytes that have
    /// the same remainder as all the data, and go through the tables.
    /// </summary>
    /// <param name="state">Remainder so far.</param>
    /// <param name="data">A multiple of 64 bytes, at least 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Fold(uint state, ReadOnlySpan<byte> data)
    {
        // x^(512+32), x^(512-32) and x^(128+32), x^(128-32) modulo the polynomial, bit-reflected.
        var by512 = Vector128.Create(0x154442bd4UL, 0x1c6e41596UL);
        var by128 = Vector128.Create(0x1751997d0UL, 0x0ccaa009eUL);
        ref var at = ref MemoryMarshal.GetReference(data);
        Vector128<ulong> a = Load(ref at, 0) ^ Vector128.CreateScalar((ulong)state), b = Load(ref at, 16), c = Load(ref at, 32), d = Load(ref at, 48);
        for (nuint position = 64; position < (nuint)data.Length; position += 64)
        {
            a = Multiply(a, by512) ^ Load(ref at, position);
            b = Multiply(b, by512) ^ Load(ref at, position + 16);
            c = Multiply(c, by512) ^ Load(ref at, position + 32);
            d = Multiply(d, by512) ^ Load(ref at, position + 48);
        }

        a = Multiply(a, by128) ^ b;
        a = Multiply(a, by128) ^ c;
        a = Multiply(a, by128) ^ d;
        Span<byte> rest = stackalloc byte[16];
        a.AsByte().CopyTo(rest);
        return AppendByTable(0, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ref byte start, nuint offset) => Vector128.LoadUnsafe(ref start, offset).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<ulong> value, Vector128<ulong> power) =>
        Pclmulqdq.CarrylessMultiply(value, power, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, power, 0x11);
#endif
}
