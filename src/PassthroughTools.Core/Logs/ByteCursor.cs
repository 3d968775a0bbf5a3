namespace PassthroughTools.Logs;

/// <summary>Reads a line of bytes from left to right without allocating. Nothing throws: what does not match is false.</summary>
internal ref struct ByteCursor
{
    private ReadOnlySpan<byte> _rest;

    public ByteCursor(ReadOnlySpan<byte> text) => _rest = text;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>True at the end of the line.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Reads exactly these bytes.</summary>
    public bool Skip(ReadOnlySpan<byte> literal)
    {
        if (!_rest.StartsWith(literal)) return false;
        _rest = _rest.Slice(literal.Length);
        return true;
    }

    /// <summary>Moves behind the next occurrence of these bytes.</summary>
    public bool SkipPast(ReadOnlySpan<byte> literal)
    {
        var at = _rest.IndexOf(literal);
        if (at < 0) return false;
        _rest = _rest.Slice(at + literal.Length);
        return true;
    }

    /// <summary>Reads a decimal number of at most 18 digits.</summary>
    public bool TryNumber(out long value)
    {
        value = 0;
        var length = 0;
        while (length < _rest.Length && length < 19 && _rest[length] is >= (byte)'0' and <= (byte)'9')
        {
            if (length == 18) return false;
            value = (value * 10) + (_rest[length++] - '0');
        }

        _rest = _rest.Slice(length);
        return length > 0;
    }

    /// <summary>Reads a decimal number that fits a count.</summary>
    public bool TryNumber(out int value)
    {
        var read = TryNumber(out long number) && number <= int.MaxValue;
        value = read ? (int)number : 0;
        return read;
    }

    /// <summary>Reads a hexadecimal number of at most 8 digits, without <c>0x</c>.</summary>
    public bool TryHex(out int value)
    {
        var length = 0;
        uint number = 0;
        while (length < _rest.Length)
        {
            var c = _rest[length] | 0x20;
            var digit = c is >= '0' and <= '9' ? c - '0' : c is >= 'a' and <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) break;
            if (++length > 8) break;
            number = (number << 4) | (uint)digit;
        }

        var read = length is > 0 and <= 8 && number <= int.MaxValue;
        value = read ? (int)number : 0;
        if (read) _rest = _rest.Slice(length);
        return read;
    }

    /// <summary>Reads up to the next blank or the end; may be empty.</summary>
    public ReadOnlySpan<byte> Token()
    {
        var end = _rest.IndexOfAny((byte)' ', (byte)'\t');
        if (end < 0) end = _rest.Length;
        var token = _rest.Slice(0, end);
        _rest = _rest.Slice(end);
        return token;
    }

    /// <summary>Skips blanks.</summary>
    public void SkipBlanks()
    {
        var i = 0;
        while (i < _rest.Length && _rest[i] is (byte)' ' or (byte)'\t') i++;
        _rest = _rest.Slice(i);
    }

    /// <summary>
    /// Reads the place in ESXi's source that every vmkernel message begins with: <c>290: </c>, or <c>Function:290: </c> in some builds.
    /// The number differs from build to build, so nothing depends on it.
    /// </summary>
    public bool SkipSourceLine()
    {
        var cursor = this;
        if (!cursor.TryNumber(out long _) || !cursor.Skip(": "u8))
        {
            cursor = this;
            var i = 0;
            while (i < cursor._rest.Length && IsWord(cursor._rest[i])) i++;
            if (i == 0) return false;
            cursor._rest = cursor._rest.Slice(i);
            if (!cursor.Skip(":"u8) || !cursor.TryNumber(out long _) || !cursor.Skip(": "u8)) return false;
        }

        this = cursor;
        return true;
    }

    /// <summary>True for letters, digits and underscore.</summary>
    public static bool IsWord(byte c) =>
        c is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_';
}
