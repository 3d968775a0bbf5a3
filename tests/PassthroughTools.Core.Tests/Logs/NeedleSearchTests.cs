using CsCheck;
using PassthroughTools.Logs;

namespace PassthroughTools.Tests.Logs;

public sealed class NeedleSearchTests
{
    // Bytes that make up the needles, so that near misses are frequent.
    private static readonly byte[] s_alphabet = [.. LogNeedles.Bytes.SelectMany(needle => needle).Distinct(), (byte)'\n', 0, 0xFF];

    private static readonly Gen<byte[]> s_noise = Gen.Int[0, s_alphabet.Length - 1].Select(index => s_alphabet[index]).Array[0, 300];

    private static readonly Gen<byte[]> s_data =
        Gen.Select(s_noise, Gen.Int[0, LogNeedles.Bytes.Length - 1].Select(index => LogNeedles.Bytes[index]), s_noise, Gen.Bool)
            .Select((before, needle, after, isPlanted) => isPlanted ? (byte[])[.. before, .. needle, .. after] : [.. before, .. after]);

    [Fact]
    public void All_searches_find_the_first_anchor() =>
        Gen.Select(s_data, Gen.Int[0, 300], Gen.Int[0, 700]).Sample((data, from, limit) =>
        {
            limit = Math.Min(limit, data.Length);
            from = Math.Min(from, limit);
            var expected = Naive(data, from, limit);
            Assert.Equal(expected, NeedleSearch.FindScalar(data, from, limit));
            Assert.Equal(expected, NeedleSearch.Find(data, from, limit));
            if (NeedleSearch.IsVectorized) Assert.Equal(expected, NeedleSearch.Find128(data, from, limit));
        });

    [Fact]
    public void Every_needle_is_found_at_every_alignment()
    {
        foreach (var (needle, anchor) in LogNeedles.Bytes.Zip(LogNeedles.Anchors))
        {
            for (var at = 0; at < 130; at++)
            {
                var data = new byte[200];
                needle.CopyTo(data, at);
                Assert.Equal(at + anchor, NeedleSearch.Find(data, 0, data.Length));
            }
        }
    }

    [Fact]
    public void Every_message_contains_a_needle()
    {
        // Through the parser alone a message without a needle would be recognised, through the reader it would not.
        foreach (var (name, message) in LogLineWriter.Messages)
        {
            message.Sample(said => Assert.True(NeedleSearch.FindScalar(LogLines.Bytes(said.Text), 0, said.Text.Length) >= 0, name), iter: 20);
        }
    }

    private static int Naive(byte[] data, int from, int limit)
    {
        for (var position = from; position < limit; position++)
        {
            for (var i = 0; i < LogNeedles.Bytes.Length; i++)
            {
                var start = position - LogNeedles.Anchors[i];
                if (start >= 0 && data.AsSpan(start).StartsWith(LogNeedles.Bytes[i])) return position;
            }
        }

        return -1;
    }
}

public sealed class LineBreaksTests
{
    [Fact]
    public void Line_breaks_are_counted() =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[1, 40]).Sample((length, rarity) =>
        {
            var random = new Random(length);
            var data = Enumerable.Range(0, length).Select(_ => random.Next(rarity) == 0 ? (byte)'\n' : (byte)random.Next(256)).ToArray();
            Assert.Equal(data.Count(next => next == '\n'), LineBreaks.Count(data));
        });
}
