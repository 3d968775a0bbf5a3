namespace PassthroughTools.Logs;

/// <summary>
/// Reads the events out of vmkernel and vmware logs: plain or gzip (by content, not by name), UTF-8 or UTF-16, LF or CRLF. Streaming: memory does not
/// depend on the size of the file, and an event is given out as soon as its line was read. Files are read while the host writes them.
/// </summary>
public static class LogReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">File.</param>
    /// <param name="query">Which events are wanted.</param>
    /// <param name="onDiagnostic">
    /// Hears what does not stop the reading: <see cref="LogErrors.Truncated"/>, <see cref="LogErrors.LinesCut"/>, <see cref="LogErrors.UndatedSkipped"/>;
    /// called on the thread that enumerates.
    /// </param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="PassthruException">
    /// While enumerating: <see cref="InputErrors.NotFound"/>, <see cref="InputErrors.Unreadable"/>, <see cref="LogErrors.Binary"/>, or, after the events
    /// before the damage, <see cref="LogErrors.Corrupt"/>.
    /// </exception>
    public static IEnumerable<PassthruLogEvent> Read(
        string path, LogQuery query, Action<LogDiagnostic>? onDiagnostic = null, CancellationToken cancellationToken = default) =>
        Read(path, query, onDiagnostic, null, cancellationToken);

    /// <summary>Reads a file and tells how far it has come.</summary>
    /// <param name="path">File.</param>
    /// <param name="query">Which events are wanted.</param>
    /// <param name="onDiagnostic">As in the other overload.</param>
    /// <param name="onProgress">Called for every block, some thousand times a second; on the thread that enumerates.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="PassthruException">As in the other overload.</exception>
    public static IEnumerable<PassthruLogEvent> Read(
        string path, LogQuery query, Action<LogDiagnostic>? onDiagnostic, Action<LogProgress>? onProgress, CancellationToken cancellationToken)
    {
        if (path is null) throw new ArgumentNullException(nameof(path));
        return Read(() => LogSource.Open(path), path, query, LogReaderSettings.Default, onDiagnostic, onProgress, cancellationToken);
    }

    /// <summary>Reads a stream, such as a member of an archive, and disposes of it.</summary>
    /// <param name="stream">Stream; read once, by one enumeration.</param>
    /// <param name="name">Name of the file, for the events and for errors.</param>
    /// <param name="query">Which events are wanted.</param>
    /// <param name="onDiagnostic">As for files.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="PassthruException">As for files.</exception>
    public static IEnumerable<PassthruLogEvent> Read(
        Stream stream, string name, LogQuery query, Action<LogDiagnostic>? onDiagnostic = null, CancellationToken cancellationToken = default)
    {
        if (stream is null) throw new ArgumentNullException(nameof(stream));
        return Read(() => LogSource.Open(stream, name), name, query, LogReaderSettings.Default, onDiagnostic, null, cancellationToken);
    }

    /// <summary>Reads with given sizes.</summary>
    internal static IEnumerable<PassthruLogEvent> Read(
        Func<LogSource> open,
        string name,
        LogQuery query,
        LogReaderSettings settings,
        Action<LogDiagnostic>? onDiagnostic,
        Action<LogProgress>? onProgress,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var source = open();
        var factory = new LogEventFactory(query, name);
        var scanner = new LineScanner(settings, factory);
        using var blocks = source.Blocks(settings, cancellationToken);
        byte[]? previous = null;
        while (true)
        {
            var block = blocks.Take();
            cancellationToken.ThrowIfCancellationRequested();
            if (block.Count == 0) break;
            scanner.Begin(block.Buffer, block.Count);
            if (previous is not null) blocks.Return(previous);
            previous = block.Buffer;

            while (scanner.Next(cancellationToken))
            {
                while (factory.HasEvents) yield return factory.Take();
            }

            onProgress?.Invoke(new LogProgress(block.Position, source.Length, scanner.Lines));
        }

        // What a broken file ends with may be half a line, and half a number with it.
        if (source.Ending == GzipEnding.Complete)
        {
            scanner.BeginLast();
            while (scanner.Next(cancellationToken))
            {
                while (factory.HasEvents) yield return factory.Take();
            }
        }

        if (scanner.CutLines > 0) Tell(LogErrors.LinesCut.For(name, name, scanner.CutLines, settings.MaxLine), isLoss: false);
        if (factory.Undated > 0) Tell(LogErrors.UndatedSkipped.For(name, name, factory.Undated), isLoss: false);
        if (source.Ending == GzipEnding.Truncated) Tell(LogErrors.Truncated.For(name, name, scanner.Lines), isLoss: true);
        if (source.Ending == GzipEnding.Corrupt) throw LogErrors.Corrupt.For(name, name, source.Reason, scanner.Lines);

        void Tell(PassthruException problem, bool isLoss) => onDiagnostic?.Invoke(new LogDiagnostic(problem, isLoss));
    }
}
