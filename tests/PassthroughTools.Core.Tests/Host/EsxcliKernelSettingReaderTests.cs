using PassthroughTools.Host;
using PassthroughTools.Text;

namespace PassthroughTools.Tests.Host;

public sealed class EsxcliKernelSettingReaderTests
{
    private const string Eight = """
        Name                 Type    Configured  Runtime  Default  Description
        -------------------  ------  ----------  -------  -------  -----------------------------------------------------
        intrFirstMsixVector  uint8   0x80        0x70     0x70     Start of the x86 vector range for MSI-X.
        iovDisableIR         Bool    FALSE       FALSE    FALSE    Disable interrupt remapping in the IOMMU.
        logPort              String                       default  Serial port to use; com1 or com2.
        maxIntrCookies       uint32  4096        1024     1024     Maximum number of interrupts vmkernel should support.
        """;

    private const string Five = """
        Name          Type  Description                              Configured  Runtime  Default
        ------------  ----  ---------------------------------------  ----------  -------  -------
        iovDisableIR  Bool  Disable Interrrupt Routing in the IOMMU  true        TRUE     FALSE
        """;

    private static IReadOnlyList<KernelSetting> Read(string text) => EsxcliKernelSettingReader.Read(TextFile.SplitLines(text), null);

    private static KernelSetting Essence(KernelSetting setting) => setting with { Line = 0, Warnings = None };

    private static readonly IReadOnlyList<string> None = [];

    [Fact]
    public void Columns_are_read_by_their_place()
    {
        var setting = Read(Eight)[3];
        Assert.Equal(
            new KernelSetting("maxIntrCookies", "uint32", "4096", "1024", "1024", "Maximum number of interrupts vmkernel should support.") { Line = 6, Warnings = setting.Warnings },
            setting);
        Assert.Empty(setting.Warnings);
    }

    [Fact]
    public void Blank_cells_are_null() =>
        Assert.Equal(new KernelSetting("logPort", "String", null, null, "default", "Serial port to use; com1 or com2."), Essence(Read(Eight)[2]) with { Warnings = new KernelSetting("", "", "", "", "", "").Warnings });

    [Fact]
    public void Numbers_are_given_in_either_base() => Assert.Equal((0x80L, 0x70L), (Read(Eight)[0].ConfiguredNumber, Read(Eight)[0].RuntimeNumber));

    [Fact]
    public void A_configured_value_that_differs_waits_for_a_reboot() =>
        Assert.Equal([true, false, false, true], Read(Eight).Select(setting => setting.RebootPending));

    [Theory]
    [InlineData("true", "TRUE")]
    [InlineData("0x70", "112")]
    public void The_same_value_written_otherwise_does_not_wait_for_a_reboot(string configured, string runtime) =>
        Assert.False(new KernelSetting("x", null, configured, runtime, null, null).RebootPending);

    [Fact]
    public void The_order_of_5_x_puts_the_description_before_the_values() =>
        Assert.Equal(("true", "TRUE", "FALSE", "Disable Interrrupt Routing in the IOMMU"),
            (Read(Five)[0].Configured, Read(Five)[0].Runtime, Read(Five)[0].Default, Read(Five)[0].Description));

    [Theory]
    [InlineData("    ")]
    [InlineData("\t")]
    public void Indentation_of_the_whole_table_changes_nothing(string indent) =>
        Assert.Equal(Read(Eight).Select(Essence), Read(string.Join('\n', Eight.Split('\n').Select(line => indent + line))).Select(Essence));

    [Fact]
    public void A_row_alone_under_its_head_is_read() =>
        Assert.Equal("1024", Read(string.Join('\n', Eight.Split('\n').Where((_, i) => i is 0 or 1 or 5)))[0].Runtime);

    [Fact]
    public void Where_alignment_is_lost_values_are_told_apart_by_type_with_a_warning()
    {
        var settings = Read(string.Join('\n', Eight.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))));
        Assert.Equal(("4096", "1024", "1024"), (settings[3].Configured, settings[3].Runtime, settings[3].Default));
        Assert.Equal("Maximum number of interrupts vmkernel should support.", settings[3].Description);
        Assert.Single(settings[3].Warnings);
    }

    [Fact]
    public void Where_alignment_is_lost_and_nothing_tells_values_are_left_out()
    {
        var setting = Read("Name Type Configured Runtime Default Description\n---- ---- ---- ---- ---- ----\nlogPort String default Serial port to use\nx Bool TRUE TRUE TRUE y\n")[0];
        Assert.Equal((null, null, null), (setting.Configured, setting.Runtime, setting.Default));
        Assert.Single(setting.Warnings);
    }

    [Fact]
    public void Lost_alignment_in_5_x_takes_values_from_the_end() =>
        Assert.Equal(("true", "TRUE", "FALSE"), Values(Read(string.Join('\n', Five.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))))[0]));

    [Theory]
    [InlineData("maxIntrCookies                      uint32  4096        1024     1024     Maximum number of interrupts\n")]
    [InlineData("maxIntrCookies uint32 4096 1024 1024 Maximum number of interrupts\n")]
    [InlineData("maxIntrCookies  uint32  Maximum number of interrupts  4096  1024  1024\n")]
    public void A_row_that_grep_left_is_read_in_either_order(string row) => Assert.Equal(("4096", "1024", "1024"), Values(Read(row)[0]));

    [Fact]
    public void A_row_that_fits_both_orders_is_left_without_values() =>
        Assert.Equal((null, null, null), Values(Read("x uint32 1 2 3 4 5 6\n")[0]));

    [Fact]
    public void A_shifted_row_is_not_read_by_place()
    {
        var setting = Read(Eight.Replace("maxIntrCookies       uint32", "maxIntrCookies     uint32", StringComparison.Ordinal))[3];
        Assert.Equal(("4096", "1024", "1024"), Values(setting));
        Assert.Single(setting.Warnings);
    }

    [Theory]
    [InlineData(Eight, 5)]
    [InlineData(Eight, 3)]
    [InlineData(Eight, 4)]
    [InlineData(Five, 2)]
    public void However_a_row_is_shifted_no_value_comes_out_wrong(string table, int row)
    {
        var lines = table.Split('\n');
        var right = Values(Read(table)[row - 2]);
        for (var at = 0; at <= lines[row].Length; at++)
        {
            foreach (var shift in new[] { -4, -3, -2, -1, 1, 2, 3, 4, 5, 8, 13, 21 })
            {
                // Only blanks move; what is printed stays.
                var line = lines[row];
                if (shift < 0 && (at - shift > line.Length || line.Substring(at, -shift).Trim().Length > 0 || at == 0 || line[at - 1] != ' ')) continue;
                if (shift > 0 && at < line.Length && line[at] != ' ' && at > 0 && line[at - 1] != ' ') continue;
                var shifted = shift < 0 ? line.Remove(at, -shift) : line.Insert(at, new string(' ', shift));
                var setting = Read(string.Join('\n', lines.Select((original, i) => i == row ? shifted : original)) + "\nlast  Bool  TRUE TRUE TRUE x\n")[row - 2];
                var got = Values(setting);
                Assert.True(
                    (got.Item1 ?? right.Item1, got.Item2 ?? right.Item2, got.Item3 ?? right.Item3) == right,
                    $"'{shifted}' gave {got}");
            }
        }
    }

    [Fact]
    public void A_row_that_lost_its_indentation_keeps_its_name()
    {
        var lines = Eight.Split('\n').Select(line => "    " + line).ToArray();
        lines[5] = lines[5].TrimStart();
        Assert.Equal(("maxIntrCookies", "1024"), (Read(string.Join('\n', lines))[3].Name, Read(string.Join('\n', lines))[3].Runtime));
    }

    [Fact]
    public void A_value_at_the_cut_is_not_trusted()
    {
        var setting = Read(Eight[..(Eight.IndexOf("4096", StringComparison.Ordinal) + 2)])[3];
        Assert.Null(setting.Configured);
        Assert.Single(setting.Warnings);
    }

    [Fact]
    public void A_last_line_that_is_no_row_is_ignored_with_a_warning() =>
        Assert.Single(Read(Eight + "\nConnection to esx1 closed.\n")[3].Warnings);

    [Fact]
    public void An_unreadable_row_in_the_middle_is_refused() =>
        Assert.Equal("KernelSettingUnreadable", Assert.Throws<PassthruException>(() => Read(Eight.Replace("logPort ", "log port", StringComparison.Ordinal))).ErrorId);

    [Theory]
    [InlineData("")]
    [InlineData("Unable to find option maxIntrCookie\n")]
    [InlineData("Name Type Configured Runtime Default Description\n---- ---- ---- ---- ---- ----\n")]
    public void Anything_else_is_not_recognized(string text) =>
        Assert.Equal("InputNotRecognized", Assert.Throws<PassthruException>(() => Read(text)).ErrorId);

    [Fact]
    public void Output_of_a_machine_formatter_is_refused_by_name() =>
        Assert.Equal("EsxcliFormatterUnsupported", Assert.Throws<PassthruException>(() => Read("Configured,Default,Description,Name,Runtime,Type,\n")).ErrorId);

    [Fact]
    public void Damaged_tables_are_read_or_refused() => Mutations.Survive(Eight, lines => EsxcliKernelSettingReader.Read(lines, null));

    private static (string?, string?, string?) Values(KernelSetting setting) => (setting.Configured, setting.Runtime, setting.Default);
}
