using PassthroughTools.Evidence;
using PassthroughTools.IO;

namespace PassthroughTools.Ssh;

/// <summary>A host's evidence, collected over SSH.</summary>
public static class SshEvidence
{
    /// <summary>
    /// Collects and reads the evidence of one host. Without <see cref="SshOptions.Destination"/> the raw files lie in a private temporary folder
    /// for as long as the record, or a copy of it, is in use, so that it can be exported.
    /// </summary>
    /// <param name="host">Name or address, with a port if need be.</param>
    /// <param name="options">How to connect, whom to trust, how much to take.</param>
    /// <param name="report">Gets what is being done, from this thread or another; null for nothing.</param>
    /// <param name="cancellation">Closes the connection at once.</param>
    /// <returns>The evidence. The paths of the .vmx are those on the host, so that nobody takes the copies for what can be changed.</returns>
    /// <exception cref="PassthruException"><see cref="SshErrors"/>, <see cref="FileErrors"/>, <see cref="InputErrors"/>.</exception>
    public static HostEvidence Collect(string host, SshOptions options, Action<string>? report = null, CancellationToken cancellation = default)
    {
        var address = SshAddress.Parse(host, options.Port);
        report ??= static _ => { };
        var target = options.Destination is null ? null : Path.Combine(options.Destination, FolderName(address));
        if (target is not null && (Directory.Exists(target) || File.Exists(target))) throw SshErrors.FolderExists.For(address, address, target);
        var folder = new EvidenceFolder(options.Destination);
        try
        {
            var collection = SshCollector.Collect(address, options, folder.Path, report, cancellation);
            report("reading");
            if (target is not null) folder.Keep(target);
            var evidence = EvidenceReader.Read(folder.Path, cancellation).Single();
            return evidence with
            {
                Keeper = target is null ? folder : null,
                Warnings = [.. evidence.Warnings, .. collection.Notes],
                VMs = evidence.VMs is null ? null : [.. evidence.VMs.Select(vm => vm with { VmxPath = PlaceOf(vm, address, collection) })],
            };
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static string? PlaceOf(VMEvidence vm, SshAddress address, SshCollection collection)
    {
        var folder = vm.Source?.Substring(vm.Source.LastIndexOf('/') + 1) ?? "";
        return vm.VmxPath is not null && collection.VmxPaths.TryGetValue(folder, out var path) ? "ssh://" + address + path : null;
    }

    private static string FolderName(SshAddress address) => address.ToString().Replace("[", "").Replace("]", "").Replace(':', '_').Replace('%', '_');
}
