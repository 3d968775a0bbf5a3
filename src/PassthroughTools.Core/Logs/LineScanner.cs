namespace PassthroughTools.Logs;

/// <summary>
/// Finds the lines with a needle in blocks of bytes, and their numbers. A block is read behind a free space of <see cref="LogReaderSettings.MaxLine"/>
/// bytes, into which the unfinished line of the block before is copied; of a longer line only the beginning is kept.
/// </summary>
internal sealed class LineScanner
{
    private readonly LogReaderSettings _settings;
    private readonly LogEventFactory _factory;

    private byte[] _buffer = [];
    private int _start;         // begin of the block's complete lines
    private int _end;           // end of them
    private int _tailEnd;       // end of the unfinished line behind them
    private int _searchAt;
    private int _countedTo;
    private int _longLineStart; // begin of the line at _countedTo, where no break stood in the piece before; else -1
    private long _lines;        // line ends before _countedTo
    private bool _isCut;        // the line at _start has lost bytes

    public LineScanner(LogReaderSettings settings, LogEventFactory factory)
    {
        _settings = settings;
        _factory = factory;
    }

    /// <summary>Complete lines so far.</summary>
    public long Lines => _lines;

    /// <summary>Lines longer than <see cref="LogReaderSettings.MaxLine"/>.</summary>
    public long CutLines { get; private set; }

    /// <summary>Takes a block.</summary>
    /// <param name="buffer">Holds it from <see cref="LogReaderSettings.MaxLine"/> on.</param>
    /// <param name="count">Its length.</param>
    public void Begin(byte[] buffer, int count)
    {
        var carried = Carry(buffer);
        _buffer = buffer;
        _start = _settings.MaxLine - carried;
        var dataEnd = _settings.MaxLine + count;
        var lastBreak = buffer.AsSpan(_settings.MaxLine, count).LastIndexOf((byte)'\n');
        _tailEnd = dataEnd;
        _end = lastBreak < 0 ? _start : _settings.MaxLine + lastBreak + 1;
        _searchAt = _countedTo = _start;
        _longLineStart = -1;
    }

    /// <summary>Takes the last line of the file as complete although no line end follows.</summary>
    public void BeginLast()
    {
        _start = _searchAt = _countedTo = _end;
        _longLineStart = -1;
        _end = _tailEnd;
        if (_end > _start && (_isCut || _end - _start > _settings.MaxLine)) CutLines++;
    }

    /// <summary>Copies the unfinished line in front of the next block.</summary>
    private int Carry(byte[] target)
    {
        var length = _tailEnd - _end;
        // A block that ends no line leaves everything unfinished, what was carried into it included.
        _isCut = (_isCut && _end == _start) || length > _settings.MaxLine;
        length = Math.Min(length, _settings.MaxLine);
        if (length > 0) Buffer.BlockCopy(_buffer, _end, target, _settings.MaxLine - length, length);
        return length;
    }

    /// <summary>Makes the events of the next line that yields some.</summary>
    /// <param name="cancellationToken">Looked at for every line that is parsed.</param>
    /// <returns>False when the block is done.</returns>
    public bool Next(CancellationToken cancellationToken)
    {
        while (_searchAt < _end)
        {
            var data = _buffer.AsSpan(0, _end);
            var limit = Math.Min(_end, _searchAt + _settings.Piece);
            var hit = _settings.IsScalar ? NeedleSearch.FindScalar(data, _searchAt, limit) : NeedleSearch.Find(data, _searchAt, limit);
            if (hit < 0)
            {
                CountTo(limit);
                _searchAt = limit;
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            CountTo(hit);
            var length = data.Slice(hit).IndexOf((byte)'\n');
            var lineEnd = length < 0 ? _end : hit + length;
            var lineStart = LineStart(hit);
            var line = data.Slice(lineStart, Math.Min(lineEnd - lineStart, _settings.MaxLine));
            _searchAt = lineEnd;
            _factory.Add(line, _lines + 1);
            if (_factory.HasEvents) return true;
        }

        CountTo(_end);
        return false;
    }

    private void CountTo(int position)
    {
        while (_countedTo < position)
        {
            var piece = _buffer.AsSpan(_countedTo, Math.Min(position - _countedTo, _settings.Piece));
            var breaks = LineBreaks.Count(piece);
            // A line that is too long fills a whole piece at least, so only around pieces without a break does a length have to be known.
            if (breaks == 0 && _longLineStart < 0) _longLineStart = LineStart(_countedTo);
            if (breaks > 0)
            {
                if (_isCut || (_longLineStart >= 0 && _countedTo + piece.IndexOf((byte)'\n') - _longLineStart > _settings.MaxLine)) CutLines++;
                _isCut = false;
                _longLineStart = -1;
                _lines += breaks;
            }

            _countedTo += piece.Length;
        }
    }

    private int LineStart(int position) => _start + _buffer.AsSpan(_start, position - _start).LastIndexOf((byte)'\n') + 1;
}
