using System.Text;
using System.Text.Json;
using PassthroughTools.Evidence.Archives;

namespace PassthroughTools.Evidence.Export;

/// <summary>A file to write: its name in the layout that this module reads, and where its bytes come from.</summary>
/// <param name="Folder">Folder below the host's, such as vms/db01; empty for the host's own files.</param>
/// <param name="FileName">File name.</param>
/// <param name="Path">File on this machine; null where <paramref name="Content"/> is given.</param>
/// <param name="Content">Content of a file that the export makes.</param>
/// <param name="Status">What reading it gave.</param>
internal sealed record ExportItem(string Folder, string FileName, string? Path, byte[]? Content, EvidenceFileStatus? Status)
{
    public string Name => Folder.Length == 0 ? FileName : Folder + "/" + FileName;
}

/// <summary>The files that a host's evidence was read from, opened again. Files that the analysis has no use for are not among them.</summary>
internal sealed class ExportSource : IDisposable
{
    private readonly IEvidenceFileSource _files;
    private readonly EvidenceLayout _layout;

    private ExportSource(HostEvidence host, IEvidenceFileSource files, EvidenceLayout layout)
    {
        Host = host;
        _files = files;
        _layout = layout;
        Items = [.. Collect(layout)];
    }

    public HostEvidence Host { get; }

    /// <summary>Folder or archive.</summary>
    public string Location => _files.Location;

    public IReadOnlyList<ExportItem> Items { get; }

    /// <exception cref="PassthruException"><see cref="ExportErrors.NoFiles"/>, or what opening gives.</exception>
    public static ExportSource Open(HostEvidence host, CancellationToken cancellation)
    {
        var place = host.Source?.Replace('\\', '/').TrimEnd('/') ?? "";
        var root = place;

        // Out of an archive, the source goes on with the host's folder in it. A folder that is gone must not be looked for in the ones above it.
        while (root.Length > 0 && !File.Exists(root) && !Directory.Exists(root)) root = root.Substring(0, Math.Max(0, root.LastIndexOf('/')));
        if (root.Length == 0 || (root.Length < place.Length && !File.Exists(root))) throw ExportErrors.NoFiles.For(host, host.HostName, host.Source);
        var files = EvidenceFiles.Open(root, path => EvidenceLayout.IsWanted(path) || VmSupportLayout.IsWanted(path), cancellationToken: cancellation);
        try
        {
            var layouts = VmSupportLayout.IsBundle(files) ? [EvidenceLayout.OfBundle(files)] : EvidenceLayout.FindHosts(files).ToList();
            var layout = layouts.Find(each => string.Equals(each.Source.Replace('\\', '/').TrimEnd('/'), place, StringComparison.Ordinal))
                ?? throw ExportErrors.NoFiles.For(host, host.HostName, host.Source);
            return new ExportSource(host, files, layout);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Reads the host again, from the files as they are now.</summary>
    public HostEvidence Reload(CancellationToken cancellation) => HostEvidenceLoader.Load(_layout, cancellation);

    public void Dispose() => _files.Dispose();

    private IEnumerable<ExportItem> Collect(EvidenceLayout layout)
    {
        var status = new Dictionary<string, EvidenceFileStatus>(StringComparer.Ordinal);
        foreach (var file in Host.Files) status[file.Name] = file.Status;
        ExportItem Item(string folder, string name, LocatedFile file) => new(folder, name, file.Path, null, status.TryGetValue(file.Name, out var known) ? known : EvidenceFileStatus.Read);

        foreach (var (name, file) in new[]
        {
            (EvidenceLayout.VectorListName, layout.VectorList), (EvidenceLayout.PciListName, layout.PciList), (EvidenceLayout.PassthruListName, layout.PassthruList),
            (EvidenceLayout.KernelListName, layout.KernelList), (EvidenceLayout.VersionName, layout.Version), (EvidenceLayout.ConfigSpaceName, layout.ConfigSpace),
        })
        {
            if (file is not null) yield return Item("", name, file);
        }

        // The name may come from the folder or the archive, which the export does not keep.
        yield return layout.HostJson is { } json ? Item("", EvidenceLayout.HostJsonName, json) : new ExportItem("", EvidenceLayout.HostJsonName, null, NameOnly(Host.HostName), null);

        // A collection's own report names paths and VMs in its own words; that the host's list was read is all that the analysis asks of it.
        if (layout.IsInventory) yield return new ExportItem("", EvidenceLayout.CollectorLogName, null, Encoding.UTF8.GetBytes("The host's own list of its VMs was read.\n"), null);
        foreach (var log in layout.VmkernelLogs) yield return Item("", EvidenceLayout.FileName(log.Name), log);
        var folders = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var vm in layout.VMs ?? [])
        {
            var name = vm.Name;
            for (var n = 2; !folders.Add(name); n++) name = FormattableString.Invariant($"{vm.Name}~{n}");
            var folder = EvidenceLayout.VMFolder + "/" + name;
            var files = vm.VmxFiles.Concat(new[] { vm.VMJson, vm.Registry, vm.Lspci, vm.Fabric }.OfType<LocatedFile>()).Concat(vm.Logs).ToList();
            foreach (var file in files) yield return Item(folder, EvidenceLayout.FileName(file.Name), file);

            // An archive has no empty folders, and a VM without files is a VM all the same.
            if (files.Count == 0) yield return new ExportItem(folder, VMLayout.VMJsonName, null, NameOnly(vm.Name), null);
        }
    }

    private static byte[] NameOnly(string name)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schemaVersion", EvidenceJson.SchemaVersion);
            writer.WriteString("name", name);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
