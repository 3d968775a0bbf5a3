using PassthroughTools.Reports;

namespace PassthroughTools.Tests.Reports;

/// <summary>Where many statements come from, in little room.</summary>
public sealed class SourcePlacesTests
{
    [Fact]
    public void Neighbouring_lines_of_a_file_are_joined_whatever_their_order() =>
        Assert.Equal("a.log:3-5, 9; b.txt:1; c", SourcePlaces.Of([new("a.log", 4), new("b.txt", 1), new("a.log", 9), new("a.log", 3, "text"), new("c"), new("a.log", 5), new("a.log", 5)]));

    [Fact]
    public void What_there_is_no_room_for_is_counted() =>
        Assert.Equal("a.log:" + string.Join(", ", Enumerable.Range(1, 24).Select(i => i * 2)) + "; and 7 more", SourcePlaces.Of([.. Enumerable.Range(1, 30).Select(i => new SourceReference("a.log", i * 2)), new("b.log", 1)]));
}
