using PassthroughTools.Evidence.Archives;

namespace PassthroughTools.Evidence;

/// <summary>Reads evidence from disk: a host's folder, a folder of hosts' folders, or an archive of either or of vm-support's making.</summary>
public static class EvidenceReader
{
    /// <summary>Reads the hosts found at a path, one at a time.</summary>
    /// <param name="path">Folder or archive.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="PassthruException"><see cref="EvidenceErrors.Empty"/>, an <see cref="InputErrors"/> or an <see cref="ArchiveErrors"/>.</exception>
    public static IEnumerable<HostEvidence> Read(string path, CancellationToken cancellation = default)
    {
        path = Path.GetFullPath(path);
        if (!Directory.Exists(path) && !File.Exists(path)) throw InputErrors.NotFound.For(path, path);
        using var source = EvidenceFiles.Open(path, IsWanted, cancellationToken: cancellation);
        var found = VmSupportLayout.IsBundle(source) ? [EvidenceLayout.OfBundle(source)] : EvidenceLayout.FindHosts(source).ToList();
        if (found.Count == 0) throw EvidenceErrors.Empty.For(path, path);
        foreach (var layout in found) yield return HostEvidenceLoader.Load(layout, cancellation);
    }

    private static bool IsWanted(string path) => EvidenceLayout.IsWanted(path) || VmSupportLayout.IsWanted(path);
}
