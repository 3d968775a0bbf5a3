using System.Globalization;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Pci;

/// <summary>Layouts of the text around the bytes.</summary>
public sealed class PciConfigSpaceTextTests
{
    private static readonly string[] Hba = SampleDevices.Hba().Lines("08:00.0 Fibre Channel: HBA");

    [Fact]
    public void Several_devices_are_read_although_the_blank_lines_between_them_are_lost()
    {
        var lines = SampleDevices.All.SelectMany(sample => sample.Config.Lines(sample.Address + " X")).Where(line => line.Length > 0);
        Assert.Equal(SampleDevices.All.Select(sample => sample.Address), PciConfigSpaceReader.Read(lines, null).Select(record => record.Address.ToString()));
    }

    [Theory]
    [InlineData("08:00.0 Fibre", "0000:08:00.0")]
    [InlineData("0000:af:00.1 Fibre", "0000:af:00.1")]
    [InlineData("02:00.00 Fibre", "0000:02:00.0")]
    [InlineData("000:013:00.0 Fibre", "0000:0d:00.0")]
    [InlineData("10000:e1:00.0 NVMe", "10000:e1:00.0")]
    [InlineData("0000:08:00.0", "0000:08:00.0")]
    public void Headings_are_read_with_and_without_a_domain(string heading, string expected) =>
        Assert.Equal(expected, SampleDevices.Hba().Read(heading).Address.ToString());

    [Theory]
    [InlineData("{0:x2}: {1}")]
    [InlineData("{0:x3}: {1}")]
    [InlineData("0x{0:x2}: {1}")]
    [InlineData("0x{0:X4}: {1}")]
    [InlineData("  {0:x8}:  {1}")]
    [InlineData("{0:x2}: {1}  .....ab..cd.....")]
    public void Rows_are_read_with_offsets_of_any_width(string format)
    {
        var bytes = SampleDevices.Hba().Bytes.AsSpan(0, 256).ToArray();
        var rows = bytes.Chunk(16).Select((row, index) => string.Format(
            CultureInfo.InvariantCulture, format, index * 16, string.Join(' ', row.Select(value => value.ToString("x2", CultureInfo.InvariantCulture)))));
        var record = PciConfigSpaceReader.Read(["08:00.0 HBA", .. rows], null)[0];
        Assert.Equal((32, 256), (record.MsiXTableSize, record.Length));
        Assert.Empty(record.Warnings);
    }

    [Theory]
    [InlineData(true, "08:00.0 HBA")]
    [InlineData(false, "08:00.0 HBA")]
    [InlineData(true, "08:00.0 Fibre Channel [0c04]: Emulex [10df:f100]")]
    [InlineData(false, "08:00.0 Fibre Channel [0c04]: Emulex [10df:f100]")]
    public void Groups_of_four_bytes_are_read_in_the_order_that_makes_sense(bool isReversed, string heading)
    {
        var record = PciConfigSpaceReader.Read([heading, .. Groups(SampleDevices.Hba().Bytes.AsSpan(0, 256).ToArray(), isReversed)], null)[0];
        Assert.Equal(("10df:f100", 32), (record.HardwareId, record.MsiXTableSize));
        Assert.Empty(record.Warnings);
    }

    [Fact]
    public void Groups_of_four_bytes_whose_order_is_unclear_are_left_out_with_a_warning()
    {
        var bytes = new byte[64];
        bytes.AsSpan().Fill(0x21);
        var record = PciConfigSpaceReader.Read(["08:00.0 HBA", .. Groups(bytes, false)], null)[0];
        Assert.Equal((0, false), (record.Length, record.IsComplete));
        Assert.Contains(record.Warnings, warning => warning.Contains("order", StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_of_a_verbose_listing_are_passed_over()
    {
        string[] lines =
        [
            Hba[0], "\tSubsystem: Emulex Corporation LPe12000", "\tRegion 0: Memory at fbef0000 (64-bit, non-prefetchable)", "\tCapabilities: [58] MSI: Enable-",
            "\t\tAddress: 00000000fee00000  Data: 0000", "\tKernel driver in use: lpfc", .. Hba[1..],
        ];
        var record = Assert.Single(PciConfigSpaceReader.Read(lines, null));
        Assert.Equal(32, record.MsiXTableSize);
        Assert.Empty(record.Warnings);
    }

    [Fact]
    public void A_missing_row_is_unknown_rather_than_zero()
    {
        var record = PciConfigSpaceReader.Read(Hba.Where(line => !line.StartsWith("90:", StringComparison.Ordinal)), null)[0];
        Assert.Equal((16, null, false), (record.MsiVectors, record.MsiXTableSize, record.IsComplete));
    }

    [Fact]
    public void Rows_of_a_device_whose_heading_is_lost_are_not_taken_for_the_one_before()
    {
        var record = Assert.Single(PciConfigSpaceReader.Read([.. Hba, .. SampleDevices.Nvme().Lines("lost")[1..]], null));
        Assert.Equal(("10df:f100", 32), (record.HardwareId, record.MsiXTableSize));
        Assert.Single(record.Warnings);
    }

    [Fact]
    public void Rows_before_the_first_heading_are_left_out_with_a_warning()
    {
        var record = Assert.Single(PciConfigSpaceReader.Read([.. SampleDevices.Nvme().Lines("lost")[1..], .. Hba], null));
        Assert.Equal("10df:f100", record.HardwareId);
        Assert.Single(record.Warnings);
    }

    [Fact]
    public void A_device_without_rows_is_listed_as_unknown()
    {
        var records = PciConfigSpaceReader.Read(["07:00.0 Bridge", "WARNING: Cannot show hex-dump of the config space", .. Hba], null);
        Assert.Equal(2, records.Count);
        Assert.Equal((false, false, 0), (records[0].IsComplete, records[0].IsExtendedComplete, records[0].Length));
        Assert.Single(records[0].Warnings);
    }

    [Fact]
    public void A_row_cut_short_keeps_its_bytes_and_warns()
    {
        var record = PciConfigSpaceReader.Read([.. Hba.Select(line => line.StartsWith("f0:", StringComparison.Ordinal) ? "f0: 00 00 0" : line)], null)[0];
        Assert.Equal(32, record.MsiXTableSize);
        Assert.Single(record.Warnings);
    }

    [Fact]
    public void A_row_beyond_4096_bytes_is_left_out_with_a_warning()
    {
        var record = PciConfigSpaceReader.Read([.. Hba, "1000: 00 11", "ffffffff: 00 11"], null)[0];
        Assert.Equal((4096, 2), (record.Length, record.Warnings.Count));
    }

    [Fact]
    public void The_file_is_named_on_the_record() => Assert.Equal("lspci-config.txt", PciConfigSpaceReader.Read(Hba, "lspci-config.txt")[0].Source);

    [Theory]
    [InlineData("")]
    [InlineData("\n   ")]
    [InlineData("This is a letter.")]
    [InlineData("08:00.0 Fibre Channel: HBA\n09:00.0 Fibre Channel: HBA")]
    [InlineData("00: df 10 00 f1")]
    public void A_text_without_a_dump_is_refused(string text) =>
        Assert.Equal("InputNotRecognized", Assert.Throws<PassthruException>(() => PciConfigSpaceReader.Read(text.Split('\n'), null)).ErrorId);

    private static IEnumerable<string> Groups(byte[] bytes, bool isReversed) => bytes.Chunk(16).Select((row, index) =>
        $"{index * 16:x2}: " + string.Join(' ', row.Chunk(4).Select(group => Convert.ToHexStringLower(isReversed ? [.. group.Reverse()] : group))));
}
