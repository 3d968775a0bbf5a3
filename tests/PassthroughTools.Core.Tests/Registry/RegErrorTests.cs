using System.Text;
using PassthroughTools.Registry;

namespace PassthroughTools.Tests.Registry;

public sealed class RegErrorTests
{
    private const string Key = @"HKEY_LOCAL_MACHINE\SYSTEM\X";

    [Fact]
    public void A_file_that_is_no_export_is_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "just words");
            Assert.Equal("RegNotRecognized", Assert.Throws<PassthruException>(() => RegDocument.Load(path)).ErrorId);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_that_is_far_too_large_is_not_read()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenWrite(path)) file.SetLength(257 << 20);
            Assert.Equal("RegTooLarge", Assert.Throws<PassthruException>(() => RegDocument.Load(path)).ErrorId);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_script_that_is_no_export_is_not_applied() => Refused("RegNotRecognized", () => Parse("").Apply(RegDocument.Parse([])));

    [Fact]
    public void A_file_that_is_not_there_is_named() => Refused("InputNotFound", () => RegDocument.Load("no/such.reg"));

    [Fact]
    public void A_repeated_value_is_not_set() =>
        Refused("RegDuplicateValue", () => Parse($"[{Key}]\n\"v\"=dword:1\n\"V\"=dword:1\n").SetValue(Key, "v", RegData.Dword(2)));

    [Fact]
    public void A_script_with_damaged_lines_is_not_applied() => Refused("RegMalformed", () => Parse("").Apply(Parse($"[{Key}]\n\"v\"=dword:zz\n")));

    [Theory]
    [InlineData(@"HKEY_LOCAL_MACHINE\SYSTEM\Y", @"HKEY_LOCAL_MACHINE\SYSTEM\Y")]
    [InlineData(@"HKEY_LOCAL_MACHINE\SYSTEM", @"HKEY_LOCAL_MACHINE\SYSTEM")]
    [InlineData(@"HKEY_CURRENT_USER\X", @"HKEY_CURRENT_USER\X")]
    public void What_the_export_does_not_cover_is_not_taken_for_absent(string path, string target)
    {
        var script = RegDocument.Create();
        script.SetValue(path, "v", RegData.Dword(1));
        var exception = Refused("RegOutsideExport", () => script.Inverse(Parse($"[{Key}]\n\"v\"=dword:1\n")));
        Assert.Equal(target, exception.Target);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData(@"HKEY_LOCAL_MACHINE\SYSTEM\")]
    [InlineData(@"-HKEY_LOCAL_MACHINE\SYSTEM")]
    public void A_path_that_would_not_read_back_is_refused(string path) =>
        Refused("RegInvalidPath", () => RegDocument.Create().SetValue(path, "v", RegData.Dword(1)));

    [Fact]
    public void Text_that_the_old_format_cannot_hold_is_refused() =>
        Refused("RegNotEncodable", () => RegDocument.Parse(Encoding.ASCII.GetBytes("REGEDIT4\r\n")).SetValue(Key, "日", RegData.Dword(1)));

    private static RegDocument Parse(string text) =>
        RegDocument.Parse(Encoding.ASCII.GetBytes("Windows Registry Editor Version 5.00\n\n" + text), "x.reg");

    private static PassthruException Refused(string errorId, Action action)
    {
        var exception = Assert.Throws<PassthruException>(action);
        Assert.Equal(errorId, exception.ErrorId);
        return exception;
    }
}
