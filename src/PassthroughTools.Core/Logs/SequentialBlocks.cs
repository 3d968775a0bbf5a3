namespace PassthroughTools.Logs;

/// <summary>
/// Reads blocks, each behind the free space that <see cref="LineScanner"/> wants: on a thread of its own, a few blocks ahead, so that reading (or
/// unpacking) and searching overlap; or, for small files, in step with the caller.
/// </summary>
internal sealed class SequentialBlocks : IBlocks
{
    private const int BlocksAhead = 3;
    private const int SmallPacked = 64 * 1024;
    private const int SmallPackedRead = 128 * 1024;

    private readonly LogSource _source;
    private readonly LogReaderSettings _settings;
    private readonly int _readLength;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private readonly object _gate = new();
    private readonly Queue<Block> _full = new();
    private readonly Queue<byte[]> _free = new();
    private readonly Thread? _thread;
    private bool _stopped;
    private Exception? _failure;

    /// <summary>Starts reading.</summary>
    /// <param name="source">Where the bytes come from; disposed of with this.</param>
    /// <param name="settings">Sizes.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public SequentialBlocks(LogSource source, LogReaderSettings settings, CancellationToken cancellationToken)
    {
        _source = source;
        _settings = settings;
        _cancellationToken = cancellationToken;
        // A small file is read before a thread would have started, and needs no big buffer. A compressed one may not be small inside, but where it is small
        // outside, a thread and buffers for large ones cost more than they save: whoever reads hundreds of hosts at once would have hundreds of them.
        var isSmall = source.IsPlain && source.Length < settings.ReadLength;
        var isSmallPacked = !source.IsPlain && source.Length < SmallPacked;
        _readLength = isSmall ? Math.Max(1, (int)source.Length!.Value) : isSmallPacked ? Math.Min(SmallPackedRead, settings.ReadLength) : settings.ReadLength;
        var isAhead = settings.ReadsAhead && !isSmall && !isSmallPacked;
        for (var i = 0; i < (isAhead ? BlocksAhead + 1 : 2); i++) _free.Enqueue(new byte[settings.MaxLine + _readLength]);
        if (!isAhead) return;

        _registration = cancellationToken.Register(Wake);
        _thread = new Thread(Run) { IsBackground = true, Name = "PassthroughTools log reader" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public Block Take()
    {
        if (_thread is null) return ReadBlock(_free.Dequeue());
        lock (_gate)
        {
            while (_full.Count == 0 && _failure is null)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }

            if (_full.Count > 0) return _full.Dequeue();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(_failure!).Throw();
            return default;
        }
    }

    /// <inheritdoc/>
    public void Return(byte[] buffer)
    {
        lock (_gate)
        {
            _free.Enqueue(buffer);
            if (_free.Count == 1) Monitor.PulseAll(_gate);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        if (_thread is null)
        {
            _source.Dispose();
            return;
        }

        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        // The thread closes the file. It is waited for so that the caller can delete the file, but not for ever: a read from a dead share hangs.
        _thread.Join(500);
    }

    private Block ReadBlock(byte[] buffer) =>
        new(buffer, _source.Read(buffer, _settings.MaxLine, _readLength), _source.Position);

    private void Run()
    {
        try
        {
            while (true)
            {
                byte[] buffer;
                lock (_gate)
                {
                    while (_free.Count == 0 && !_stopped) Monitor.Wait(_gate);
                    if (_stopped) return;
                    buffer = _free.Dequeue();
                }

                var block = ReadBlock(buffer);
                lock (_gate)
                {
                    _full.Enqueue(block);
                    if (_full.Count == 1) Monitor.PulseAll(_gate);
                }

                if (block.Count == 0) return;
            }
        }
#pragma warning disable CA1031 // Whatever it is, the caller's thread throws it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _failure = e;
                Monitor.PulseAll(_gate);
            }
        }
        finally
        {
            _source.Dispose();
        }
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }
}
