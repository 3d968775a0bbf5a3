using PassthroughTools.Host;
using PassthroughTools.Text;

namespace PassthroughTools.Tests.Host;

public sealed class EsxVersionTests
{
    private static EsxVersion Read(string text) => EsxcliVersionReader.Read(TextFile.SplitLines(text), "version.txt");

    [Theory]
    [InlineData("VMware ESXi 8.0.2 build-22380479", 8, 0, 2, 22380479L)]
    [InlineData("VMware ESXi, 8.0.2, 22380479", 8, 0, 2, 22380479L)]
    [InlineData("8.0.2", 8, 0, 2, null)]
    [InlineData("8.0 U2", 8, 0, 2, null)]
    [InlineData("8.0U2b", 8, 0, 2, null)]
    [InlineData("8.0 Update 3e", 8, 0, 3, null)]
    [InlineData("ESXi-7.0U3n-21930508-standard", 7, 0, 3, 21930508L)]
    [InlineData("VMware ESXi 7.0.0 [Releasebuild-17068872 aarch64]", 7, 0, 0, 17068872L)]
    [InlineData("9.0.1.0.24957456", 9, 0, 1, null)]
    [InlineData("5.0.0", 5, 0, 0, null)]
    [InlineData("VMware ESXi 5.0.0 build-623860", 5, 0, 0, 623860L)]
    [InlineData("VMware ESXi 6.7.0 Update 3 (Build 14320388)", 6, 7, 3, 14320388L)]
    [InlineData("  esxi 6.5 u1 ", 6, 5, 1, null)]
    public void Loose_words_are_parsed(string text, int major, int minor, int update, long? build) =>
        Assert.Equal(new EsxVersion(major, minor, update, build), EsxVersion.Parse(text));

    [Theory]
    [InlineData("8.0.2", true)]
    [InlineData("7.0", false)]
    [InlineData("6.7.0", false)]
    [InlineData("6.7 U3", true)]
    [InlineData("8.0 U1", true)]
    public void Whether_the_update_was_said_is_known(string text, bool known) => Assert.Equal(known, EsxVersion.Parse(text).IsUpdateKnown);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("8")]
    [InlineData("eight.zero")]
    [InlineData("Windows 10.0.19045")]
    [InlineData("123.456.789")]
    [InlineData("192.168.0.200")]
    public void Other_words_are_no_version(string? text) => Assert.False(EsxVersion.TryParse(text, out _));

    [Fact]
    public void Parsing_other_words_is_an_error_of_its_own() =>
        Assert.Equal("EsxVersionInvalid", Assert.Throws<PassthruException>(() => EsxVersion.Parse("latest")).ErrorId);

    [Fact]
    public void From_7_0_on_the_third_number_is_the_update() =>
        Assert.Equal(new EsxVersion(8, 0, 1, 21495797), Read("   Product: VMware ESXi\n   Version: 8.0.1\n   Build: Releasebuild-21495797\n   Update: 1\n   Patch: 0\n"));

    [Fact]
    public void Before_7_0_the_update_line_counts() =>
        Assert.Equal(new EsxVersion(6, 5, 2, 8294253), Read("[root@h:~] esxcli system version get\nProduct: VMware ESXi\nVersion: 6.5.0\nBuild: Releasebuild-8294253\nUpdate: 2\nPatch: 50\n"));

    [Fact]
    public void A_missing_update_line_is_made_up_for_by_the_third_number()
    {
        var version = Read("Product: VMware ESXi\r\nVersion: 7.0.2\r\nBuild: Releasebuild-20328353\r\n");
        Assert.Equal((2, true), (version.Update, version.IsUpdateKnown));
    }

    [Fact]
    public void Both_lines_of_vmware_vl_are_used() =>
        Assert.Equal(new EsxVersion(5, 0, 2, 914586), Read("~ # vmware -lv\nVMware ESXi 5.0.0 build-914586\nVMware ESXi 5.0.0 Update 2\n"));

    [Fact]
    public void GA_says_that_there_is_no_update() =>
        Assert.True(Read("VMware ESXi 5.0.0 build-469512\nVMware ESXi 5.0.0 GA\n").IsUpdateKnown);

    [Theory]
    [InlineData("")]
    [InlineData("Version: none\n")]
    [InlineData("Filesystem Size\n")]
    public void Anything_else_is_not_recognized(string text) =>
        Assert.Equal("InputNotRecognized", Assert.Throws<PassthruException>(() => Read(text)).ErrorId);

    [Fact]
    public void Output_of_a_machine_formatter_is_refused_by_name() =>
        Assert.Equal("EsxcliFormatterUnsupported", Assert.Throws<PassthruException>(() => Read("Build,Patch,Product,Update,Version,\n1,2,3,4,5\n")).ErrorId);

    [Fact]
    public void Versions_are_in_order() =>
        Assert.Equal(
            new[] { "5.0.0", "6.0.0 Update 3", "6.7.0", "7.0.0", "7.0 U1", "8.0.2", "9.0" },
            new[] { "8.0.2", "9.0", "7.0 U1", "5.0.0", "6.7.0", "7.0.0", "6.0.0 Update 3" }.OrderBy(EsxVersion.Parse));

    [Fact]
    public void Damaged_texts_are_read_or_refused() =>
        Mutations.Survive("   Product: VMware ESXi\n   Version: 8.0.1\n   Build: Releasebuild-21495797\n   Update: 1\n   Patch: 0\n", lines => EsxcliVersionReader.Read(lines, null));
}
