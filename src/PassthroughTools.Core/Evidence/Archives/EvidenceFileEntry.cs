namespace PassthroughTools.Evidence.Archives;

/// <summary>A file of evidence, wherever it lies.</summary>
public sealed record EvidenceFileEntry
{
    /// <summary>Path with '/' within the source, without the folder that everything in an archive lies in.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes, unpacked.</summary>
    public long Length { get; init; }

    /// <summary>
    /// File on this machine that holds the content, for readers that want a path; null when it is put together from several pieces.
    /// For an archive it is a temporary file that ends as <see cref="Path"/> does and lives as long as the source.
    /// </summary>
    public string? LocalPath { get; init; }

    /// <summary>The pieces on disk, in order.</summary>
    internal IReadOnlyList<string> Pieces { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>Files of evidence in a folder or an archive. Dispose it to delete what an archive was unpacked to.</summary>
public interface IEvidenceFileSource : IDisposable
{
    /// <summary>Folder or archive.</summary>
    string Location { get; }

    /// <summary>Name of the folder that everything in an archive lies in, such as esx-host-2026-02-07--09.29; null when there is none.</summary>
    string? RootName { get; }

    /// <summary>The wanted files, ordered by path.</summary>
    IReadOnlyList<EvidenceFileEntry> Entries { get; }

    /// <summary>What was left out and why, and what else was odd.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>Opens a file for reading.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <exception cref="PassthruException"><see cref="ArchiveErrors.EntryUnknown"/> or <see cref="InputErrors.Unreadable"/>.</exception>
    Stream Open(EvidenceFileEntry entry);
}
