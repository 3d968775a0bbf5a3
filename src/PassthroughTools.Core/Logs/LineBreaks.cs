#if NET8_0_OR_GREATER
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
#endif

namespace PassthroughTools.Logs;

/// <summary>Counts line breaks.</summary>
internal static class LineBreaks
{
    /// <summary>The number of LF bytes.</summary>
    /// <param name="data">Data.</param>
#if NET8_0_OR_GREATER
    // MemoryExtensions.Count does the same, but in a new process it runs as precompiled and then as instrumented code for longer than a log takes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
#endif
    public static int Count(ReadOnlySpan<byte> data)
    {
        var count = 0;
        var position = 0;
#if NET8_0_OR_GREATER
        if (Avx2.IsSupported)
        {
            const int MaxSteps = 255; // of a byte's sum
            var lineBreak = Vector256.Create((byte)'\n');
            ref var start = ref MemoryMarshal.GetReference(data);
            while (data.Length - position >= Vector256<byte>.Count)
            {
                var sums = Vector256<byte>.Zero;
                var steps = Math.Min(MaxSteps, (data.Length - position) / Vector256<byte>.Count);
                for (var step = 0; step < steps; step++, position += Vector256<byte>.Count)
                {
                    sums -= Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)position), lineBreak);
                }

                count += (int)Vector256.Sum(Avx2.SumAbsoluteDifferences(sums, Vector256<byte>.Zero).AsUInt64());
            }
        }
        else
        {
            return data.Count((byte)'\n');
        }
#endif
        for (; position < data.Length; position++)
        {
            if (data[position] == (byte)'\n') count++;
        }

        return count;
    }
}
