using PassthroughTools.Text;

namespace PassthroughTools.Evidence.Archives;

/// <summary>Opens folders and archives of evidence alike.</summary>
public static class EvidenceFiles
{
    /// <summary>Opens a folder, or an archive, of which only the wanted files are unpacked.</summary>
    /// <param name="path">Folder or archive.</param>
    /// <param name="wanted">Says of a path with '/' whether the file is wanted, such as <see cref="VmSupportLayout.IsWanted"/>. In an archive the path begins with the folder that everything lies in, if there is one.</param>
    /// <param name="limits">What an archive may cost.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="PassthruException">Any of <see cref="ArchiveErrors"/>, <see cref="InputErrors.NotFound"/>, <see cref="InputErrors.Unreadable"/>.</exception>
    public static IEvidenceFileSource Open(string path, Func<string, bool> wanted, ArchiveLimits? limits = null, CancellationToken cancellationToken = default) =>
        Directory.Exists(path)
            ? FolderEvidenceSource.Open(path, wanted, limits, cancellationToken)
            : ArchiveEvidenceSource.Open(path, wanted, limits, cancellationToken);

    /// <summary>True for a file name that ends as an archive's does. What it holds is found out on opening.</summary>
    /// <param name="path">File name.</param>
    public static bool HasArchiveName(string path) =>
        new[] { ".tgz", ".tar.gz", ".tar", ".zip" }.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a small text file of the evidence.</summary>
    /// <param name="source">Source of the entry.</param>
    /// <param name="entry">File to read.</param>
    /// <param name="maximumBytes">Bytes above which it is refused: host commands print some 100 KiB.</param>
    /// <exception cref="PassthruException"><see cref="ArchiveErrors.FileTooLarge"/>, <see cref="ArchiveErrors.EntryUnknown"/>, <see cref="InputErrors.Binary"/>, <see cref="InputErrors.Unreadable"/>.</exception>
    public static IReadOnlyList<string> ReadAllLines(this IEvidenceFileSource source, EvidenceFileEntry entry, int maximumBytes = 64 << 20)
    {
        if (entry.Length > maximumBytes) throw ArchiveErrors.FileTooLarge.For(entry, source.Location, entry.Path, maximumBytes);
        try
        {
            using var stream = source.Open(entry);
            using var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int read; (read = stream.Read(buffer, 0, buffer.Length)) > 0;)
            {
                // The file may have grown since it was listed.
                if (content.Length + read > maximumBytes) throw ArchiveErrors.FileTooLarge.For(entry, source.Location, entry.Path, maximumBytes);
                content.Write(buffer, 0, read);
            }

            return TextFile.SplitLines(TextFile.Decode(content.ToArray(), entry.Path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputErrors.Unreadable.Because(e, entry, entry.Path, e.Message);
        }
    }

    /// <summary>Opens a file, with the errors of the catalogue.</summary>
    /// <param name="path">File on this machine.</param>
    /// <param name="name">Name for the error.</param>
    internal static FileStream OpenFile(string path, string name)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InputErrors.NotFound.Because(e, name, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw InputErrors.Unreadable.Because(e, name, name, e.Message);
        }
    }
}
