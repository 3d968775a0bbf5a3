using System.Text;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Vmx;

public sealed class VmxDocumentTests
{
    private const string Sample =
        ".encoding = \"UTF-8\"\n# set up by hand\nconfig.version = \"8\"\npciPassthru0.present = \"TRUE\"\npciPassthru0.id=\"006:00.0\"\n\nguestOS = \"windows7srv-64\"\n";

    [Theory]
    [InlineData("key = \"value\"", "value")]
    [InlineData("  KEY\t=\tvalue", "value")]
    [InlineData("key=\"value\" # why", "value")]
    [InlineData("key = \"a|22b|7Cc|0Ad\"", "a\"b|c\nd")]
    [InlineData("key = \"no |zz escape|\"", "no |zz escape|")]
    [InlineData("key = \"|C3|A9\"", "é")]
    [InlineData("key = \"\"", "")]
    [InlineData("key =", "")]
    [InlineData("key = two words  ", "two words")]
    public void A_value_is_read_however_it_is_written(string line, string expected) => Assert.Equal(expected, Parse(line).Get("Key"));

    [Theory]
    [InlineData("# key = \"x\"")]
    [InlineData("other = \"x\"")]
    [InlineData("")]
    public void A_key_that_is_not_there_has_no_value(string text) => Assert.Null(Parse(text).Get("key"));

    [Theory]
    [InlineData("windows-1252", 1252, "Größe")]
    [InlineData("Shift_JIS", 932, "ソース表")] // ソ and 表 end in the byte of a backslash
    [InlineData("GBK", 936, "共享")]
    [InlineData("UTF-8", 65001, "日本語")]
    public void A_value_is_decoded_as_the_file_declares(string name, int codePage, string value)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.UTF8;
        var document = VmxDocument.Parse(encoding.GetBytes($".encoding = \"{name}\"\ndisplayName = \"{value}\"\n"));
        Assert.Equal(value, document.Get("displayName"));
    }

    [Fact]
    public void A_new_value_is_written_as_the_file_declares()
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(932)!;
        var document = VmxDocument.Parse(encoding.GetBytes(".encoding = \"Shift_JIS\"\ndisplayName = \"x\"\n"));
        document.Set("displayName", "ソ|表");
        Assert.Equal(encoding.GetBytes(".encoding = \"Shift_JIS\"\ndisplayName = \"ソ|7C表\"\n"), document.ToBytes());
    }

    [Fact]
    public void A_file_that_was_redirected_in_Windows_PowerShell_is_read_and_warned_of()
    {
        var document = VmxDocument.Parse([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("displayName = \"é\"\r\n")]);
        Assert.Equal("é", document.Get("displayName"));
        Assert.Single(document.Warnings);
    }

    [Fact]
    public void A_changed_value_keeps_the_spacing_of_its_line()
    {
        var document = Parse("a\t=  \"1\"  # why\r\nb=2\r\n");
        document.Set("A", "x");
        document.Set("b", "y");
        Assert.Equal("a\t=  \"x\"  # why\r\nb=y\r\n", Text(document));
    }

    [Fact]
    public void A_new_key_stands_beside_its_siblings_in_their_style()
    {
        var document = Parse(Sample);
        document.Set("pciPassthru0.msiEnabled", "FALSE");
        Assert.Equal(Sample.Replace("006:00.0\"\n", "006:00.0\"\npciPassthru0.msiEnabled=\"FALSE\"\n"), Text(document));
    }

    [Fact]
    public void A_new_key_without_siblings_stands_at_the_end_in_the_files_line_ends()
    {
        var document = Parse("a = \"1\"\r\nb = \"2\"\r\nc = \"3\"\n");
        document.Set("x.y", "|");
        Assert.Equal("a = \"1\"\r\nb = \"2\"\r\nc = \"3\"\nx.y = \"|7C\"\r\n", Text(document));
    }

    [Fact]
    public void A_file_without_a_final_line_end_keeps_being_one()
    {
        var document = Parse("a = \"1\"");
        document.Set("b", "2");
        Assert.Equal("a = \"1\"\nb = \"2\"", Text(document));
        document.Remove("b");
        Assert.Equal("a = \"1\"", Text(document));
    }

    [Fact]
    public void A_removed_key_comes_back_where_it_was()
    {
        var document = Parse(Sample);
        document.Remove("pciPassthru0.present");
        document.Set("pciPassthru0.present", "TRUE");
        Assert.Equal(Sample, Text(document));
    }

    [Fact]
    public void A_value_that_is_there_already_is_no_change()
    {
        var document = Parse(Sample);
        Assert.False(document.Set("CONFIG.version", "8"));
    }

    [Fact]
    public void A_repeated_key_is_named_with_its_lines()
    {
        var document = Parse("msg.autoanswer = \"TRUE\"\nx = \"1\"\nmsg.autoAnswer = \"TRUE\"\n");
        Assert.Equal(["msg.autoanswer"], document.DuplicateKeys);
        Assert.Contains("1, 3", Assert.Single(document.Warnings));
        Assert.Equal("TRUE", document.Get("MSG.AUTOANSWER"));
    }

    [Theory]
    [InlineData("key = \"a \"b\" c\"")]
    [InlineData("key = \"open")]
    [InlineData("key = “FALSE”")]
    [InlineData("a line")]
    [InlineData("two words = \"x\"")]
    [InlineData("= \"x\"")]
    public void A_damaged_line_is_warned_of_with_its_number(string line) =>
        Assert.StartsWith("line 2:", Assert.Single(Parse("a = \"1\"\n" + line).Warnings));

    [Fact]
    public void A_file_with_a_value_of_ten_megabytes_is_read()
    {
        var value = new string('x', 10_000_000);
        Assert.Equal(value, Parse("a = \"" + value + "\"").Get("a"));
    }

    [Theory]
    [InlineData("", PassthruMsiMode.Default)]
    [InlineData("pciPassthru0.msiEnabled = \"TRUE\"", PassthruMsiMode.Msi)]
    [InlineData("pciPassthru0.MSIEnabled = \"false\"", PassthruMsiMode.IoApic)]
    [InlineData("pciPassthru0.msiEnabled = \"0\"", PassthruMsiMode.Unknown)]
    [InlineData("pciPassthru0.msiEnabled = “FALSE”", PassthruMsiMode.Unknown)]
    [InlineData("pciPassthru0.msiEnabled = \"TRUE\"\npciPassthru0.msienabled = \"FALSE\"", PassthruMsiMode.Unknown)]
    [InlineData("pciPassthru0.msiEnabled = \"FALSE\"\npciPassthru0.msienabled = \"false\"", PassthruMsiMode.IoApic)]
    public void The_mode_is_what_the_key_asks_for(string text, PassthruMsiMode expected) => Assert.Equal(expected, Parse(text).GetMsiMode(0));

    [Fact]
    public void The_default_mode_removes_the_key()
    {
        var document = Parse(Sample);
        Assert.True(document.SetMsiMode(0, PassthruMsiMode.IoApic));
        Assert.Equal("FALSE", document.Get("pciPassthru0.msiEnabled"));
        Assert.True(document.SetMsiMode(0, PassthruMsiMode.Default));
        Assert.Equal(Sample, Text(document));
    }

    [Fact]
    public void A_mode_that_is_set_already_is_no_change()
    {
        var document = Parse("pciPassthru0.msiEnabled = \"false\"\n");
        Assert.False(document.SetMsiMode(0, PassthruMsiMode.IoApic));
        Assert.Equal("pciPassthru0.msiEnabled = \"false\"\n", Text(document));
    }

    private static VmxDocument Parse(string text) => VmxDocument.Parse(Encoding.UTF8.GetBytes(text), "vm.vmx");

    private static string Text(VmxDocument document) => Encoding.UTF8.GetString(document.ToBytes());
}
