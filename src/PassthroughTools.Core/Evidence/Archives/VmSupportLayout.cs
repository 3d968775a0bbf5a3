using System.Text.RegularExpressions;

namespace PassthroughTools.Evidence.Archives;

/// <summary>What a file is to the analysis.</summary>
public enum EvidenceFileRole
{
    /// <summary>Listing of /hardware/interrupts/vectorList/. Not part of a stock bundle.</summary>
    VectorList,

    /// <summary><c>esxcli hardware pci list</c>.</summary>
    PciList,

    /// <summary><c>esxcli hardware pci pcipassthru list</c>.</summary>
    PassthruList,

    /// <summary><c>esxcli system settings kernel list</c>.</summary>
    KernelSettings,

    /// <summary>The same with -d: only settings that were changed. One that is missing has its default, which depends on the version.</summary>
    KernelSettingsDelta,

    /// <summary><c>esxcli system version get</c> or <c>vmware -vl</c>.</summary>
    Version,

    /// <summary><c>lspci -p</c>.</summary>
    LspciTable,

    /// <summary>Hex dump of configuration space (<c>lspci -e</c>).</summary>
    ConfigSpace,

    /// <summary>vmkernel.log or one of its predecessors, perhaps gzipped.</summary>
    VmkernelLog,

    /// <summary>A VM's configuration.</summary>
    VmConfiguration,

    /// <summary>vmware.log of a VM or one of its predecessors, perhaps gzipped.</summary>
    VmwareLog,

    /// <summary>/etc/vmware/esx.conf.</summary>
    EsxConf,
}

/// <summary>A file of a bundle and what it is.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Entry">The file.</param>
/// <param name="VmFolder">Datastore and folder of the VM (<c>datastore/folder</c>); null for files of the host.</param>
public sealed record BundleFile(EvidenceFileRole Role, EvidenceFileEntry Entry, string? VmFolder);

/// <summary>What a bundle holds.</summary>
/// <param name="HostName">Host by the name of the bundle's folder; null when it has none of the usual form.</param>
/// <param name="Files">Known files, ordered by role, VM and path.</param>
/// <param name="Warnings">What was left out and why.</param>
public sealed record VmSupportBundle(string? HostName, IReadOnlyList<BundleFile> Files, IReadOnlyList<string> Warnings);

/// <summary>
/// Where a <c>vm-support</c> bundle keeps what is of use here. Command output lies in <c>commands/</c> under the command line with
/// blanks as '-' (the first as '_') and without slashes; names that no public bundle shows are matched by that rule.
/// </summary>
public static class VmSupportLayout
{
    private const RegexOptions Options = RegexOptions.CultureInvariant;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Before any of these a path may have the one folder that everything lies in.
    private static readonly Regex Command = new(@"^(?:[^/]+/)?commands/(?<file>[^/]+)\.txt$", Options, Patience);

    private static readonly Regex VmkernelLog = new(
        @"^(?:[^/]+/)?(?<folder>var/run/log|var/log|scratch/log|vmfs/volumes/[^/]+/(?:\.locker/|vmkdump/)?log)/(?<file>vmkernel(?:\.[0-9]{1,4})?(?:\.log)?(?:\.[0-9]{1,4})?(?:\.gz)?)$",
        Options, Patience);

    private static readonly Regex VmFile = new(
        @"^(?:[^/]+/)?vmfs/volumes/(?<vm>[^/]+(?:/[^/]+)+)/(?:(?<vmx>[^/]+\.vmx)|vmware(?:-[0-9]{1,6})?\.log(?:\.gz)?)$", Options, Patience);

    private static readonly Regex EsxConf = new("^(?:[^/]+/)?etc/vmware/esx\\.conf$", Options, Patience);

    private static readonly Regex BundleFolder = new("^esx-(?<host>.+?)-[0-9]{4}-[0-9]{2}-[0-9]{2}--[0-9]{2}\\.[0-9]{2}", Options, Patience);

    private static readonly (Regex Name, EvidenceFileRole Role)[] Commands =
    [
        (new(@"^vsish_.*interrupts-?vectorList.*$", Options, Patience), EvidenceFileRole.VectorList),
        (new(@"^(?:local|esx)cli_(?:.*-)?hardware-pci-list$", Options, Patience), EvidenceFileRole.PciList),
        (new(@"^(?:local|esx)cli_(?:.*-)?hardware-pci-pcipassthru-list$", Options, Patience), EvidenceFileRole.PassthruList),
        (new(@"^(?:local|esx)cli_(?:.*-)?system-settings-kernel-list$", Options, Patience), EvidenceFileRole.KernelSettings),
        (new(@"^(?:local|esx)cli_(?:.*-)?system-settings-kernel-list-{2,3}d(?:elta)?$", Options, Patience), EvidenceFileRole.KernelSettingsDelta),
        (new(@"^(?:(?:local|esx)cli_(?:.*-)?system-version-get|vmware_-(?:v|vl|lv))$", Options, Patience), EvidenceFileRole.Version),
        (new(@"^(?:vmkvsitools_)?lspci[_-](?:-p|--pciinfo)$", Options, Patience), EvidenceFileRole.LspciTable),
        (new(@"^(?:vmkvsitools_)?lspci[_-](?:-e|--extdump)$", Options, Patience), EvidenceFileRole.ConfigSpace),
    ];

    /// <summary>True for a path that the analysis has a use for.</summary>
    /// <param name="path">Path with '/', with or without the folder that everything lies in.</param>
    public static bool IsWanted(string path) => TryClassify(path, out _, out _);

    /// <summary>Says what a path is.</summary>
    /// <param name="path">Path with '/', with or without the folder that everything lies in.</param>
    /// <param name="role">What it is.</param>
    /// <param name="vmFolder">Datastore and folder of a VM's file.</param>
    public static bool TryClassify(string path, out EvidenceFileRole role, out string? vmFolder)
    {
        role = default;
        vmFolder = null;
        if (path.Length > 2048) return false;
        if (Command.Match(path) is { Success: true } command)
        {
            var known = Array.Find(Commands, candidate => candidate.Name.IsMatch(command.Groups["file"].Value));
            role = known.Role;
            return known.Name is not null;
        }

        if (VmkernelLog.IsMatch(path))
        {
            role = EvidenceFileRole.VmkernelLog;
            return true;
        }

        if (EsxConf.IsMatch(path))
        {
            role = EvidenceFileRole.EsxConf;
            return true;
        }

        if (VmFile.Match(path) is not { Success: true } file) return false;
        role = file.Groups["vmx"].Success ? EvidenceFileRole.VmConfiguration : EvidenceFileRole.VmwareLog;
        vmFolder = file.Groups["vm"].Value;
        return true;
    }

    /// <summary>True when the files lie as in a bundle, and not as in an evidence folder.</summary>
    /// <param name="source">Folder or archive.</param>
    public static bool IsBundle(IEvidenceFileSource source) =>
        source.Entries.Any(entry => TryClassify(entry.Path, out var role, out _) && role is not (EvidenceFileRole.VmConfiguration or EvidenceFileRole.VmwareLog));

    /// <summary>Sorts out what a bundle holds. A log that lies in two places is taken once, so that no event counts twice.</summary>
    /// <param name="source">Folder or archive.</param>
    public static VmSupportBundle Map(IEvidenceFileSource source)
    {
        var files = new List<BundleFile>();
        var warnings = new List<string>(source.Warnings);
        foreach (var entry in source.Entries)
        {
            if (TryClassify(entry.Path, out var role, out var vmFolder)) files.Add(new BundleFile(role, entry, vmFolder));
        }

        foreach (var group in files.Where(file => file.Role == EvidenceFileRole.VmkernelLog).GroupBy(file => LogName(file.Entry.Path), StringComparer.Ordinal).ToList())
        {
            var copies = group.OrderBy(file => LogRank(file.Entry.Path)).ThenBy(file => file.Entry.Path, StringComparer.Ordinal).ToList();
            foreach (var copy in copies.Skip(1))
            {
                files.Remove(copy);
                warnings.Add($"'{copy.Entry.Path}' is left out: '{copies[0].Entry.Path}' is taken for the same log.");
            }
        }

        var host = source.RootName is { Length: <= 300 } root && BundleFolder.Match(root) is { Success: true } match ? match.Groups["host"].Value : null;
        return new VmSupportBundle(
            host,
            [.. files.OrderBy(file => file.Role).ThenBy(file => file.VmFolder, StringComparer.Ordinal).ThenBy(file => file.Entry.Path, StringComparer.Ordinal)],
            warnings);
    }

    private static string LogName(string path) => path.Substring(path.LastIndexOf('/') + 1);

    // /var/run/log is where the host writes; /var/log links there, and scratch is the same again.
    private static int LogRank(string path) => VmkernelLog.Match(path).Groups["folder"].Value switch
    {
        "var/run/log" => 0,
        "var/log" => 1,
        "scratch/log" => 2,
        _ => 3,
    };
}
