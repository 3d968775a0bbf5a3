using PassthroughTools.Host;
using PassthroughTools.Text;

namespace PassthroughTools.Tests.Host;

public sealed class VsishVectorListReaderTests
{
    private static VsishVectorList Read(string text) => VsishVectorListReader.Read(TextFile.SplitLines(text), "vectors.txt");

    [Fact]
    public void Entries_are_counted_with_or_without_the_final_slash()
    {
        var list = Read("0x20/\n0x21/\r\n0x22\n");
        Assert.Equal(3, list.Count);
        Assert.Equal(["0x20", "0x21", "0x22"], list.Entries);
        Assert.False(list.IsCountOnly);
    }

    [Fact]
    public void Blank_lines_prompts_and_the_echoed_command_are_no_entries()
    {
        var list = Read("~ # vsish -e ls /hardware/interrupts/vectorList/\n32/\n\n33/\n~ # \n");
        Assert.Equal(2, list.Count);
        Assert.Empty(list.Warnings);
    }

    [Fact]
    public void The_output_of_wc_is_a_count_without_entries()
    {
        var list = Read("[root@esx1:~] vsish -e ls /hardware/interrupts/vectorList/ | wc -l\n       170\n[root@esx1:~]\n");
        Assert.Equal(170, list.Count);
        Assert.True(list.IsCountOnly);
    }

    [Fact]
    public void A_single_entry_with_a_slash_is_a_list()
    {
        var list = Read("170/\n");
        Assert.Equal(1, list.Count);
        Assert.False(list.IsCountOnly);
    }

    [Fact]
    public void Repeated_entries_are_kept_and_counted()
    {
        var list = Read("32/\n33/\n32/\n32/\n");
        Assert.Equal(4, list.Count);
        Assert.Equal(2, list.DuplicateCount);
    }

    [Fact]
    public void A_message_among_the_entries_is_not_counted_and_is_named()
    {
        var list = Read("The time and date of this login have been sent to the system logs.\n32/\n33/\n");
        Assert.Equal(2, list.Count);
        Assert.Single(list.Warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    [InlineData("~ # vsish -e ls /hardware/interrupts/vectorList/\n")]
    [InlineData("0\n")]
    [InlineData("99999999999\n\n99999 99\n1 1\n")]
    [InlineData("VSISHPath_Form():Extraneous 'x' in path.\n")]
    [InlineData("-sh: vsish: not found\n")]
    [InlineData("Address: 0000:02:00.0\nSegment: 0x0000\n")]
    public void Anything_else_is_not_recognized(string text) =>
        Assert.Equal("InputNotRecognized", Assert.Throws<PassthruException>(() => Read(text)).ErrorId);

    [Fact]
    public void Damaged_lists_are_read_or_refused() =>
        Mutations.Survive(string.Concat(Enumerable.Range(32, 40).Select(i => i + "/\n")), lines => VsishVectorListReader.Read(lines, null));
}
