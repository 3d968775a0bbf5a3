#if NET8_0_OR_GREATER
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
#endif

namespace PassthroughTools.Logs;

/// <summary>
/// Finds the needles of <see cref="LogNeedles"/> in a block of bytes: with vector instructions where the runtime offers them, else by skipping
/// (Wu and Manber). Both find the same positions.
/// </summary>
internal static class NeedleSearch
{
    /// <summary>True when vector instructions are used.</summary>
    public static bool IsVectorized =>
#if NET8_0_OR_GREATER
        Avx2.IsSupported || Ssse3.IsSupported || AdvSimd.Arm64.IsSupported;
#else
        false;
#endif

    /// <summary>The first position of an anchor in a range, or -1. A needle may reach beyond the range, not beyond the data.</summary>
    /// <param name="data">Data.</param>
    /// <param name="from">First position.</param>
    /// <param name="limit">Position behind the last one.</param>
    public static int Find(ReadOnlySpan<byte> data, int from, int limit)
    {
#if NET8_0_OR_GREATER
        if (Avx2.IsSupported) return Find256(data, from, limit);
        if (Ssse3.IsSupported || AdvSimd.Arm64.IsSupported) return Find128(data, from, limit);
#endif
        return FindScalar(data, from, limit);
    }

    // ---- skipping ------------------------------------------------------------------------------------------------------------

    /// <summary>By the two bytes at the window's end: how far the window may move; 0 where a needle may end there.</summary>
    private static readonly byte[] s_shifts = MakeShifts();

    private static byte[] MakeShifts()
    {
        var shifts = new byte[0x10000];
        for (var i = 0; i < shifts.Length; i++) shifts[i] = LogNeedles.AnchorLength - 1;
        for (var i = 0; i < LogNeedles.Bytes.Length; i++)
        {
            var window = LogNeedles.Bytes[i].AsSpan(LogNeedles.Anchors[i], LogNeedles.AnchorLength);
            for (var end = 2; end <= window.Length; end++)
            {
                var key = window[end - 2] | (window[end - 1] << 8);
                shifts[key] = Math.Min(shifts[key], (byte)(window.Length - end));
            }
        }

        return shifts;
    }

    /// <inheritdoc cref="Find"/>
    public static int FindScalar(ReadOnlySpan<byte> data, int from, int limit)
    {
        var shifts = s_shifts;
        var last = Math.Min(limit, data.Length - LogNeedles.AnchorLength + 1);
        var position = from;
        while (position < last)
        {
            var shift = shifts[data[position + 2] | (data[position + 3] << 8)];
            if (shift > 0)
            {
                position += shift;
                continue;
            }

            if (LogNeedles.IsMatch(data, position)) return position;
            position++;
        }

        return -1;
    }

#if NET8_0_OR_GREATER
    // ---- vectors -------------------------------------------------------------------------------------------------------------
    //
    // Each needle has a bit. For three of its anchor's bytes, two 16-entry tables per byte, indexed by the low and the high half of a byte of data,
    // say which needles have such a half there; a byte shuffle looks up 16 or 32 positions at once, and what survives all six tables is compared in
    // full. With about one needle a bit, hardly anything survives that is not a needle's three bytes.

    private const int FingerprintOffset = 1;

    private static readonly Vector128<byte> s_low0 = Table(0, high: false), s_high0 = Table(0, high: true);
    private static readonly Vector128<byte> s_low1 = Table(1, high: false), s_high1 = Table(1, high: true);
    private static readonly Vector128<byte> s_low2 = Table(2, high: false), s_high2 = Table(2, high: true);

    private static Vector128<byte> Table(int index, bool high)
    {
        Span<byte> table = stackalloc byte[16];
        table.Clear();
        for (var i = 0; i < LogNeedles.Bytes.Length; i++)
        {
            var c = LogNeedles.Bytes[i][LogNeedles.Anchors[i] + FingerprintOffset + index];
            table[high ? c >> 4 : c & 15] |= (byte)(1 << (i % 8));
        }

        return Vector128.Create<byte>(table);
    }

    // The loop runs for most of the reader's time and is entered early: it is compiled fully at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Find256(ReadOnlySpan<byte> data, int from, int limit)
    {
        const int Step = 32;
        Vector256<byte> low0 = Vector256.Create(s_low0, s_low0), high0 = Vector256.Create(s_high0, s_high0);
        Vector256<byte> low1 = Vector256.Create(s_low1, s_low1), high1 = Vector256.Create(s_high1, s_high1);
        Vector256<byte> low2 = Vector256.Create(s_low2, s_low2), high2 = Vector256.Create(s_high2, s_high2);
        var nibble = Vector256.Create((byte)15);
        ref var start = ref MemoryMarshal.GetReference(data);

        var position = from;
        var safe = Math.Min(limit, data.Length - (2 * Step) - LogNeedles.AnchorLength);
        while (position < safe)
        {
            ref var at = ref Unsafe.Add(ref start, position + FingerprintOffset);
            var first = Lookup(Vector256.LoadUnsafe(ref at), low0, high0, nibble)
                & Lookup(Vector256.LoadUnsafe(ref at, 1), low1, high1, nibble)
                & Lookup(Vector256.LoadUnsafe(ref at, 2), low2, high2, nibble);
            var second = Lookup(Vector256.LoadUnsafe(ref at, Step), low0, high0, nibble)
                & Lookup(Vector256.LoadUnsafe(ref at, Step + 1), low1, high1, nibble)
                & Lookup(Vector256.LoadUnsafe(ref at, Step + 2), low2, high2, nibble);
            if ((first | second) != Vector256<byte>.Zero)
            {
                var hits = ~Vector256.Equals(first, Vector256<byte>.Zero).ExtractMostSignificantBits()
                    | ((ulong)~Vector256.Equals(second, Vector256<byte>.Zero).ExtractMostSignificantBits() << Step);
                var found = Verify(data, position, limit, hits);
                if (found >= 0) return found;
            }

            position += 2 * Step;
        }

        return position < limit ? FindScalar(data, position, limit) : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Lookup(Vector256<byte> data, Vector256<byte> low, Vector256<byte> high, Vector256<byte> nibble) =>
        Avx2.Shuffle(low, data & nibble) & Avx2.Shuffle(high, (data.AsUInt16() >>> 4).AsByte() & nibble);

    /// <summary>For processors without AVX2, and Arm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Find128(ReadOnlySpan<byte> data, int from, int limit)
    {
        Vector128<byte> low0 = s_low0, high0 = s_high0, low1 = s_low1, high1 = s_high1, low2 = s_low2, high2 = s_high2;
        var nibble = Vector128.Create((byte)15);
        ref var start = ref MemoryMarshal.GetReference(data);

        var position = from;
        var safe = Math.Min(limit, data.Length - Vector128<byte>.Count - LogNeedles.AnchorLength);
        while (position < safe)
        {
            ref var at = ref Unsafe.Add(ref start, position + FingerprintOffset);
            var found = Lookup(Vector128.LoadUnsafe(ref at), low0, high0, nibble)
                & Lookup(Vector128.LoadUnsafe(ref at, 1), low1, high1, nibble)
                & Lookup(Vector128.LoadUnsafe(ref at, 2), low2, high2, nibble);
            if (found != Vector128<byte>.Zero)
            {
                var hits = ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
                var match = Verify(data, position, limit, hits);
                if (match >= 0) return match;
            }

            position += Vector128<byte>.Count;
        }

        return position < limit ? FindScalar(data, position, limit) : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Lookup(Vector128<byte> data, Vector128<byte> low, Vector128<byte> high, Vector128<byte> nibble)
    {
        Vector128<byte> lower = data & nibble, upper = data >>> 4;
        return Ssse3.IsSupported
            ? Ssse3.Shuffle(low, lower) & Ssse3.Shuffle(high, upper & nibble)
            : AdvSimd.Arm64.VectorTableLookup(low, lower) & AdvSimd.Arm64.VectorTableLookup(high, upper);
    }

    private static int Verify(ReadOnlySpan<byte> data, int position, int limit, ulong hits)
    {
        while (hits != 0)
        {
            var at = position + System.Numerics.BitOperations.TrailingZeroCount(hits);
            if (at >= limit) return -1;
            if (LogNeedles.IsMatch(data, at)) return at;
            hits &= hits - 1;
        }

        return -1;
    }
#endif
}
