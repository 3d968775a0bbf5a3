using System.IO.Compression;

namespace PassthroughTools.Evidence.Archives;

/// <summary>
/// The wanted files of a .tgz, .tar or .zip, unpacked into a folder that only this user can read and that is deleted on
/// <see cref="Dispose"/>. Archives are not trusted: links are never followed, no name of theirs becomes a name on disk, and every size
/// is counted, not believed. Archives within the archive are not opened.
/// </summary>
public sealed class ArchiveEvidenceSource : IEvidenceFileSource
{
    private readonly PrivateFolder _folder;
    private bool _isDisposed;

    private ArchiveEvidenceSource(string path, PrivateFolder folder)
    {
        (Location, _folder) = (path, folder);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public string? RootName { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<EvidenceFileEntry> Entries { get; private set; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Folder with the unpacked files, for tests of its clean-up.</summary>
    internal string TemporaryFolder => _folder.Path;

    /// <summary>Opens an archive and unpacks the wanted files.</summary>
    /// <param name="path">Archive.</param>
    /// <param name="wanted">Says of a normalised path (with the folder that everything lies in, without ".FRAG-00000") whether it is wanted.</param>
    /// <param name="limits">What the archive may cost.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="PassthruException">Any of <see cref="ArchiveErrors"/>, <see cref="InputErrors.NotFound"/>, <see cref="InputErrors.Unreadable"/>.</exception>
    public static ArchiveEvidenceSource Open(string path, Func<string, bool> wanted, ArchiveLimits? limits = null, CancellationToken cancellationToken = default) =>
        Open(path, wanted, limits, new PrivateFolder(), cancellationToken);

    /// <summary>As the public one, into a given folder, which belongs to the source from here on.</summary>
    internal static ArchiveEvidenceSource Open(string path, Func<string, bool> wanted, ArchiveLimits? limits, PrivateFolder folder, CancellationToken cancellationToken)
    {
        var source = new ArchiveEvidenceSource(path, folder);
        try
        {
            var collector = new ArchiveCollector(path, wanted, limits ?? ArchiveLimits.Default, source._folder, cancellationToken);
            source.Read(collector, limits ?? ArchiveLimits.Default, cancellationToken);
            source.Entries = collector.Finish();
            source.RootName = collector.Root;
            source.Warnings = collector.Warnings;
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Stream Open(EvidenceFileEntry entry)
    {
        if (_isDisposed || entry.LocalPath is null || !Entries.Contains(entry)) throw ArchiveErrors.EntryUnknown.For(entry, Location, entry.Path);
        return EvidenceFiles.OpenFile(entry.LocalPath, entry.Path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _folder.Dispose();
    }

    private void Read(ArchiveCollector collector, ArchiveLimits limits, CancellationToken cancellationToken)
    {
        using var file = EvidenceFiles.OpenFile(Location, Location);
        var magic = new byte[4];
        int have;
        try
        {
            have = file.Read(magic, 0, magic.Length);
            file.Position = 0;
            if (have == 4 && magic is [(byte)'P', (byte)'K', 3 or 5 or 7, 4 or 6 or 8])
            {
                ReadZip(file, collector, limits);
            }
            else if (magic is [0x1f, 0x8b, ..])
            {
                using var packed = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
                ReadTar(new CountingStream(packed, file, Location, limits), collector, cancellationToken);
            }
            else
            {
                ReadTar(new CountingStream(file, null, Location, limits), collector, cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputErrors.Unreadable.Because(e, Location, Location, e.Message);
        }
    }

    private void ReadTar(CountingStream stream, ArchiveCollector collector, CancellationToken cancellationToken)
    {
        var reader = new TarReader(stream, Location);
        while (reader.Next(cancellationToken) is { } entry)
        {
            if (collector.Accept(entry.Path, entry.Kind, entry.Length, entry.LinkTarget) is { } path) collector.Store(path, reader.Read);
        }

        if (!reader.HasEndMark) collector.Warn("The archive has no end mark: it may have been cut off, and files may be missing.");
    }

    private void ReadZip(Stream file, ArchiveCollector collector, ArchiveLimits limits)
    {
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > limits.MaximumEntries) throw ArchiveErrors.TooManyEntries.For(Location, Location, limits.MaximumEntries);
            foreach (var entry in zip.Entries)
            {
                // Compress-Archive of Windows PowerShell 5.1 writes backslashes between folders, against the format's rules.
                var name = entry.FullName.Replace('\\', '/');
                if (collector.Accept(name, ZipKind(entry, name), entry.Length, "") is { } path) StoreZipEntry(entry, path, file.Length, collector, limits);
            }
        }
        catch (InvalidDataException e)
        {
            throw ArchiveErrors.Corrupt.Because(e, Location, Location, "its directory or an entry can't be read; the copy may be incomplete");
        }
    }

    private void StoreZipEntry(ZipArchiveEntry entry, string path, long archiveLength, ArchiveCollector collector, ArchiveLimits limits)
    {
        using var content = entry.Open();
        var packed = Math.Max(1, Math.Min(entry.CompressedLength, archiveLength));
        long length = 0;
        collector.Store(path, buffer =>
        {
            var read = content.Read(buffer, 0, buffer.Length);
            length += read;
            if (length > limits.RatioFloorBytes && length / limits.MaximumRatio > packed) throw ArchiveErrors.Bomb.For(Location, Location, limits.MaximumRatio);
            if (read == 0 && length < entry.Length) throw ArchiveErrors.Truncated.For(Location, Location, EntryPath.Show(path));
            return read;
        });
    }

    private static EntryKind ZipKind(ZipArchiveEntry entry, string name)
    {
#if NET8_0_OR_GREATER
        // Upper half of the attributes: Unix mode, where the archive was made on Unix.
        var type = (entry.ExternalAttributes >> 16) & 0xf000;
#else
        // Not told here; a link's content then is its target as text, which no reader takes for evidence.
        const int type = 0;
#endif
        return type switch
        {
            0xa000 => EntryKind.SymbolicLink,
            0x1000 or 0x2000 or 0x6000 or 0xc000 => EntryKind.Device,
            0x4000 => EntryKind.Folder,
            _ => name.EndsWith("/", StringComparison.Ordinal) ? EntryKind.Folder : EntryKind.File,
        };
    }
}
