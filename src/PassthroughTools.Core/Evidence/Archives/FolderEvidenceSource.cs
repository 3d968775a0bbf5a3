namespace PassthroughTools.Evidence.Archives;

/// <summary>The wanted files of a folder and the folders in it. Links are not followed: an unpacked bundle may hold hostile ones.</summary>
public sealed class FolderEvidenceSource : IEvidenceFileSource
{
    private readonly WarningList _warnings = new();

    private FolderEvidenceSource(string path)
    {
        Location = path;
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>Always null: the folder itself is the root.</summary>
    public string? RootName => null;

    /// <inheritdoc/>
    public IReadOnlyList<EvidenceFileEntry> Entries { get; private set; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => _warnings.Items;

    /// <summary>Lists the wanted files of a folder.</summary>
    /// <param name="path">Folder.</param>
    /// <param name="wanted">Says of a path with '/' below the folder (without ".FRAG-00000") whether it is wanted.</param>
    /// <param name="limits">Limits on the number of files and the depth of folders.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="PassthruException">
    /// <see cref="InputErrors.NotFound"/>, <see cref="InputErrors.Unreadable"/>, <see cref="ArchiveErrors.TooManyEntries"/>, <see cref="ArchiveErrors.PathTooLong"/>.
    /// </exception>
    public static FolderEvidenceSource Open(string path, Func<string, bool> wanted, ArchiveLimits? limits = null, CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(path)) throw InputErrors.NotFound.For(path, path);
        var source = new FolderEvidenceSource(path);
        try
        {
            source.List(wanted, limits ?? ArchiveLimits.Default, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputErrors.Unreadable.Because(e, path, path, e.Message);
        }

        return source;
    }

    /// <inheritdoc/>
    public Stream Open(EvidenceFileEntry entry)
    {
        if (!Entries.Contains(entry)) throw ArchiveErrors.EntryUnknown.For(entry, Location, entry.Path);
        return entry.Pieces.Count == 1 ? EvidenceFiles.OpenFile(entry.Pieces[0], entry.Path) : new JoinedStream(entry.Pieces, entry.Path);
    }

    /// <summary>Nothing to free.</summary>
    public void Dispose()
    {
    }

    private static bool IsLink(FileSystemInfo info)
    {
#if NET8_0_OR_GREATER
        // Cloud folders mark their files as reparse points too, without being links.
        return info.LinkTarget is not null;
#else
        return info is DirectoryInfo && info.Attributes.HasFlag(FileAttributes.ReparsePoint);
#endif
    }

    private void List(Func<string, bool> wanted, ArchiveLimits limits, CancellationToken cancellationToken)
    {
        var files = new SortedDictionary<string, SortedDictionary<int, FileInfo>>(StringComparer.Ordinal);
        var folders = new Stack<(DirectoryInfo Folder, string Prefix, int Depth)>();
        folders.Push((new DirectoryInfo(Location), "", 0));
        var count = 0;
        while (folders.Count > 0)
        {
            var (folder, prefix, depth) = folders.Pop();
            foreach (var info in folder.EnumerateFileSystemInfos())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (++count > limits.MaximumEntries) throw ArchiveErrors.TooManyEntries.For(Location, Location, limits.MaximumEntries);
                var path = prefix + info.Name;
                var whole = EntryPath.WithoutFragment(path, out var number);
                if (IsLink(info))
                {
                    if (info is DirectoryInfo || wanted(whole)) _warnings.Add($"'{EntryPath.Show(path)}' is a link and is not followed.");
                }
                else if (info is DirectoryInfo child)
                {
                    if (depth >= limits.MaximumDepth) throw ArchiveErrors.PathTooLong.For(Location, Location, limits.MaximumPathLength, limits.MaximumDepth, EntryPath.Show(path));
                    folders.Push((child, path + "/", depth + 1));
                }
                else if (wanted(whole))
                {
                    // -1 stands for the whole file, which wins over its pieces.
                    if (!files.TryGetValue(whole, out var pieces)) files[whole] = pieces = [];
                    pieces[number ?? -1] = (FileInfo)info;
                }
            }
        }

        Entries = [.. files.Select(pair => Entry(pair.Key, pair.Value)).OfType<EvidenceFileEntry>()];
    }

    private EvidenceFileEntry? Entry(string path, SortedDictionary<int, FileInfo> pieces)
    {
        if (pieces.TryGetValue(-1, out var file)) return new EvidenceFileEntry { Path = path, Length = file.Length, LocalPath = file.FullName, Pieces = [file.FullName] };
        if (Fragments.FindGap(pieces.Keys) is { } gap)
        {
            _warnings.Add(FormattableString.Invariant($"'{EntryPath.Show(path)}' is left out: its piece {gap} is missing."));
            return null;
        }

        return new EvidenceFileEntry
        {
            Path = path,
            Length = pieces.Values.Sum(piece => piece.Length),
            LocalPath = pieces.Count == 1 ? pieces.Values.First().FullName : null,
            Pieces = [.. pieces.Values.Select(piece => piece.FullName)],
        };
    }
}
