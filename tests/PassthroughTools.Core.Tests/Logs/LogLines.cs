using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsCheck;
using PassthroughTools.Logs;

namespace PassthroughTools.Tests.Logs;

/// <summary>Shared by the log tests: reading text through every path of the reader, and compressing.</summary>
internal static class LogLines
{
    public static readonly DateTimeOffset Time = new(2012, 8, 7, 7, 57, 31, 269, TimeSpan.Zero);

    /// <summary>Reads bytes as a file would be read.</summary>
    public static List<PassthruLogEvent> Read(
        byte[] content, LogQuery? query = null, LogReaderSettings? settings = null, Action<LogDiagnostic>? onDiagnostic = null, string name = "test.log") =>
        [.. LogReader.Read(
            () => LogSource.Open(new MemoryStream(content), name), name, query ?? LogQuery.All, settings ?? LogReaderSettings.Default, onDiagnostic, null, default)];

    public static List<PassthruLogEvent> Read(string content, LogQuery? query = null) => Read(Encoding.UTF8.GetBytes(content), query);

    /// <summary>The only event of a line, or null.</summary>
    public static PassthruLogEvent? One(string line, LogQuery? query = null)
    {
        var events = new LogLineParser(query ?? LogQuery.All).Read(line);
        Assert.True(events.Count <= 1, "more than one event");
        return events.Count == 0 ? null : events[0];
    }

    /// <summary>Everything about an event but the file, for comparing two ways of reading.</summary>
    public static string Describe(PassthruLogEvent found) =>
        string.Join(", ", typeof(PassthruLogEvent).GetProperties().Where(property => property.Name != nameof(PassthruLogEvent.File)).Select(property => $"{property.Name} = {property.GetValue(found)}"));

    public static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, level, leaveOpen: true)) gzip.Write(content);
        return target.ToArray();
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    /// <summary>A log of numbered ordinary lines with the case's failure at some of them.</summary>
    public static string Sample(int lines, params int[] failures)
    {
        var builder = new StringBuilder();
        for (var line = 1; line <= lines; line++)
        {
            builder.Append(failures.Contains(line)
                ? "2012-08-07T07:57:31.269Z cpu9:739725)WARNING: IntrVector: 290: Out of interrupt vectors\n"
                : string.Create(CultureInfo.InvariantCulture, $"2012-08-07T07:57:{line % 60:d2}.000Z cpu{line % 16}:{line})ScsiDeviceIO: {line}: Cmd to dev failed H:0x0 D:0x2\n"));
        }

        return builder.ToString();
    }
}
