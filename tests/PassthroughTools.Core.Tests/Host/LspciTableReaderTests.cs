using PassthroughTools.Host;
using PassthroughTools.Pci;
using PassthroughTools.Text;

namespace PassthroughTools.Tests.Host;

public sealed class LspciTableReaderTests
{
    private const string Seven = """
        Segm:Bu:De.F Vend:Dvid Subv:Subd ISA/irq/Vect P M Module       Name
        0000:00:1f.2 8086:8c02 15d9:0805 255/   /     @ V vmw_ahci     vmhba0
        0000:04:00.0 8086:1533 1043:8557 255/   /     A V igbn         vmnic0
        0000:06:00.0 1d6a:d108 1d6a:0001 255/   /     A V              vmnic2
        0000:af:00.0 10df:f100 10df:f100 255/   /     A P pciPassthru  
        """;

    private const string Four = """
        Bus:S1.F Vend:Dvid Subv:Subd ISA/irq/Vec P M Module       Name
        00:00.00 8086:7190 15ad:1976               V
        00:07.03 8086:7113 15ad:1976 255/   /     @ V ide          vmhba0
        02:00.00 8086:100f 15ad:0750 10/ 10/0x91 A V e1000        vmnic0
        """;

    private static IReadOnlyList<LspciTableRow> Read(string text) => LspciTableReader.Read(TextFile.SplitLines(text), null);

    [Fact]
    public void Rows_of_7_x_are_read()
    {
        var row = Read(Seven)[1];
        Assert.Equal(
            new LspciTableRow
            {
                Address = new PciAddress(0, 4, 0, 0), AddressText = "0000:04:00.0", VendorId = 0x8086, DeviceId = 0x1533, SubVendorId = 0x1043, SubDeviceId = 0x8557,
                IsaIrq = 255, Pin = "A", OwnerCode = "V", Module = "igbn", Name = "vmnic0", Line = 3, Warnings = row.Warnings,
            },
            row);
    }

    [Fact]
    public void An_at_sign_means_no_pin() => Assert.Null(Read(Seven)[0].Pin);

    [Fact]
    public void A_blank_module_is_not_taken_for_the_name() => Assert.Equal((null, "vmnic2"), (Read(Seven)[2].Module, Read(Seven)[2].Name));

    [Fact]
    public void A_blank_name_is_not_taken_for_the_module() => Assert.Equal(("pciPassthru", null, "P"), (Read(Seven)[3].Module, Read(Seven)[3].Name, Read(Seven)[3].OwnerCode));

    [Fact]
    public void Rows_of_4_x_show_irq_and_vector_where_the_device_has_a_line()
    {
        var rows = Read(Four);
        Assert.Equal((10, 10, 0x91), (rows[2].IsaIrq, rows[2].Irq, rows[2].Vector));
        Assert.Equal((null, null, null), (rows[0].IsaIrq, rows[0].Irq, rows[0].Vector));
    }

    [Fact]
    public void Addresses_of_4_x_that_read_alike_in_both_bases_are_given() =>
        Assert.Equal(new PciAddress(0, 0, 7, 3), Read(Four)[1].Address);

    [Fact]
    public void Addresses_of_4_x_that_could_be_either_base_are_not_guessed()
    {
        var row = Read(Four + "\n00:11.00 8086:0001 15ad:1976               V\n")[3];
        Assert.Null(row.Address);
        Assert.Single(row.Warnings);
    }

    [Theory]
    [InlineData("00:31.02", 0x0b)]
    [InlineData("00:1f.02", 0x11)]
    public void One_telling_row_decides_the_base_of_the_table(string telling, int device) =>
        Assert.Equal(new PciAddress(0, 0, device, 0), Read(Four + $"\n00:11.00 8086:0001 15ad:1976               V\n{telling} 8086:0001 15ad:1976               V\n")[3].Address);

    [Fact]
    public void Three_digit_buses_of_5_x_are_decimal() =>
        Assert.Equal(new PciAddress(0, 0x0e, 0, 0), Read(Seven.Replace("0000:04:00.0", "000:014:00.0", StringComparison.Ordinal).Split('\n')[2])[0].Address);

    [Fact]
    public void Lost_alignment_and_prompts_change_no_value()
    {
        static LspciTableRow Essence(LspciTableRow row) => row with { Line = 0, Warnings = None };
        var collapsed = string.Join('\n', Seven.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal(Read(Seven).Select(Essence), Read("~ # vmkvsitools lspci -p\n" + collapsed + "\n~ #\n").Select(Essence));
    }

    [Fact]
    public void Rows_without_the_head_are_read() => Assert.Equal(4, Read(Seven[(Seven.IndexOf('\n', StringComparison.Ordinal) + 1)..]).Count);

    [Fact]
    public void A_last_row_that_is_cut_off_is_left_out_with_a_warning() => Assert.Single(Read(Seven + "\n0000:b0:00.0 10d")[3].Warnings);

    [Fact]
    public void An_unreadable_row_in_the_middle_is_refused() =>
        Assert.Equal("LspciRowUnreadable", Assert.Throws<PassthruException>(() => Read(Seven.Replace("8086:1533", "8086-1533", StringComparison.Ordinal))).ErrorId);

    [Theory]
    [InlineData("")]
    [InlineData("0000:04:00.0 Network controller: Intel Corporation I210 [vmnic0]\n")]
    [InlineData("Segm:Bu:De.F Vend:Dvid Subv:Subd ISA/irq/Vect P M Module       Name\n")]
    public void Anything_else_is_not_recognized(string text) =>
        Assert.Equal("InputNotRecognized", Assert.Throws<PassthruException>(() => Read(text)).ErrorId);

    [Fact]
    public void Damaged_tables_are_read_or_refused() => Mutations.Survive(Seven, lines => LspciTableReader.Read(lines, null));

    private static readonly IReadOnlyList<string> None = [];
}
