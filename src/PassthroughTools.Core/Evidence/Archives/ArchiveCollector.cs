namespace PassthroughTools.Evidence.Archives;

/// <summary>
/// What unpacking a tar and a zip have in common: which entries are wanted, which are refused, what they may cost, and how they are
/// put into the private folder.
/// </summary>
internal sealed class ArchiveCollector(string archive, Func<string, bool> wanted, ArchiveLimits limits, PrivateFolder folder, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, Piece> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, Piece>> _pieces = new(StringComparer.Ordinal);
    private readonly WarningList _warnings = new();
    private readonly byte[] _buffer = new byte[81920];
    private int _count;
    private long _total;
    private string? _root;
    private bool _hasRoot = true;

    /// <summary>Folder that all entries lie in; null when there is none.</summary>
    public string? Root => _hasRoot ? _root : null;

    /// <summary>What was left out and what was odd.</summary>
    public IReadOnlyList<string> Warnings => _warnings.Items;

    /// <summary>Adds a warning.</summary>
    /// <param name="text">Words for the user.</param>
    public void Warn(string text) => _warnings.Add(text);

    /// <summary>Looks at an entry: its normalised path when its content is wanted, else null.</summary>
    /// <param name="rawPath">Path as the archive has it.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="length">Bytes that it claims to have.</param>
    /// <param name="linkTarget">Target of a link.</param>
    public string? Accept(string rawPath, EntryKind kind, long length, string linkTarget)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (++_count > limits.MaximumEntries) throw ArchiveErrors.TooManyEntries.For(archive, archive, limits.MaximumEntries);
        var path = EntryPath.Normalize(archive, rawPath, limits);
        if (path is null) return null;
        TrackRoot(path, kind);
        if (kind == EntryKind.Folder || !wanted(EntryPath.WithoutFragment(path, out var number))) return null;
        if (kind != EntryKind.File)
        {
            RefuseUnlessHarmless(path, kind, linkTarget);
            return null;
        }

        if (length > limits.MaximumFileBytes) throw ArchiveErrors.FileTooLarge.For(archive, archive, EntryPath.Show(path), limits.MaximumFileBytes);
        if (length > limits.MaximumTotalBytes - _total) throw ArchiveErrors.TooLarge.For(archive, archive, limits.MaximumTotalBytes);
        if (!_files.ContainsKey(path) && (number is null || !PiecesOf(path).ContainsKey(number.Value))) return path;
        Warn($"'{EntryPath.Show(path)}' is there twice; the first one is read.");
        return null;
    }

    /// <summary>Stores the content of an accepted entry.</summary>
    /// <param name="path">Path from <see cref="Accept"/>.</param>
    /// <param name="read">Reads the next bytes; 0 at the end.</param>
    public void Store(string path, Func<byte[], int> read)
    {
        var whole = EntryPath.WithoutFragment(path, out var number);
        var file = folder.NewFile(whole);
        long length = 0;
        using (var target = Writing(() => new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None)))
        {
            for (int count; (count = read(_buffer)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                length += count;
                _total += count;
                if (length > limits.MaximumFileBytes) throw ArchiveErrors.FileTooLarge.For(archive, archive, EntryPath.Show(path), limits.MaximumFileBytes);
                if (_total > limits.MaximumTotalBytes) throw ArchiveErrors.TooLarge.For(archive, archive, limits.MaximumTotalBytes);
                Writing(() =>
                {
                    target.Write(_buffer, 0, count);
                    return true;
                });
            }

            Writing(() =>
            {
                target.Flush();
                return true;
            });
        }

        if (number is { } piece) PiecesOf(path)[piece] = new Piece(file, length);
        else _files[path] = new Piece(file, length);
    }

    /// <summary>Joins pieces and lists the files.</summary>
    public IReadOnlyList<EvidenceFileEntry> Finish()
    {
        foreach (var pair in _pieces)
        {
            if (_files.ContainsKey(pair.Key)) continue;
            if (Fragments.FindGap(pair.Value.Keys) is { } gap)
            {
                Warn($"'{EntryPath.Show(pair.Key)}' is left out: its piece {gap} is missing.");
                continue;
            }

            _files[pair.Key] = Join(pair.Key, pair.Value.Values);
        }

        var prefix = Root is null ? 0 : Root.Length + 1;
        return [.. _files
            .Select(pair => new EvidenceFileEntry
            {
                Path = pair.Key.Substring(prefix),
                Length = pair.Value.Length,
                LocalPath = pair.Value.File,
                Pieces = [pair.Value.File],
            })
            .OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    }

    private SortedDictionary<int, Piece> PiecesOf(string path)
    {
        var whole = EntryPath.WithoutFragment(path, out _);
        if (!_pieces.TryGetValue(whole, out var pieces)) _pieces[whole] = pieces = [];
        return pieces;
    }

    private Piece Join(string path, ICollection<Piece> pieces)
    {
        if (pieces.Count == 1) return pieces.First();
        var length = pieces.Sum(piece => piece.Length);
        if (length > limits.MaximumFileBytes) throw ArchiveErrors.FileTooLarge.For(archive, archive, EntryPath.Show(path), limits.MaximumFileBytes);
        var joined = folder.NewFile(path);
        return Writing(() =>
        {
            using var target = new FileStream(joined, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            foreach (var piece in pieces)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using (var source = File.OpenRead(piece.File)) source.CopyTo(target);
                File.Delete(piece.File);
            }

            return new Piece(joined, length);
        });
    }

    private void TrackRoot(string path, EntryKind kind)
    {
        if (!_hasRoot) return;
        var slash = path.IndexOf('/');
        var first = slash < 0 ? path : path.Substring(0, slash);
        _hasRoot = (slash > 0 || kind == EntryKind.Folder) && (_root ??= first) == first;
    }

    private void RefuseUnlessHarmless(string path, EntryKind kind, string linkTarget)
    {
        if (kind is EntryKind.SymbolicLink or EntryKind.HardLink)
        {
            // ESXi links /var/log/vmkernel.log to /var/run/log/vmkernel.log. A link to another wanted file adds nothing to read.
            var slash = path.IndexOf('/');
            var roots = new[] { "", slash < 0 ? "" : path.Substring(0, slash) };
            var targets = roots.Select(root => EntryPath.ResolveLink(path, linkTarget, kind == EntryKind.HardLink, root));
            if (targets.Any(target => !string.IsNullOrEmpty(target) && target != path && wanted(target!)))
            {
                Warn($"'{EntryPath.Show(path)}' is a link to '{EntryPath.Show(linkTarget)}' and is not followed.");
                return;
            }
        }

        var words = kind switch
        {
            EntryKind.SymbolicLink => $"a symbolic link to '{EntryPath.Show(linkTarget)}'",
            EntryKind.HardLink => $"a hard link to '{EntryPath.Show(linkTarget)}'",
            EntryKind.Device => "a device or pipe",
            EntryKind.Sparse => "a sparse file",
            _ => "an entry of unknown type",
        };
        throw ArchiveErrors.NotAFile.For(archive, archive, EntryPath.Show(path), words);
    }

    private T Writing<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ArchiveErrors.ExtractFailed.Because(e, archive, archive, e.Message);
        }
    }

    private sealed record Piece(string File, long Length);
}

/// <summary>Warnings, bounded: an archive of links must not fill the screen.</summary>
internal sealed class WarningList
{
    private const int Maximum = 50;
    private readonly List<string> _items = [];
    private int _more;

    /// <summary>The warnings.</summary>
    public IReadOnlyList<string> Items => _more == 0 ? _items : [.. _items, FormattableString.Invariant($"{_more} more warnings are not shown.")];

    /// <summary>Adds one.</summary>
    /// <param name="text">Words for the user.</param>
    public void Add(string text)
    {
        if (_items.Count < Maximum) _items.Add(text);
        else _more++;
    }
}

/// <summary>Pieces of a file that vm-support has cut.</summary>
internal static class Fragments
{
    /// <summary>First missing number; null when the pieces are whole. They are counted from 0, or from 1.</summary>
    /// <param name="numbers">Numbers that are there, ascending.</param>
    public static int? FindGap(IEnumerable<int> numbers)
    {
        int? expected = null;
        foreach (var number in numbers)
        {
            expected ??= number <= 1 ? number : 0;
            if (number != expected) return expected;
            expected++;
        }

        return null;
    }
}
