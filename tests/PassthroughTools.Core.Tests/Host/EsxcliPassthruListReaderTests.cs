using PassthroughTools.Host;
using PassthroughTools.Pci;
using PassthroughTools.Text;

namespace PassthroughTools.Tests.Host;

public sealed class EsxcliPassthruListReaderTests
{
    private const string Sample = "Device ID     Enabled\n------------  -------\n0000:02:00.0     true\n0000:af:00.1    false\n";

    private static IReadOnlyList<EsxcliPassthruDevice> Read(string text) => EsxcliPassthruListReader.Read(TextFile.SplitLines(text), null);

    [Fact]
    public void Rows_are_read() =>
        Assert.Equal(
            [(new PciAddress(0, 2, 0, 0), true), (new PciAddress(0, 0xaf, 0, 1), false)],
            Read(Sample).Select(device => (device.Address, device.Enabled)));

    [Fact]
    public void Lost_alignment_and_prompts_change_nothing() =>
        Assert.Equal(2, Read("[root@h:~] esxcli hardware pci pcipassthru list\nDevice ID Enabled\n------------ -------\n0000:02:00.0 true\n0000:af:00.1 false\n").Count);

    [Fact]
    public void A_head_without_rows_is_an_empty_list() => Assert.Empty(Read("Device ID     Enabled\n------------  -------\n"));

    [Fact]
    public void A_row_that_is_cut_off_at_the_end_is_left_out_with_a_warning() =>
        Assert.Single(Assert.Single(Read(Sample[..^4])).Warnings);

    [Fact]
    public void An_unreadable_row_in_the_middle_is_refused() =>
        Assert.Equal("EsxcliPassthruRowUnreadable", Assert.Throws<PassthruException>(() => Read(Sample.Replace("true", "maybe", StringComparison.Ordinal))).ErrorId);

    [Theory]
    [InlineData("")]
    [InlineData("Error: Unknown command or namespace hardware pci pcipassthru list\n")]
    public void Anything_else_is_not_recognized(string text) =>
        Assert.Equal("InputNotRecognized", Assert.Throws<PassthruException>(() => Read(text)).ErrorId);

    [Fact]
    public void Damaged_lists_are_read_or_refused() => Mutations.Survive(Sample, lines => EsxcliPassthruListReader.Read(lines, null));
}
