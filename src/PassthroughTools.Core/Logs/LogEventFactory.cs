using PassthroughTools.Pci;

namespace PassthroughTools.Logs;

/// <summary>Makes events out of the lines of one file or one pipeline, as far as the query wants them.</summary>
internal sealed class LogEventFactory
{
    private readonly LogQuery _query;
    private readonly string? _file;
    private readonly Queue<PassthruLogEvent> _events = new();
    private BootTracker _boots;

    public LogEventFactory(LogQuery query, string? file)
    {
        _query = query;
        _file = file;
    }

    /// <summary>Events left out because they have no date and a time range was asked for.</summary>
    public long Undated { get; private set; }

    /// <summary>True when events wait to be taken.</summary>
    public bool HasEvents => _events.Count > 0;

    /// <summary>Takes the next event made; a line may make two (a boot, and what its line says).</summary>
    public PassthruLogEvent Take() => _events.Dequeue();

    /// <summary>Reads a line that contains a needle.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="number">Its 1-based number.</param>
    public void Add(ReadOnlySpan<byte> line, long number)
    {
        line = Clean(line);
        var prefix = LogPrefix.Parse(line, _query.Year);
        if (_boots.IsNewBoot(line, prefix, number)) Add(new LogMessage { Kind = LogEventKind.HostBoot }, prefix, line, number);
        if (LogMessageParser.TryParse(line, out var message)) Add(message, prefix, line, number);
    }

    /// <summary>
    /// Strips a CR, and the run of zero bytes that a crash leaves in a log: what stands before it is the rest of a line that was never finished.
    /// </summary>
    private static ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> line)
    {
        line = LogText.TrimEnd(line, "\r\0"u8);
        var zero = line.LastIndexOf((byte)0);
        if (zero >= 0) line = line.Slice(zero + 1);
        return line.StartsWith("\uFEFF"u8) ? line.Slice(3) : line;
    }

    private void Add(in LogMessage message, in LogPrefix prefix, ReadOnlySpan<byte> line, long number)
    {
        if (_query.Rejects(message.Kind)) return;
        PciAddress? device = LogAddress.TryParse(message.Device, out var address) ? address : null;
        if (_query.Rejects(device, message.IsExhaustion)) return;
        if (_query.HasTimeRange)
        {
            if (prefix.Time is not { } time)
            {
                if (message.Kind != LogEventKind.HostBoot) Undated++; // early boot never has a date
                return;
            }

            if (_query.RejectsTime(time)) return;
        }

        var deviceText = message.Device.IsEmpty ? null : LogText.Decode(message.Device, 64);
        _events.Enqueue(new PassthruLogEvent
        {
            Time = prefix.Time,
            Uptime = prefix.Uptime,
            Kind = message.Kind,
            Device = device,
            DeviceText = deviceText,
            Vectors = message.Vectors,
            VectorsRequired = message.VectorsRequired,
            Index = message.Index,
            InterruptMode = message.Mode,
            InterruptTypeCode = message.TypeCode,
            VectorCpu = message.VectorCpu,
            VectorNumber = message.VectorNumber,
            ErrorCode = message.Code,
            IsExhaustion = message.IsExhaustion,
            WorldId = prefix.WorldId,
            Meaning = LogMeaning.Of(message, device?.ToString() ?? deviceText ?? "a device"),
            File = _file,
            Line = number,
            Text = LogText.Decode(line),
        });
    }
}
