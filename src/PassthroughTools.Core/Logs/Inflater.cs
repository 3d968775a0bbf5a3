using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassthroughTools.Logs;

/// <summary>What <see cref="Inflater.Inflate"/> came to.</summary>
internal enum InflateStatus
{
    /// <summary>There is output, and there may be more.</summary>
    Output,

    /// <summary>The deflate stream is complete.</summary>
    Done,

    /// <summary>The input ended within the stream.</summary>
    Truncated,

    /// <summary>The input is no deflate stream from here on.</summary>
    Corrupt,
}

/// <summary>
/// Decodes deflate streams (RFC 1951). The runtimes' own GZipStream ends silently where its input ends early, and differs between .NET Framework
/// and .NET in what it does with several members; a log that stops short must not look complete. Output is decoded into a window of its own, so
/// that memory does not depend on the size of the file.
/// </summary>
internal sealed class Inflater
{
    private const int History = 32 * 1024;
    private const int OutputLength = History + (128 * 1024);

    // The fast loop writes up to 3 literals and a match of 258 before it looks again, and a match may overrun by 15 bytes.
    private const int OutputMargin = 3 + 258 + 16;
    private const int InputLength = 64 * 1024;

    // Entries: bits 0-7 bits to consume, 8-11 those of the code alone, 12-15 flags, 16-31 value or base.
    private const uint EndOfBlock = 0x1000;
    private const uint Literal = 0x2000;

    private enum State
    {
        BlockHeader,
        Stored,
        Codes,
        Done,
    }

    private readonly Stream _source;
    private readonly byte[] _input = new byte[InputLength];
    private readonly byte[] _output = new byte[OutputLength];
    private readonly HuffmanTable _literals = new(11, 2400, DeflateSymbols.Literals(Literal, EndOfBlock));
    private readonly HuffmanTable _distances = new(8, 450, DeflateSymbols.Distances());
    private readonly HuffmanTable _lengths = new(7, 128, DeflateSymbols.CodeLengths());

    private int _inputAt, _inputEnd;
    private bool _inputEnded;
    private ulong _bits;
    private int _bitCount;
    private State _state;
    private bool _isLastBlock;
    private int _storedLeft;
    private int _outputAt, _historyStart;

    /// <summary>Makes an inflater.</summary>
    /// <param name="source">Compressed data; stays open.</param>
    public Inflater(Stream source) => _source = source;

    /// <summary>What the last call of <see cref="Inflate"/> decoded; valid until the next.</summary>
    public ArraySegment<byte> Output { get; private set; }

    /// <summary>Begins a new deflate stream at the next whole byte.</summary>
    public void Reset()
    {
        _state = State.BlockHeader;
        _isLastBlock = false;
        _historyStart = _outputAt;
    }

    /// <summary>The next whole byte of input outside a deflate stream, or -1 at the end.</summary>
    public int NextByte()
    {
        if (_bitCount >= 8)
        {
            var next = (int)(_bits & 0xFF);
            Consume(8);
            return next;
        }

        _bits = 0;
        _bitCount = 0;
        if (_inputAt == _inputEnd) ReadInput();
        return _inputAt < _inputEnd ? _input[_inputAt++] : -1;
    }

    /// <summary>Decodes some more.</summary>
    public InflateStatus Inflate()
    {
        if (_outputAt > OutputLength - OutputMargin)
        {
            var drop = _outputAt - History;
            Buffer.BlockCopy(_output, drop, _output, 0, History);
            _outputAt = History;
            _historyStart = Math.Max(0, _historyStart - drop);
        }

        var start = _outputAt;
        var status = InflateStatus.Output;
        while (status == InflateStatus.Output && _state != State.Done && _outputAt <= OutputLength - OutputMargin)
        {
            status = _state switch
            {
                State.BlockHeader => ReadBlockHeader(),
                State.Stored => CopyStored(),
                _ => DecodeCodes(),
            };
        }

        if (_state == State.Done) status = InflateStatus.Done;
        Output = new ArraySegment<byte>(_output, start, _outputAt - start);
        return status;
    }

    private void ReadInput()
    {
        if (_inputEnded) return;
        var left = _inputEnd - _inputAt;
        if (left > 0) Buffer.BlockCopy(_input, _inputAt, _input, 0, left);
        _inputAt = 0;
        _inputEnd = left;
        while (_inputEnd < 16)
        {
            var read = _source.Read(_input, _inputEnd, _input.Length - _inputEnd);
            if (read == 0)
            {
                _inputEnded = true;
                return;
            }

            _inputEnd += read;
        }
    }

    /// <summary>Fills the bit buffer byte by byte; at the end of the input it may hold fewer bits than asked for.</summary>
    private bool Need(int count)
    {
        while (_bitCount <= 55)
        {
            if (_inputAt == _inputEnd)
            {
                ReadInput();
                if (_inputAt == _inputEnd) break;
            }

            // Whatever the fast loop left above the count is cleared: the byte is added once.
            _bits = (_bits & ((1UL << _bitCount) - 1)) | ((ulong)_input[_inputAt++] << _bitCount);
            _bitCount += 8;
        }

        return _bitCount >= count;
    }

    private void Consume(int count)
    {
        _bits >>= count;
        _bitCount -= count;
    }

    private int Take(int count)
    {
        var value = (int)(_bits & ((1UL << count) - 1));
        Consume(count);
        return value;
    }

    private InflateStatus ReadBlockHeader()
    {
        if (_isLastBlock)
        {
            // The rest of the byte belongs to nobody; what follows is read by whole bytes.
            Consume(_bitCount & 7);
            _state = State.Done;
            return InflateStatus.Output;
        }

        if (!Need(3)) return InflateStatus.Truncated;
        _isLastBlock = Take(1) == 1;
        switch (Take(2))
        {
            case 0:
                Consume(_bitCount & 7);
                if (!Need(32)) return InflateStatus.Truncated;
                _storedLeft = Take(16);
                if (Take(16) != (_storedLeft ^ 0xFFFF)) return InflateStatus.Corrupt;
                _state = State.Stored;
                return InflateStatus.Output;
            case 1:
                _literals.TryBuild(DeflateSymbols.FixedLiteralLengths);
                _distances.TryBuild(DeflateSymbols.FixedDistanceLengths);
                _state = State.Codes;
                return InflateStatus.Output;
            case 2:
                return ReadCodes();
            default:
                return InflateStatus.Corrupt;
        }
    }

    private InflateStatus CopyStored()
    {
        while (_storedLeft > 0 && _outputAt <= OutputLength - OutputMargin)
        {
            var next = NextByte();
            if (next < 0) return InflateStatus.Truncated;
            _output[_outputAt++] = (byte)next;
            _storedLeft--;
            if (_bitCount != 0 || _storedLeft == 0) continue;

            var count = Math.Min(Math.Min(_storedLeft, _inputEnd - _inputAt), OutputLength - OutputMargin - _outputAt);
            if (count <= 0) continue;
            Buffer.BlockCopy(_input, _inputAt, _output, _outputAt, count);
            _inputAt += count;
            _outputAt += count;
            _storedLeft -= count;
        }

        if (_storedLeft == 0) _state = State.BlockHeader;
        return InflateStatus.Output;
    }

    private InflateStatus ReadCodes()
    {
        if (!Need(14)) return InflateStatus.Truncated;
        int literals = Take(5) + 257, distances = Take(5) + 1, codes = Take(4) + 4;
        if (literals > 286 || distances > 30) return InflateStatus.Corrupt;

        Span<byte> lengths = stackalloc byte[286 + 30];
        lengths.Clear();
        for (var i = 0; i < codes; i++)
        {
            if (!Need(3)) return InflateStatus.Truncated;
            lengths[DeflateSymbols.CodeLengthOrder[i]] = (byte)Take(3);
        }

        if (!_lengths.TryBuild(lengths.Slice(0, 19))) return InflateStatus.Corrupt;
        lengths.Clear();
        for (var i = 0; i < literals + distances;)
        {
            Need(14);
            var entry = _lengths.Entries[(int)_bits & 127];
            if ((entry & HuffmanTable.Invalid) != 0) return _bitCount < 7 ? InflateStatus.Truncated : InflateStatus.Corrupt;
            var length = (int)(entry & 0xFF);
            if (length > _bitCount) return InflateStatus.Truncated;
            var codeLength = (int)(entry >> 8) & 15;
            var extra = (int)(_bits & ((1UL << length) - 1)) >> codeLength;
            Consume(length);

            var symbol = (int)(entry >> 16);
            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }

            if (symbol == 16 && i == 0) return InflateStatus.Corrupt;
            var value = symbol == 16 ? lengths[i - 1] : (byte)0;
            var repeat = extra + (symbol == 18 ? 11 : 3);
            if (i + repeat > literals + distances) return InflateStatus.Corrupt;
            lengths.Slice(i, repeat).Fill(value);
            i += repeat;
        }

        if (lengths[256] == 0 || !_literals.TryBuild(lengths.Slice(0, literals)) || !_distances.TryBuild(lengths.Slice(literals, distances)))
        {
            return InflateStatus.Corrupt;
        }

        _state = State.Codes;
        return InflateStatus.Output;
    }

    private InflateStatus DecodeCodes()
    {
        if (_inputEnd - _inputAt < 16) ReadInput();
        var status = DecodeFast();
        if (status != InflateStatus.Output || _state != State.Codes || _outputAt > OutputLength - OutputMargin) return status;
        return _inputEnd - _inputAt >= 16 ? InflateStatus.Output : DecodeOne();
    }

    /// <summary>Decodes symbols while there is plenty of input and of room, without looking at either for each bit.</summary>
#if NET8_0_OR_GREATER
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
#endif
    private InflateStatus DecodeFast()
    {
        ref var input = ref MemoryMarshal.GetReference(_input.AsSpan());
        ref var output = ref MemoryMarshal.GetReference(_output.AsSpan());
        ref var literals = ref MemoryMarshal.GetReference(_literals.Entries.AsSpan());
        ref var distances = ref MemoryMarshal.GetReference(_distances.Entries.AsSpan());
        uint literalMask = (1u << _literals.Bits) - 1, distanceMask = (1u << _distances.Bits) - 1;
        int inputAt = _inputAt, inputSafe = _inputEnd - 16, outputAt = _outputAt, bitCount = _bitCount;
        var bits = _bits;
        var status = InflateStatus.Output;

        while (inputAt <= inputSafe && outputAt <= OutputLength - OutputMargin)
        {
            Fill(ref input, ref inputAt, ref bits, ref bitCount);
            var entry = Unsafe.Add(ref literals, (nint)((uint)bits & literalMask));
            if ((entry & Literal) != 0)
            {
                // Three first-level codes take at most 33 of the 56 bits.
                Unsafe.Add(ref output, outputAt++) = (byte)(entry >> 16);
                Drop(entry, ref bits, ref bitCount);
                entry = Unsafe.Add(ref literals, (nint)((uint)bits & literalMask));
                if ((entry & Literal) != 0)
                {
                    Unsafe.Add(ref output, outputAt++) = (byte)(entry >> 16);
                    Drop(entry, ref bits, ref bitCount);
                    entry = Unsafe.Add(ref literals, (nint)((uint)bits & literalMask));
                    if ((entry & Literal) != 0)
                    {
                        Unsafe.Add(ref output, outputAt++) = (byte)(entry >> 16);
                        Drop(entry, ref bits, ref bitCount);
                        continue;
                    }
                }

                Fill(ref input, ref inputAt, ref bits, ref bitCount);
            }

            if ((entry & HuffmanTable.Pointer) != 0)
            {
                entry = Second(ref literals, entry, ref bits, ref bitCount);
                if ((entry & Literal) != 0)
                {
                    Unsafe.Add(ref output, outputAt++) = (byte)(entry >> 16);
                    Drop(entry, ref bits, ref bitCount);
                    continue;
                }
            }

            if ((entry & (EndOfBlock | HuffmanTable.Invalid)) != 0)
            {
                Drop(entry, ref bits, ref bitCount);
                if ((entry & HuffmanTable.Invalid) != 0) status = InflateStatus.Corrupt;
                else _state = State.BlockHeader;
                break;
            }

            var length = Value(entry, bits);
            Drop(entry, ref bits, ref bitCount);
            entry = Unsafe.Add(ref distances, (nint)((uint)bits & distanceMask));
            if ((entry & HuffmanTable.Pointer) != 0) entry = Second(ref distances, entry, ref bits, ref bitCount);
            var distance = Value(entry, bits);
            Drop(entry, ref bits, ref bitCount);
            if ((entry & HuffmanTable.Invalid) != 0 || distance > outputAt - _historyStart)
            {
                status = InflateStatus.Corrupt;
                break;
            }

            Copy(ref Unsafe.Add(ref output, outputAt), distance, length);
            outputAt += length;
        }

        _inputAt = inputAt;
        _outputAt = outputAt;
        _bits = bits;
        _bitCount = bitCount;
        return status;
    }

    /// <summary>Decodes one symbol near the end of the input, with every check.</summary>
    private InflateStatus DecodeOne()
    {
        Need(48);
        if (!TryEntry(_literals, out var entry)) return Incomplete(entry);
        if ((entry & Literal) != 0)
        {
            _output[_outputAt++] = (byte)(entry >> 16);
            Consume((int)(entry & 0xFF));
            return InflateStatus.Output;
        }

        if ((entry & EndOfBlock) != 0)
        {
            Consume((int)(entry & 0xFF));
            _state = State.BlockHeader;
            return InflateStatus.Output;
        }

        var length = Value(entry, _bits);
        Consume((int)(entry & 0xFF));
        if (!TryEntry(_distances, out entry)) return Incomplete(entry);
        var distance = Value(entry, _bits);
        Consume((int)(entry & 0xFF));
        if (distance > _outputAt - _historyStart) return InflateStatus.Corrupt;
        Copy(ref _output[_outputAt], distance, length);
        _outputAt += length;
        return InflateStatus.Output;
    }

    private bool TryEntry(HuffmanTable table, out uint entry)
    {
        var bits = _bits & (_bitCount >= 64 ? ulong.MaxValue : (1UL << _bitCount) - 1);
        entry = table.Entries[(int)((uint)bits & ((1u << table.Bits) - 1))];
        if ((entry & HuffmanTable.Pointer) != 0 && table.Bits <= _bitCount) entry = Second(ref table.Entries[0], entry, ref _bits, ref _bitCount);
        return (entry & (HuffmanTable.Invalid | HuffmanTable.Pointer)) == 0 && (int)(entry & 0xFF) <= _bitCount;
    }

    private InflateStatus Incomplete(uint entry) =>
        (entry & HuffmanTable.Invalid) != 0 && _bitCount >= HuffmanTable.MaxCodeLength ? InflateStatus.Corrupt : InflateStatus.Truncated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill(ref byte input, ref int inputAt, ref ulong bits, ref int bitCount)
    {
        var next = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref input, inputAt));
        if (!BitConverter.IsLittleEndian) next = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(next);
        bits |= next << bitCount;
        inputAt += (63 - bitCount) >> 3;
        bitCount |= 56;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Drop(uint entry, ref ulong bits, ref int bitCount)
    {
        bits >>= (int)(entry & 0xFF);
        bitCount -= (int)(entry & 0xFF);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Second(ref uint entries, uint pointer, ref ulong bits, ref int bitCount)
    {
        Drop(pointer, ref bits, ref bitCount);
        return Unsafe.Add(ref entries, (nint)((pointer >> 16) + ((uint)bits & ((1u << (int)((pointer >> 8) & 15)) - 1))));
    }

    /// <summary>Base and extra bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Value(uint entry, ulong bits) =>
        (int)((entry >> 16) + (uint)((bits & ((1UL << (int)(entry & 0xFF)) - 1)) >> (int)((entry >> 8) & 15)));

    /// <summary>Copies a match; may write up to 15 bytes beyond it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ref byte target, int distance, int length)
    {
        ref var source = ref Unsafe.Subtract(ref target, distance);
        if (distance >= 16)
        {
            for (var i = 0; i < length; i += 16)
            {
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, i), Unsafe.ReadUnaligned<(ulong, ulong)>(ref Unsafe.Add(ref source, i)));
            }
        }
        else if (distance >= 8)
        {
            for (var i = 0; i < length; i += 8)
            {
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, i), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, i)));
            }
        }
        else
        {
            for (var i = 0; i < length; i++) Unsafe.Add(ref target, i) = Unsafe.Add(ref source, i);
        }
    }
}
