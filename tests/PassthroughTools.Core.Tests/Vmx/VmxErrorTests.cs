using System.Text;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Vmx;

public sealed class VmxErrorTests
{
    [Fact]
    public void Text_without_settings_is_refused() => Refused("VmxNotRecognized", "just words", document => VmxConfiguration.From(document));

    [Fact]
    public void A_repeated_key_is_not_set() => Refused("VmxDuplicateKey", "a.b = \"1\"\nA.B = \"1\"", document => document.Set("a.b", "2"));

    [Fact]
    public void A_repeated_key_is_not_removed() => Refused("VmxDuplicateKey", "a = \"1\"\nA = \"1\"", document => document.Remove("a"));

    [Fact]
    public void A_repeated_key_with_different_values_has_no_value() => Refused("VmxDuplicateKey", "a = \"1\"\nA = \"2\"", document => document.Get("a"));

    [Fact]
    public void A_repeated_mode_is_not_set() =>
        Refused(
            "VmxDuplicateKey",
            "pciPassthru0.msiEnabled = \"TRUE\"\npciPassthru0.msiEnabled = \"TRUE\"",
            document => document.SetMsiMode(0, PassthruMsiMode.Msi));

    [Fact]
    public void A_damaged_line_is_not_edited() => Refused("VmxMalformedLine", "a = \"x \"y\" z\"", document => document.Set("a", "2"));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a=b")]
    [InlineData("#a")]
    [InlineData("ä")]
    [InlineData("a\nb")]
    public void A_key_that_would_not_read_back_is_refused(string key) => Refused("VmxInvalidKey", "a = \"1\"", document => document.Set(key, "2"));

    [Theory]
    [InlineData(".encoding = \"windows-1252\"\n", "日本")]
    [InlineData(".encoding = \"nonsense\"\n", "é")]
    [InlineData(".encoding = \"UTF-16\"\n", "é")]
    [InlineData(".encoding = \"ISO-2022-JP\"\n", "é")]
    [InlineData("a = \"1\"\n", "é")]
    public void A_value_that_the_encoding_cannot_hold_is_refused(string text, string value) =>
        Refused("VmxValueNotEncodable", text, document => document.Set("displayName", value));

    [Fact]
    public void An_encrypted_file_is_not_edited() =>
        Refused("VmxEncrypted", "encryption.keySafe = \"x\"\nencryption.data = \"y\"", document => document.Set("a", "2"));

    [Fact]
    public void A_file_with_zero_bytes_is_not_edited() => Refused("VmxDamaged", "a = \"1\"\n\0\0\n", document => document.Set("a", "2"));

    [Fact]
    public void A_mode_for_a_slot_that_is_not_there_is_refused() =>
        Refused("VmxSlotNotFound", "pciPassthru1.present = \"TRUE\"", document => document.SetMsiMode(11, PassthruMsiMode.Msi));

    [Fact]
    public void An_unknown_mode_is_not_set() =>
        Refused("VmxInvalidMsiMode", "pciPassthru1.present = \"TRUE\"", document => document.SetMsiMode(1, PassthruMsiMode.Unknown));

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.Equal("InputNotFound", Assert.Throws<PassthruException>(() => VmxDocument.Load("no/such.vmx")).ErrorId);

    [Fact]
    public void A_file_that_is_far_too_large_is_not_read()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenWrite(path)) file.SetLength(17 << 20);
            Assert.Equal("VmxTooLarge", Assert.Throws<PassthruException>(() => VmxDocument.Load(path)).ErrorId);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_folder_is_not_read_as_a_file() =>
        Assert.Equal("InputIsFolder", Assert.Throws<PassthruException>(() => VmxDocument.Load(Path.GetTempPath())).ErrorId);

    private static void Refused(string errorId, string text, Action<VmxDocument> action)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var document = VmxDocument.Parse(bytes, "vm.vmx");
        Assert.Equal(errorId, Assert.Throws<PassthruException>(() => action(document)).ErrorId);
        Assert.Equal(bytes, document.ToBytes());
    }
}
