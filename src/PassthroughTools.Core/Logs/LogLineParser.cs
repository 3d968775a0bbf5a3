using System.Text;

namespace PassthroughTools.Logs;

/// <summary>Reads events out of lines that come one by one, such as piped text. Keeps count of the lines and of boots among them.</summary>
public sealed class LogLineParser
{
    private static readonly int s_maxLine = LogReaderSettings.Default.MaxLine;

    private readonly LogEventFactory _factory;
    private byte[] _buffer = new byte[1024];

    /// <summary>Makes a parser.</summary>
    /// <param name="query">Which events are wanted.</param>
    /// <param name="file">File that the lines come from; null when unknown.</param>
    public LogLineParser(LogQuery query, string? file = null) => _factory = new LogEventFactory(query, file);

    /// <summary>Lines read so far.</summary>
    public long Lines { get; private set; }

    /// <summary>Events left out because they have no date and a time range was asked for.</summary>
    public long Undated => _factory.Undated;

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>Its events: none for most lines, two for a boot that says more, else one.</returns>
    public IReadOnlyList<PassthruLogEvent> Read(string line)
    {
        if (line is null) throw new ArgumentNullException(nameof(line));
        Lines++;
        var characters = Math.Min(line.Length, s_maxLine);
        var needed = Encoding.UTF8.GetMaxByteCount(characters);
        if (_buffer.Length < needed) _buffer = new byte[needed];
        var length = Math.Min(Encoding.UTF8.GetBytes(line, 0, characters, _buffer, 0), s_maxLine);
        var bytes = _buffer.AsSpan(0, length);
        if (NeedleSearch.Find(bytes, 0, length) < 0) return [];

        _factory.Add(bytes, Lines);
        if (!_factory.HasEvents) return [];
        var events = new List<PassthruLogEvent>(1);
        while (_factory.HasEvents) events.Add(_factory.Take());
        return events;
    }
}
