namespace PassthroughTools.Logs;

/// <summary>
/// Reads gzip data (RFC 1952): one member or several, checksums compared. Where the data ends too early or is damaged, <see cref="Status"/> says so
/// after everything before that place was given out.
/// </summary>
internal sealed class GzipReader : IByteSource
{
    private readonly Inflater _inflater;
    private ArraySegment<byte> _pending;
    private uint _checksum;
    private uint _length;
    private bool _inMember;
    private bool _anyMember;

    /// <summary>Makes a reader.</summary>
    /// <param name="source">Compressed data; stays open.</param>
    public GzipReader(Stream source) => _inflater = new Inflater(source);

    /// <summary><see cref="InflateStatus.Output"/> while all is well, else why the data ended.</summary>
    public InflateStatus Status { get; private set; } = InflateStatus.Output;

    /// <summary>What is wrong, for a damaged file.</summary>
    public string Reason { get; private set; } = "";

    /// <inheritdoc/>
    public int Read(byte[] buffer, int offset, int count)
    {
        while (_pending.Count == 0)
        {
            if (Status != InflateStatus.Output) return 0;
            if (!_inMember && !TryBegin()) return 0;
            Advance();
        }

        count = Math.Min(count, _pending.Count);
        Buffer.BlockCopy(_pending.Array!, _pending.Offset, buffer, offset, count);
        _pending = new ArraySegment<byte>(_pending.Array!, _pending.Offset + count, _pending.Count - count);
        return count;
    }

    private void Advance()
    {
        var status = _inflater.Inflate();
        _pending = _inflater.Output;
        _checksum = Crc32.Append(_checksum, _pending.AsSpan());
        _length += (uint)_pending.Count;
        switch (status)
        {
            case InflateStatus.Done:
                _inMember = false;
                End();
                break;
            case InflateStatus.Truncated:
                Status = status;
                break;
            case InflateStatus.Corrupt:
                Fail("the compressed data makes no sense.");
                break;
            default:
                break;
        }
    }

    /// <summary>Reads a member's header; false at the end of the file.</summary>
    private bool TryBegin()
    {
        var first = _inflater.NextByte();
        while (first == 0 && _anyMember) first = _inflater.NextByte(); // padding, as tapes and crashes leave it
        if (first < 0)
        {
            if (!_anyMember) Status = InflateStatus.Truncated;
            else Status = InflateStatus.Done;
            return false;
        }

        if (first != 0x1F || _inflater.NextByte() != 0x8B)
        {
            Fail("something other than gzip data follows.");
            return false;
        }

        int method = _inflater.NextByte(), flags = _inflater.NextByte();
        var isComplete = Skip(6);
        if (isComplete && (method != 8 || (flags & 0xE0) != 0))
        {
            Fail("it is compressed in a way that gzip does not know.");
            return false;
        }

        if (isComplete && (flags & 4) != 0)
        {
            int low = _inflater.NextByte(), high = _inflater.NextByte();
            isComplete = high >= 0 && Skip(low | (high << 8));
        }

        if (isComplete && (flags & 8) != 0) isComplete = SkipText();
        if (isComplete && (flags & 16) != 0) isComplete = SkipText();
        if (isComplete && (flags & 2) != 0) isComplete = Skip(2);
        if (!isComplete)
        {
            Status = InflateStatus.Truncated;
            return false;
        }

        _inflater.Reset();
        _inMember = _anyMember = true;
        _checksum = 0;
        _length = 0;
        return true;
    }

    private void End()
    {
        if (!TryUInt32(out var checksum) || !TryUInt32(out var length)) Status = InflateStatus.Truncated;
        else if (checksum != _checksum) Fail("its checksum is wrong.");
        else if (length != _length) Fail("its length is wrong.");
    }

    private bool TryUInt32(out uint value)
    {
        value = 0;
        for (var shift = 0; shift < 32; shift += 8)
        {
            var next = _inflater.NextByte();
            if (next < 0) return false;
            value |= (uint)next << shift;
        }

        return true;
    }

    private bool Skip(int count)
    {
        while (count-- > 0)
        {
            if (_inflater.NextByte() < 0) return false;
        }

        return true;
    }

    private bool SkipText()
    {
        int next;
        while ((next = _inflater.NextByte()) > 0)
        {
        }

        return next == 0;
    }

    private void Fail(string reason)
    {
        Status = InflateStatus.Corrupt;
        Reason = reason;
    }
}
