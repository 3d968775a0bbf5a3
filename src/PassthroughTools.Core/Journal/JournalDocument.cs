using System.Text.Json;
using PassthroughTools.IO;

namespace PassthroughTools.Journal;

/// <summary>
/// A journal as read. Header and planned steps came into being with the file itself, so they are complete or the file is damaged. After them, only
/// the end may be unfinished: bytes without a line feed, or a last line with zero bytes (a write that never reached the disk). Such a
/// line is left out, since no effect follows a line that was not flushed.
/// </summary>
internal sealed class JournalDocument
{
    private JournalDocument(string path, JournalHeader header, IReadOnlyList<PlannedStep> steps, List<JournalEvent> events, long length, string sum, bool isTorn)
    {
        Path = path;
        Header = header;
        Steps = steps;
        Events = events;
        ValidLength = length;
        LastSum = sum;
        IsTorn = isTorn;
    }

    public string Path { get; }

    public JournalHeader Header { get; }

    public IReadOnlyList<PlannedStep> Steps { get; }

    public List<JournalEvent> Events { get; }

    /// <summary>Length of the whole lines.</summary>
    public long ValidLength { get; }

    public string LastSum { get; }

    public bool IsTorn { get; }

    /// <exception cref="PassthruException">
    /// <see cref="JournalErrors.Corrupt"/>, <see cref="JournalErrors.Unsupported"/> or <see cref="JournalErrors.Unreadable"/>.
    /// </exception>
    public static JournalDocument Load(string path)
    {
        try
        {
            return Parse(path, FileReading.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalErrors.Unreadable.Because(e, path, path, e.Message);
        }
    }

    public static JournalDocument Parse(string path, byte[] bytes)
    {
        JournalHeader? header = null;
        var steps = new List<PlannedStep>();
        var events = new List<JournalEvent>();
        var sum = JournalLine.NoSum;
        var start = 0;
        for (var number = 1; start < bytes.Length; number++)
        {
            var feed = Array.IndexOf(bytes, (byte)'\n', start);
            var length = feed - start + 1;
            if (feed < 0 || IsUnwrittenEnd(bytes, start, feed)) break;
            if (!JournalLine.Check(bytes, start, length, sum, out var lineSum)) throw Damaged(path, number, "the checksum does not fit");
            try
            {
                using var json = JsonDocument.Parse(bytes.AsMemory(start, length));
                if (header is null) header = ReadHeader(path, json.RootElement);
                else ReadLater(json.RootElement, header, steps, events);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
            {
                throw JournalErrors.Corrupt.Because(e, path, path, number, e.Message.TrimEnd('.'));
            }

            sum = lineSum;
            start += length;
        }

        if (header is null || steps.Count != header.Steps) throw Damaged(path, steps.Count + (header is null ? 1 : 2), "the prior values are incomplete");
        return new(path, header, steps, events, start, sum, start < bytes.Length);
    }

    private static JournalHeader ReadHeader(string path, JsonElement json)
    {
        var schema = json.GetProperty("schema").GetInt32();
        if (schema > JournalHeader.CurrentSchema) throw JournalErrors.Unsupported.For(path, path, schema, JournalHeader.CurrentSchema);
        return JournalHeader.Read(json);
    }

    private static void ReadLater(JsonElement json, JournalHeader header, List<PlannedStep> steps, List<JournalEvent> events)
    {
        var type = json.GetProperty("type").GetString()!;
        if (steps.Count < header.Steps)
        {
            var step = type == PlannedStep.Type ? PlannedStep.Read(json) : throw new FormatException($"'{type}' stands where a prior value should");
            if (step.Index != steps.Count) throw new FormatException("a step is out of order");
            steps.Add(step);
            return;
        }

        var read = JournalEvent.Read(type, json) ?? throw new FormatException($"'{type}' is no known record");
        if (read.Step < 0 || read.Step >= steps.Count) throw new FormatException("a record names no step");
        events.Add(read);
    }

    /// <summary>After a power cut the length of a file may be on the disk and the bytes not: they read as zeros, which JSON never holds.</summary>
    private static bool IsUnwrittenEnd(byte[] bytes, int start, int feed) =>
        feed == bytes.Length - 1 && Array.IndexOf(bytes, (byte)0, start, feed - start) >= 0;

    private static PassthruException Damaged(string path, int line, string what) => JournalErrors.Corrupt.For(path, path, line, what);
}
