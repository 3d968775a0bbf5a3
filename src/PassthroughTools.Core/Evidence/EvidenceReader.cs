namespace PassthroughTools.Evidence;

/// <summary>Reads evidence from disk: a host's folder, a folder of hosts' folders, or an archive of either or of vm-support's making.</summary>
public static class EvidenceReader
{
    /// <summary>Reads the hosts found at a path, one at a time.</summary>
    /// <param name="path">Folder or archive.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="PassthruException"><see cref="EvidenceErrors.Empty"/>, an <see cref="InputErrors"/> or an archive's error.</exception>
    public static IEnumerable<HostEvidence> Read(string path, CancellationToken cancellation = default)
    {
        if (Directory.Exists(path)) return ReadFolder(Path.GetFullPath(path), cancellation);
        if (!File.Exists(path)) throw InputErrors.NotFound.For(path, path);
        return ReadArchive(Path.GetFullPath(path), cancellation);
    }

    private static IEnumerable<HostEvidence> ReadFolder(string folder, CancellationToken cancellation)
    {
        var found = FindHosts(folder).ToList();
        if (found.Count == 0) throw EvidenceErrors.Empty.For(folder, folder);
        return found.Select(layout => HostEvidenceLoader.Load(layout, layout.Root, Path.GetFileName(layout.Root), cancellation));
    }

    /// <summary>The folder itself, else the folders in it: each a host's evidence.</summary>
    private static IEnumerable<EvidenceLayout> FindHosts(string folder)
    {
        if (EvidenceLayout.IsHostFolder(folder)) return [EvidenceLayout.OfFolder(folder)];
        return Directory.EnumerateDirectories(folder)
            .Where(EvidenceLayout.IsHostFolder)
            .OrderBy(path => path, StringComparer.OrdinalIgnoreCase)
            .Select(EvidenceLayout.OfFolder);
    }

    private static IEnumerable<HostEvidence> ReadArchive(string path, CancellationToken cancellation) => [];
}
