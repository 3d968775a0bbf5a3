using System.Globalization;
using System.Text;

namespace PassthroughTools.Evidence.Archives;

/// <summary>What an entry of an archive is.</summary>
internal enum EntryKind
{
    File,
    Folder,
    SymbolicLink,
    HardLink,
    Device,
    Sparse,
    Other,
}

/// <summary>Head of a tar entry.</summary>
/// <param name="Path">Path as written.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Bytes of content that follow.</param>
/// <param name="LinkTarget">Target of a link.</param>
internal sealed record TarEntry(string Path, EntryKind Kind, long Length, string LinkTarget);

/// <summary>
/// Reads a tar stream forwards: v7, ustar, GNU long names and pax. Written here, and not System.Formats.Tar, because it has to work on
/// Windows PowerShell too, to see names as they stand (zero characters, backslashes), to bound what a head may claim before anything is
/// allocated, and to tell a stream that ends from one that was cut off.
/// </summary>
/// <param name="stream">Uncompressed stream.</param>
/// <param name="archive">Name for errors.</param>
internal sealed class TarReader(Stream stream, string archive)
{
    private const int Block = 512;
    private const int MaximumMetadata = 1 << 20;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private readonly byte[] _head = new byte[Block];
    private readonly byte[] _buffer = new byte[81920];
    private string _current = "its first entry";
    private bool _isFirst = true;
    private long _rest;
    private int _padding;

    /// <summary>False when the stream ended between two entries without the mark that ends an archive.</summary>
    public bool HasEndMark { get; private set; }

    /// <summary>Moves to the next entry, past what is left of the current one; null at the end.</summary>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <exception cref="PassthruException"><see cref="ArchiveErrors.Truncated"/> or <see cref="ArchiveErrors.Corrupt"/>.</exception>
    public TarEntry? Next(CancellationToken cancellationToken)
    {
        string? longPath = null, longTarget = null;
        long? longLength = null;
        var isSparse = false;
        while (true)
        {
            Skip(cancellationToken);
            if (!ReadHead()) return null;
            var type = (char)_head[156];
            var length = Number(124, 12);
            if (type is 'L' or 'K' or 'x' or 'g')
            {
                var data = Metadata(length, cancellationToken);
                if (type == 'L') longPath = Decode(data, 0, Length(data, 0, data.Length));
                else if (type == 'K') longTarget = Decode(data, 0, Length(data, 0, data.Length));
                else if (type == 'x') Pax(data, ref longPath, ref longTarget, ref longLength, ref isSparse);
                continue;
            }

            var path = longPath ?? PathInHead();
            var kind = Kind(type, path, isSparse);

            // Only files carry content; what a folder or a link claims as its size is not there.
            length = kind is EntryKind.Folder or EntryKind.SymbolicLink or EntryKind.Device ? 0 : longLength ?? length;
            if (length < 0) throw ArchiveErrors.Corrupt.For(archive, archive, $"the size of '{EntryPath.Show(path)}' is negative");
            _current = EntryPath.Show(path);
            _rest = length;
            _padding = (int)((Block - (length % Block)) % Block);
            return new TarEntry(path, kind, length, longTarget ?? Decode(_head, 157, Length(_head, 157, 100)));
        }
    }

    /// <summary>Reads content of the current entry; 0 at its end.</summary>
    /// <param name="buffer">Where to.</param>
    public int Read(byte[] buffer)
    {
        if (_rest == 0) return 0;
        var read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, _rest));
        if (read == 0) throw ArchiveErrors.Truncated.For(archive, archive, _current);
        _rest -= read;
        return read;
    }

    private static EntryKind Kind(char type, string path, bool isSparse) => type switch
    {
        '0' or '\0' or '7' when isSparse => EntryKind.Sparse,
        '0' or '\0' or '7' => path.EndsWith("/", StringComparison.Ordinal) ? EntryKind.Folder : EntryKind.File,
        '1' => EntryKind.HardLink,
        '2' => EntryKind.SymbolicLink,
        '3' or '4' or '6' => EntryKind.Device,
        '5' => EntryKind.Folder,
        'S' => EntryKind.Sparse,
        _ => EntryKind.Other,
    };

    private static int Length(byte[] bytes, int start, int maximum)
    {
        var end = Array.IndexOf(bytes, (byte)0, start, maximum);
        return end < 0 ? maximum : end - start;
    }

    private static string Decode(byte[] bytes, int start, int length)
    {
        try
        {
            return Utf8.GetString(bytes, start, length);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.GetEncoding("iso-8859-1").GetString(bytes, start, length);
        }
    }

    private void Skip(CancellationToken cancellationToken)
    {
        while (_rest > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Read(_buffer);
        }

        while (_padding > 0)
        {
            var read = stream.Read(_buffer, 0, _padding);

            // The content is whole; that nothing follows shows when the next head is missing.
            if (read == 0) break;
            _padding -= read;
        }

        _padding = 0;
    }

    private bool ReadHead()
    {
        if (!ReadBlock()) return false;
        if (IsZero())
        {
            // Two blocks of zeros end an archive; a lone one inside is passed over, as tar does.
            if (!ReadBlock() || IsZero())
            {
                HasEndMark = true;
                return false;
            }
        }

        CheckSum();
        return true;
    }

    private bool ReadBlock()
    {
        var have = 0;
        while (have < Block)
        {
            var read = stream.Read(_head, have, Block - have);
            if (read == 0) break;
            have += read;
        }

        if (have < Block && _isFirst) throw ArchiveErrors.NotRecognized.For(archive, archive);
        if (have is > 0 and < Block) throw ArchiveErrors.Truncated.For(archive, archive, _current);
        return have == Block;
    }

    private bool IsZero() => Array.TrueForAll(_head, value => value == 0);

    private void CheckSum()
    {
        int unsigned = 0, signed = 0;
        for (var i = 0; i < Block; i++)
        {
            var value = i is >= 148 and < 156 ? (byte)' ' : _head[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        var stated = Number(148, 8);
        var isRight = stated == unsigned || stated == signed;
        if (_isFirst && !isRight) throw ArchiveErrors.NotRecognized.For(archive, archive);
        _isFirst = false;
        if (!isRight) throw ArchiveErrors.Corrupt.For(archive, archive, $"the checksum behind '{_current}' is wrong");
    }

    private string PathInHead()
    {
        var name = Decode(_head, 0, Length(_head, 0, 100));

        // Only POSIX ustar has the prefix; GNU tar ("ustar  ") keeps times in its place.
        var isPosix = _head[257] == 'u' && _head[261] == 'r' && _head[262] == 0;
        var prefix = isPosix ? Decode(_head, 345, Length(_head, 345, 155)) : "";
        return prefix.Length > 0 ? prefix + "/" + name : name;
    }

    private long Number(int start, int length)
    {
        long value = 0;
        if ((_head[start] & 0x80) != 0)
        {
            if ((_head[start] & 0x40) != 0) return -1;
            for (var i = 0; i < length; i++)
            {
                var digit = i == 0 ? _head[start] & 0x3f : _head[start + i];
                if (value > long.MaxValue >> 9) return -1;
                value = (value << 8) | (uint)digit;
            }

            return value;
        }

        for (var i = start; i < start + length; i++)
        {
            if (_head[i] is (byte)' ' or 0) continue;
            if (_head[i] is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 4) return -1;
            value = (value << 3) | (uint)(_head[i] - '0');
        }

        return value;
    }

    private byte[] Metadata(long length, CancellationToken cancellationToken)
    {
        if (length is < 0 or > MaximumMetadata) throw ArchiveErrors.Corrupt.For(archive, archive, $"the head behind '{_current}' claims {length} bytes");
        var data = new byte[length];
        _rest = length;
        _padding = (int)((Block - (length % Block)) % Block);
        var chunk = new byte[Math.Max(1, length)];
        for (var have = 0; have < length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = Read(chunk);
            Array.Copy(chunk, 0, data, have, read);
            have += read;
        }

        return data;
    }

    // Records are "length key=value\n", the length counting itself.
    private void Pax(byte[] data, ref string? path, ref string? target, ref long? size, ref bool isSparse)
    {
        for (var at = 0; at < data.Length && data[at] != 0;)
        {
            var space = Array.IndexOf(data, (byte)' ', at);
            if (space < 0 || space - at > 8 || !int.TryParse(Decode(data, at, space - at), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space - at + 1 || length > data.Length - at)
            {
                throw ArchiveErrors.Corrupt.For(archive, archive, $"the extended head behind '{_current}' can't be read");
            }

            var record = Decode(data, space + 1, length - (space - at) - 2);
            at += length;
            var equals = record.IndexOf('=');
            var value = equals < 0 ? "" : record.Substring(equals + 1);
            switch (equals < 0 ? "" : record.Substring(0, equals))
            {
                case "path": path = value; break;
                case "linkpath": target = value; break;
                case "size": size = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1; break;
                case var key when key.StartsWith("GNU.sparse.", StringComparison.Ordinal): isSparse = true; break;
            }
        }
    }
}
