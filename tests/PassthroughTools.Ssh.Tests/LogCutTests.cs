using System.Text;
using PassthroughTools.Ssh;

namespace PassthroughTools.Tests.Ssh;

/// <summary>The end of a log, cut here, is what the host's own tools would have given.</summary>
public sealed class LogCutTests
{
    private const string Log = "2026-01-01T00:00:00.000Z one\n  more of one\n\n2026-01-02T00:00:00.000Z two\n2026-01-01T12:00:00.000Z late\nno time\n";

    [Theory]
    [InlineData(0, false, null, Log)]
    [InlineData(5, false, null, "01-01T00:00:00.000Z one\n  more of one\n\n2026-01-02T00:00:00.000Z two\n2026-01-01T12:00:00.000Z late\nno time\n")]
    [InlineData(5, true, null, "  more of one\n\n2026-01-02T00:00:00.000Z two\n2026-01-01T12:00:00.000Z late\nno time\n")]
    [InlineData(0, false, "2026-01-01T00:00:00", Log)]
    [InlineData(0, false, "2026-01-01T00:00:01", "2026-01-02T00:00:00.000Z two\n2026-01-01T12:00:00.000Z late\nno time\n")]
    [InlineData(60, true, "2026-01-01T00:00:01", "2026-01-01T12:00:00.000Z late\nno time\n")]
    [InlineData(0, false, "2026-01-03T00:00:00", "")]
    [InlineData(1000, true, null, "")]
    public void What_is_passed_on_does_not_depend_on_how_it_comes_in(long skip, bool isCut, string? since, string expected)
    {
        var bytes = Encoding.ASCII.GetBytes(Log);
        foreach (var size in new[] { 1, 2, 7, 19, 20, 64, bytes.Length })
        {
            using var output = new MemoryStream();
            var cut = new LogCut(output, skip, isCut, since);
            for (var at = 0; at < bytes.Length; at += size)
            {
                var block = bytes.AsSpan(at, Math.Min(size, bytes.Length - at)).ToArray();
                cut.Write(block, block.Length);
            }

            Assert.Equal(expected, Encoding.ASCII.GetString(output.ToArray()));
        }
    }
}
