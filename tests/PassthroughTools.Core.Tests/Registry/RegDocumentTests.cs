using System.Text;
using PassthroughTools.Registry;

namespace PassthroughTools.Tests.Registry;

public sealed class RegDocumentTests
{
    private const string Header = "Windows Registry Editor Version 5.00\r\n\r\n";
    private const string Key = @"HKEY_LOCAL_MACHINE\SYSTEM\X";

    [Theory]
    [InlineData("dword:00000010", "REG_DWORD", "16")]
    [InlineData("dword:10", "REG_DWORD", "16")]
    [InlineData("\"a \\\"b\\\" c:\\\\d\"", "REG_SZ", "a \"b\" c:\\d")]
    [InlineData("hex(2):25,00,78,00,25,00,00,00", "REG_EXPAND_SZ", "%x%")]
    [InlineData("hex(7):41,00,00,00,42,00,00,00,00,00", "REG_MULTI_SZ", "A")]
    [InlineData("hex(b):02,00,00,00,00,00,00,00", "REG_QWORD", "02 00 00 00 00 00 00 00")]
    [InlineData("hex(ffff000d):20,00", "type 0xffff000d", "20 00")]
    [InlineData("hex:01,02,\\\r\n  03", "REG_BINARY", "01 02 03")]
    [InlineData("hex(0):", "REG_NONE", "")]
    [InlineData("\"two\r\nlines\"", "REG_SZ", "two\r\nlines")]
    [InlineData("str(2):\"%x%\"", "REG_EXPAND_SZ", "%x%")]
    [InlineData("dword:1 ; why", "REG_DWORD", "1")]
    public void A_value_of_any_type_is_read(string text, string type, string shown)
    {
        var document = Parse($"[{Key}]\r\n\"v\"={text}\r\n\"after\"=dword:1\r\n");
        var data = document.GetValue(Key, "V");
        Assert.Equal((type, shown), (data!.TypeName, data.ToString()));
        Assert.NotNull(document.GetValue(Key, "after"));
        Assert.Empty(document.Warnings);
    }

    [Fact]
    public void The_default_value_has_an_empty_name() => Assert.Equal("x", Parse($"[{Key}]\r\n@=\"x\"\r\n").GetValue(Key, "")?.ToString());

    [Fact]
    public void Strings_of_the_old_format_are_bytes()
    {
        var document = RegDocument.Parse(Encoding.ASCII.GetBytes($"REGEDIT4\r\n\r\n[{Key}]\r\n\"e\"=hex(2):25,78,25,00\r\n"));
        Assert.Equal("%x%", document.GetValue(Key, "e")?.AsText());
    }

    [Theory]
    [InlineData("\"v\"=dword:zz")]
    [InlineData("\"v\"=hex:4")]
    [InlineData("\"v\"=hex:1g")]
    [InlineData("\"v\"=hex:41,\\")]
    [InlineData("\"v\"=\"open")]
    [InlineData("\"v\"=\"x\" y")]
    [InlineData("\"v\"")]
    [InlineData("words")]
    public void A_damaged_value_is_warned_of_and_swallows_nothing(string line)
    {
        var document = Parse($"[{Key}]\r\n{line}\r\n[{Key}\\Y]\r\n\"n\"=dword:5\r\n");
        if (line != "\"v\"=hex:4") Assert.NotEmpty(document.Warnings);
        Assert.Equal("5", document.GetValue(Key + "\\Y", "n")?.ToString());
    }

    [Fact]
    public void Repeated_keys_and_values_are_named()
    {
        var document = Parse($"[{Key}]\r\n\"v\"=dword:1\r\n[{Key.ToUpperInvariant()}]\r\n\"V\"=dword:2\r\n");
        Assert.Equal([Key.ToUpperInvariant(), Key.ToUpperInvariant() + "\\@V"], document.Duplicates);
        Assert.Equal("2", document.GetValue(Key, "v")?.ToString());
    }

    [Fact]
    public void Deletions_count_in_order()
    {
        var document = Parse($"[{Key}\\Y]\r\n\"a\"=dword:1\r\n[-{Key}]\r\n[{Key}]\r\n\"b\"=dword:2\r\n\"b\"=-\r\n\"c\"=dword:3\r\n");
        Assert.False(document.ContainsKey(Key + "\\Y"));
        Assert.Equal(["c"], document.GetValues(Key).Select(value => value.Name));
    }

    [Fact]
    public void A_new_document_is_what_regedit_writes()
    {
        var document = RegDocument.Create();
        document.SetValue(Key, "MessageNumberLimit", RegData.Dword(16));
        document.MarkValueDeleted(Key, "MSISupported");
        byte[] expected =
        [
            0xFF, 0xFE,
            .. Encoding.Unicode.GetBytes(Header + $"[{Key}]\r\n\"MessageNumberLimit\"=dword:00000010\r\n\"MSISupported\"=-\r\n\r\n"),
        ];
        Assert.Equal(expected, document.ToBytes());
    }

    [Fact]
    public void Long_values_are_wrapped_within_eighty_columns()
    {
        var document = RegDocument.Create();
        document.SetValue(Key, "v", new RegData(3, new byte[100]));
        var lines = Encoding.Unicode.GetString(document.ToBytes()).Split("\r\n");
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.Contains(lines, line => line.EndsWith(",\\", StringComparison.Ordinal));
    }

    [Fact]
    public void An_edited_value_touches_its_line_only()
    {
        var text = $"[{Key}]\r\n\"other\"=hex:01,\\\r\n  02\r\n \"v\" = dword:1 ; why\r\n\r\n[{Key}\\Y]\r\n\"z\"=\"w\"\r\n";
        var document = Parse(text);
        document.SetValue(Key, "v", RegData.Dword(0));
        Assert.Equal(Header + text.Replace(" \"v\" = dword:1 ; why", "\"v\"=dword:00000000"), Text(document));
        document.SetValue(Key, "v", RegData.Dword(1));
        Assert.Equal(Header + text, Text(document));
    }

    [Fact]
    public void A_value_that_spans_lines_comes_back_as_it_was_written()
    {
        var text = $"[{Key}]\r\n\"v\"=hex:01,\\\r\n  02,\\\r\n  03\r\n\"w\"=dword:1\r\n";
        var document = Parse(text);
        document.SetValue(Key, "v", RegData.Dword(1));
        Assert.Equal(Header + $"[{Key}]\r\n\"v\"=dword:00000001\r\n\"w\"=dword:1\r\n", Text(document));
        document.SetValue(Key, "v", new RegData(3, [1, 2, 3]));
        Assert.Equal(Header + text, Text(document));
    }

    [Fact]
    public void A_new_key_stands_below_its_parent_with_the_keys_between()
    {
        var document = Parse($"[{Key}]\r\n\r\n[{Key}\\A]\r\n\r\n[{Key}2]\r\n\r\n");
        document.SetValue(Key + @"\A\B\C", "v", RegData.Dword(1));
        Assert.Equal(
            Header + $"[{Key}]\r\n\r\n[{Key}\\A]\r\n\r\n[{Key}\\A\\B]\r\n\r\n[{Key}\\A\\B\\C]\r\n\"v\"=dword:00000001\r\n\r\n[{Key}2]\r\n\r\n",
            Text(document));
    }

    [Fact]
    public void The_inverse_restores_absent_values_and_keys_as_absent()
    {
        var export = Parse($"[{Key}]\r\n\"old\"=hex(ffff000d):01\r\n\r\n");
        var script = RegDocument.Create();
        script.SetValue(Key, "old", RegData.Dword(1));
        script.SetValue(Key, "new", RegData.Dword(1));
        script.SetValue(Key + @"\A\B", "v", RegData.Dword(1));
        var inverse = script.Inverse(export);
        Assert.Equal(Header + $"[{Key}]\r\n\"old\"=hex(ffff000d):01\r\n\"new\"=-\r\n\r\n[-{Key}\\A]\r\n\r\n", Text(inverse));
    }

    [Fact]
    public void A_key_of_the_registrys_greatest_depth_is_read_and_a_deeper_one_is_warned_of()
    {
        var deep = string.Join('\\', Enumerable.Repeat("k", 513));
        Assert.True(Parse($"[{deep}]\r\n").ContainsKey(deep));
        Assert.Single(Parse($"[{deep}\\k]\r\n").Warnings);
    }

    [Fact]
    public void A_splice_refuses_a_file_that_changed_since()
    {
        var splice = PassthroughTools.Text.ByteSplice.Between([1, 2, 3], [1, 9, 9, 3])!;
        Assert.Equal([1, 2, 3], splice.Undo([1, 9, 9, 3])!);
        Assert.Null(splice.Undo([1, 9, 8, 3]));
        Assert.Null(splice.Undo([1, 9, 9, 3, 4]));
    }

    private static RegDocument Parse(string text) => RegDocument.Parse([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Header + text)], "x.reg");

    private static string Text(RegDocument document) => Encoding.Unicode.GetString(document.ToBytes())[1..];
}
