using System.IO.Compression;
using System.Text;
using CsCheck;
using PassthroughTools.Logs;

namespace PassthroughTools.Tests.Logs;

/// <summary>What GZipStream does not tell, and all that it does, on data that is whole, cut off or damaged.</summary>
public sealed class GzipTests
{
    private static readonly Gen<byte[]> s_content = Gen.OneOf(
        Gen.Byte.Array[0, 5000],                                                                   // does not compress: stored blocks
        Gen.Byte[0, 3].Array[0, 20_000],                                                           // short codes, many matches
        Gen.Select(Gen.Int[0, 200_000], Gen.Byte).Select((count, value) => Enumerable.Repeat(value, count).ToArray()), // runs
        Gen.Int[1, 3000].Select(lines => Encoding.UTF8.GetBytes(LogLines.Sample(lines))));

    private static readonly Gen<CompressionLevel> s_level =
        LogLines.OneOf(CompressionLevel.Optimal, CompressionLevel.Fastest, CompressionLevel.NoCompression, CompressionLevel.SmallestSize);

    [Fact]
    public void What_was_compressed_comes_back() =>
        Gen.Select(s_content, s_level, Gen.Int[1, 100_000]).Sample(
            (content, level, step) =>
            {
                var (status, read) = Unzip(LogLines.Gzip(content, level), step);
                Assert.Equal(GzipEnding.Complete, status);
                Assert.Equal(content, read);
            },
            iter: 200);

    [Fact]
    public void Several_members_are_one_file() =>
        Gen.Select(s_content, s_content, s_level).Sample(
            (first, second, level) =>
            {
                var (status, read) = Unzip([.. LogLines.Gzip(first, level), .. LogLines.Gzip(second), .. new byte[100]]);
                Assert.Equal(GzipEnding.Complete, status);
                Assert.Equal([.. first, .. second], read);
            },
            iter: 50);

    [Fact]
    public void Every_optional_field_of_the_header_is_skipped()
    {
        var content = LogLines.Bytes("hello");
        var plain = LogLines.Gzip(content);
        byte[] header = [0x1F, 0x8B, 8, 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3, (byte)'n', 0, (byte)'c', (byte)'c', 0];
        var (status, read) = Unzip([.. header, .. plain[10..]]);
        Assert.Equal((GzipEnding.Complete, "hello"), (status, Encoding.UTF8.GetString(read)));
    }

    [Fact]
    public void Every_cut_is_noticed_and_everything_before_it_is_given()
    {
        var content = LogLines.Bytes(LogLines.Sample(300, 7, 200));
        var compressed = LogLines.Gzip(content);
        for (var length = 2; length < compressed.Length; length++)
        {
            var (status, read) = Unzip(compressed[..length]);
            Assert.Equal(GzipEnding.Truncated, status);
            Assert.Equal(content[..read.Length], read);
        }
    }

    [Fact]
    public void A_cut_in_the_last_of_several_members_is_noticed()
    {
        var content = LogLines.Bytes(LogLines.Sample(300, 7, 200));
        byte[] both = [.. LogLines.Gzip(content), .. LogLines.Gzip(content)];
        for (var length = both.Length - 40; length < both.Length; length++) Assert.Equal(GzipEnding.Truncated, Unzip(both[..length]).Status);
        Assert.Equal(GzipEnding.Complete, Unzip(both).Status);
    }

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        var content = LogLines.Bytes(LogLines.Sample(300, 7, 200));
        var compressed = LogLines.Gzip(content);
        Gen.Select(Gen.Int[10, compressed.Length - 1], Gen.Int[1, 255]).Sample((at, change) =>
        {
            var damaged = (byte[])compressed.Clone();
            damaged[at] ^= (byte)change;
            // The last byte of the deflate stream may end in bits that mean nothing.
            var (status, read) = Unzip(damaged);
            Assert.True(status != GzipEnding.Complete || read.AsSpan().SequenceEqual(content));
        });
    }

    [Fact]
    public void Arbitrary_bytes_end_without_a_crash() =>
        Gen.Select(Gen.Byte.Array[0, 2000], Gen.Int[1, 3000]).Sample((noise, step) =>
            Assert.NotEqual(GzipEnding.Open, Unzip([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. noise], step).Status));

    private static (GzipEnding Status, byte[] Read) Unzip(byte[] compressed, int step = 64 * 1024)
    {
        using var reader = new GzipReader(new DribblingStream(compressed, step), () => new MemoryStream(compressed));
        var target = new MemoryStream();
        var buffer = new byte[step];
        int read;
        while ((read = reader.Read(buffer, 0, buffer.Length)) > 0) target.Write(buffer, 0, read);
        return (reader.Ending, target.ToArray());
    }

    /// <summary>Gives at most so many bytes at a time, as pipes and network shares do.</summary>
    private sealed class DribblingStream(byte[] content, int step) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, step));
    }
}
