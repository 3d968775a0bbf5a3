#if NET8_0_OR_GREATER
using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace PassthroughTools.Logs;

/// <summary>
/// Reads the blocks of a plain file by their offsets, several at a time. Copying out of the page cache takes longer than searching, so the caller's
/// thread reads too whenever the block it needs next is not there yet. (Mapping the file would save the copy, and end the whole process where a log is
/// truncated or a share goes away meanwhile.)
/// </summary>
internal sealed class ParallelBlocks : IBlocks
{
    private const int MaxThreads = 3;

    private readonly LogSource _source;
    private readonly SafeFileHandle _file;
    private readonly long _start;
    private readonly LogReaderSettings _settings;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private readonly Thread[] _threads;
    private readonly object _gate = new();

    // Block i uses slot i modulo their number; it may be read once the block before it in the slot was returned.
    private readonly Slot[] _slots;
    private long _nextToRead;
    private long _nextToGive;
    private long _returned;
    private bool _ended;
    private bool _stopped;

    /// <summary>Starts reading.</summary>
    /// <param name="source">A plain file; disposed of with this.</param>
    /// <param name="file">Its handle.</param>
    /// <param name="start">Offset of the first block.</param>
    /// <param name="settings">Sizes.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public ParallelBlocks(LogSource source, SafeFileHandle file, long start, LogReaderSettings settings, CancellationToken cancellationToken)
    {
        _source = source;
        _file = file;
        _start = start;
        _settings = settings;
        _cancellationToken = cancellationToken;
        _threads = new Thread[Math.Clamp(Environment.ProcessorCount - 1, 1, MaxThreads)];
        _slots = new Slot[(2 * _threads.Length) + 3];
        for (var i = 0; i < _slots.Length; i++) _slots[i] = new Slot();
        _registration = cancellationToken.Register(Wake);
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Run) { IsBackground = true, Name = "PassthroughTools log reader" };
            _threads[i].Start();
        }
    }

    private sealed class Slot
    {
        public byte[]? Buffer;
        public long Index = -1;
        public int Count;
        public Exception? Failure;
    }

    /// <inheritdoc/>
    public Block Take()
    {
        lock (_gate)
        {
            while (true)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                var slot = _slots[_nextToGive % _slots.Length];
                if (_ended) return new Block([], 0, _source.Length ?? 0);
                if (slot.Index == _nextToGive)
                {
                    if (slot.Failure is not null) ExceptionDispatchInfo.Capture(slot.Failure).Throw();
                    _nextToGive++;
                    // A short block is the last, even where the file has grown since it was read.
                    _ended = slot.Count < _settings.ReadLength;
                    return new Block(slot.Buffer!, slot.Count, _start + ((_nextToGive - 1) * _settings.ReadLength) + slot.Count);
                }

                if (!TryReadOne()) Monitor.Wait(_gate);
            }
        }
    }

    /// <inheritdoc/>
    public void Return(byte[] buffer)
    {
        lock (_gate)
        {
            _returned++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        // Waited for so that the caller can delete the file, but not for ever: a read from a dead share hangs. The handle outlives a read that uses it.
        foreach (var thread in _threads) thread.Join(500);
        _source.Dispose();
    }

    private void Run()
    {
        lock (_gate)
        {
            while (!_stopped && !_ended)
            {
                if (!TryReadOne()) Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Reads the next block that nobody reads yet, outside the lock; false where no slot is free.</summary>
    private bool TryReadOne()
    {
        if (_nextToRead >= _returned + _slots.Length) return false;
        var index = _nextToRead++;
        var slot = _slots[index % _slots.Length];
        Monitor.Exit(_gate);
        var count = 0;
        Exception? failure = null;
        try
        {
            slot.Buffer ??= new byte[_settings.MaxLine + _settings.ReadLength];
            count = Fill(slot.Buffer, _start + (index * _settings.ReadLength));
        }
#pragma warning disable CA1031 // Whatever it is, the thread that takes the block throws it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }
        finally
        {
            Monitor.Enter(_gate);
        }

        slot.Count = count;
        slot.Failure = failure;
        slot.Index = index;
        Monitor.PulseAll(_gate);
        return true;
    }

    private int Fill(byte[] buffer, long offset)
    {
        var count = 0;
        while (count < _settings.ReadLength)
        {
            var read = _source.ReadAt(_file, buffer.AsSpan(_settings.MaxLine + count, _settings.ReadLength - count), offset + count);
            if (read == 0) break;
            count += read;
        }

        return count;
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }
}
#endif
