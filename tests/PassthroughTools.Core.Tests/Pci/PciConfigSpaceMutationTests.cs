using CsCheck;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Pci;

/// <summary>Nothing that stands in a file may bring the reader down or keep it busy for ever.</summary>
public sealed class PciConfigSpaceMutationTests
{
    private static readonly string[] Dump = [.. SampleDevices.All.SelectMany(sample => sample.Config.Lines(sample.Address + " Sample"))];

    private static readonly Gen<string> Junk = Gen.OneOf(
        Gen.String[0, 40],
        Gen.String["0123456789abcdefABCDEF:. xX\t"],
        Gen.Int[1, 1_000].Select(length => string.Concat(Enumerable.Repeat("ff ", length))),
        Gen.Int[1, 1_000].Select(length => "00: " + string.Concat(Enumerable.Repeat("a5 ", length))),
        Gen.Int[1, 1_000].Select(length => new string('0', length) + ": 11"));

    private static readonly Gen<Action<List<string>>> Mutation = Gen.OneOf<Action<List<string>>>(
        Gen.Int[0, 10_000].Select(at => (Action<List<string>>)(lines => lines.RemoveAt(at % lines.Count))),
        Gen.Select(Gen.Int[0, 10_000], Junk).Select((at, junk) => (Action<List<string>>)(lines => lines.Insert(at % lines.Count, junk))),
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 10_000]).Select((from, to) => (Action<List<string>>)(lines => lines[to % lines.Count] = lines[from % lines.Count])),
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 100], Gen.Char).Select((at, column, c) => (Action<List<string>>)(lines =>
        {
            var line = lines[at % lines.Count].ToCharArray();
            if (line.Length == 0) return;
            line[column % line.Length] = c;
            lines[at % lines.Count] = new string(line);
        })));

    [Fact]
    public void A_mutated_dump_is_read_or_refused() => Mutation.Array[1, 60].Sample(
        mutations =>
        {
            var lines = Dump.ToList();
            foreach (var mutate in mutations) mutate(lines);
            ReadOrRefuse(lines);
        },
        iter: 300);

    [Fact]
    public void Any_bytes_make_a_record_whose_chains_end() => Gen.Select(Gen.Byte.Array[4096], Gen.Int[0, 2]).Sample(
        (bytes, headerType) =>
        {
            bytes[0x06] |= 0x10;
            bytes[0x0e] = (byte)headerType;
            var record = PciConfigSpaceReader.Read(ConfigBuilder.Print("08:00.0 X", bytes), null)[0];
            Assert.InRange(record.Capabilities.Count, 0, (0x100 - 0x40) / 4);
            Assert.InRange(record.ExtendedCapabilities.Count, 0, (0x1000 - 0x100) / 4);
        },
        iter: 300);

    [Fact]
    public void A_chain_through_every_place_is_followed_to_its_end()
    {
        var bytes = SampleDevices.Hba().Bytes;
        for (var at = 0x40; at < 0x100; at += 4) (bytes[at], bytes[at + 1]) = (0x10, (byte)(at + 4));
        for (var at = 0x100; at < 0x1000; at += 4)
            (bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]) = (0x10, 0x00, (byte)(1 | (((at + 4) & 0xf) << 4)), (byte)((at + 4) >> 4));
        bytes[0x34] = 0x40;

        var record = PciConfigSpaceReader.Read(ConfigBuilder.Print("08:00.0 X", bytes), null)[0];

        Assert.Equal((0xc0 / 4, 0xf00 / 4), (record.Capabilities.Count, record.ExtendedCapabilities.Count));
    }

    [Theory]
    [InlineData("ff ")]
    [InlineData("0")]
    [InlineData("0000:08:00.0 ")]
    [InlineData("00: 11 ")]
    public void A_line_of_10_MB_does_no_harm(string part)
    {
        var line = string.Concat(Enumerable.Repeat(part, 10_000_000 / part.Length));
        Assert.Equal(32, PciConfigSpaceReader.Read([.. SampleDevices.Hba().Lines("08:00.0 HBA"), line, "00: " + line], null)[0].MsiXTableSize);
    }

    private static void ReadOrRefuse(IReadOnlyList<string> lines)
    {
        try
        {
            Assert.NotEmpty(PciConfigSpaceReader.Read(lines, null));
        }
        catch (PassthruException e)
        {
            Assert.Equal("InputNotRecognized", e.ErrorId);
        }
    }
}
