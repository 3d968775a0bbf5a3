using System.Globalization;
using PassthroughTools.Evidence.Archives;
using PassthroughTools.Text;

namespace PassthroughTools.Evidence;

/// <summary>A file of the evidence: its name below the host's folder, and where it can be read.</summary>
/// <param name="Name">Relative name with forward slashes, as the user knows it.</param>
/// <param name="Path">File on this machine: the file itself, or what an archive was unpacked to.</param>
internal sealed record LocatedFile(string Name, string Path);

/// <summary>The files of one host, by what they are, whatever the layout that they came in. A file that is not there is null.</summary>
internal sealed record EvidenceLayout
{
    public const string HostJsonName = "host.json";
    public const string VectorListName = "vsish-vectorList.txt";
    public const string PciListName = "esxcli-hardware-pci-list.txt";
    public const string PassthruListName = "esxcli-hardware-pci-pcipassthru-list.txt";
    public const string KernelListName = "esxcli-system-settings-kernel-list.txt";
    public const string VersionName = "esxcli-system-version-get.txt";
    public const string ConfigSpaceName = "lspci-config.txt";
    public const string VmkernelName = "vmkernel";
    public const string VMFolder = "vms";

    /// <summary>How the name of a folder begins that is still being filled, or was left when the process was killed: what it holds is no host's evidence.</summary>
    public const string UnfinishedPrefix = ".passthru-ssh-";

    /// <summary>What a collection says of itself.</summary>
    public const string CollectorLogName = "collector.log";

    /// <summary>What it says before a line of the host's list of VMs that could not be read, and that may have named one.</summary>
    public const string PassedOver = "inventory, passed over: ";

    private static readonly string[] HostFiles =
        [HostJsonName, VectorListName, PciListName, PassthruListName, KernelListName, VersionName, ConfigSpaceName];

    /// <summary>Folder or archive as the user named it, with the host's own folder in it.</summary>
    public required string Source { get; init; }

    /// <summary>Host name where no file tells it.</summary>
    public required string FallbackName { get; init; }

    /// <summary>True when the files lie in a folder, so that they can be changed in place.</summary>
    public bool IsFolder { get; init; }

    public LocatedFile? HostJson { get; init; }

    public LocatedFile? VectorList { get; init; }

    public LocatedFile? PciList { get; init; }

    public LocatedFile? PassthruList { get; init; }

    public LocatedFile? KernelList { get; init; }

    public LocatedFile? Version { get; init; }

    public LocatedFile? ConfigSpace { get; init; }

    /// <summary>vmkernel logs, oldest first.</summary>
    public IReadOnlyList<LocatedFile> VmkernelLogs { get; init; } = [];

    /// <summary>Virtual machines; null when the evidence has no place for them.</summary>
    public IReadOnlyList<VMLayout>? VMs { get; init; }

    /// <summary>
    /// True where the host's own list of its VMs was read: a collection over SSH, or by the collector, takes every VM of it that may have a passthrough
    /// device, and has no place for VMs where it got no list.
    /// </summary>
    public bool IsInventory { get; init; }

    /// <summary>What the reader had to leave out.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>True for a path that belongs to a host's evidence in the layout that this module writes.</summary>
    public static bool IsWanted(string path) => TrySplit(path, out _, out _, out _) || string.Equals(FileName(path), CollectorLogName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Sorts files out by the host's folder that they lie in.</summary>
    /// <param name="source">Folder or archive.</param>
    public static IEnumerable<EvidenceLayout> FindHosts(IEvidenceFileSource source)
    {
        var hosts = new SortedDictionary<string, List<(string? VM, LocatedFile File)>>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in source.Entries)
        {
            if (entry.LocalPath is null || !TrySplit(entry.Path, out var host, out var vm, out var name)) continue;
            if (!hosts.TryGetValue(host, out var files)) hosts[host] = files = [];
            files.Add((vm, new LocatedFile(vm is null ? name : VMFolder + "/" + vm + "/" + name, entry.LocalPath)));
        }

        return hosts.Select(pair => OfHost(source, pair.Key, pair.Value));
    }

    /// <summary>Sorts out the files of a support bundle.</summary>
    /// <param name="source">Folder or archive.</param>
    public static EvidenceLayout OfBundle(IEvidenceFileSource source)
    {
        var bundle = VmSupportLayout.Map(source);
        LocatedFile? Find(EvidenceFileRole role) => All(role).FirstOrDefault();
        IEnumerable<LocatedFile> All(EvidenceFileRole role) =>
            bundle.Files.Where(file => file.Role == role && file.Entry.LocalPath is not null).Select(file => new LocatedFile(file.Entry.Path, file.Entry.LocalPath!));
        var vms = bundle.Files.Where(file => file.VmFolder is not null).GroupBy(file => file.VmFolder!, StringComparer.Ordinal);
        return new EvidenceLayout
        {
            Source = source.Location,
            FallbackName = bundle.HostName ?? source.RootName ?? Path.GetFileNameWithoutExtension(source.Location),
            IsFolder = Directory.Exists(source.Location),
            VectorList = Find(EvidenceFileRole.VectorList),
            PciList = Find(EvidenceFileRole.PciList),
            PassthruList = Find(EvidenceFileRole.PassthruList),

            // The short list has only what was changed: a setting that is missing has its version's default, as if no list were given.
            KernelList = Find(EvidenceFileRole.KernelSettings) ?? Find(EvidenceFileRole.KernelSettingsDelta),
            Version = Find(EvidenceFileRole.Version),
            ConfigSpace = Find(EvidenceFileRole.ConfigSpace),
            VmkernelLogs = OldestFirst(All(EvidenceFileRole.VmkernelLog), VmkernelName),
            // A bundle without any VM's files does not say that there is none.
            VMs = !vms.Any() ? null : [.. vms.Select(vm => VMLayout.Of(vm.Key.Substring(vm.Key.LastIndexOf('/') + 1), "vmfs/volumes/" + vm.Key,
                [.. vm.Where(file => file.Entry.LocalPath is not null).Select(file => new LocatedFile(file.Entry.Path, file.Entry.LocalPath!))]))],
            Warnings = bundle.Warnings,
        };
    }

    /// <summary>Logs of a name, oldest first: the higher the number of a rotation, the older it is; the one without comes last.</summary>
    internal static IReadOnlyList<LocatedFile> OldestFirst(IEnumerable<LocatedFile> files, string name) =>
        [.. files.OrderByDescending(file => Rotation(FileName(file.Name), name)).ThenBy(file => file.Name, StringComparer.Ordinal)];

    /// <summary>True for a file that was rotated away: the log in use is another one.</summary>
    internal static bool IsRotation(LocatedFile file, string name) => Rotation(FileName(file.Name), name) >= 0;

    /// <summary>
    /// Whether nothing was rotated away between two files of a log. ESXi counts its rotations from 0 (<c>vmkernel.0.gz</c>), others from 1
    /// (<c>vmkernel.log.1</c>).
    /// </summary>
    /// <param name="older">A file.</param>
    /// <param name="newer">The one after it by <see cref="OldestFirst"/>.</param>
    /// <param name="name">Name of the log.</param>
    internal static bool IsNext(LocatedFile older, LocatedFile newer, string name)
    {
        var (from, to) = (Rotation(FileName(older.Name), name), Rotation(FileName(newer.Name), name));
        var isFromOne = FileName(older.Name).StartsWith(name + ".log.", StringComparison.OrdinalIgnoreCase);
        return from - to is 0 or 1 || (to < 0 && from == 1 && isFromOne);
    }

    internal static string FileName(string path) => path.Substring(path.LastIndexOf('/') + 1);

    /// <summary>vmkernel.log, vmkernel.0.gz, vmkernel.1.log.gz, vmware-3.log</summary>
    internal static bool IsLog(string file, string name)
    {
        if (!file.StartsWith(name, StringComparison.OrdinalIgnoreCase)) return false;
        var rest = file.Substring(name.Length);
        return rest.Length == 0
            || (rest[0] is '.' or '-' && (rest.EndsWith(".log", StringComparison.OrdinalIgnoreCase) || rest.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || rest.Skip(1).All(char.IsDigit)));
    }

    private static long Rotation(string file, string name)
    {
        var rest = file.Substring(name.Length);
        if (rest.StartsWith(".log.", StringComparison.OrdinalIgnoreCase)) rest = rest.Substring(".log".Length);
        var digits = new string([.. rest.TrimStart('.', '-').TakeWhile(char.IsDigit).Take(9)]);
        if (digits.Length == 0) return -1;
        var number = long.Parse(digits, CultureInfo.InvariantCulture);

        // The vmkernel's rotations count upwards in age, those of a VM (vmware-N.log) downwards.
        return name == VMLayout.LogName ? 1_000_000_000 - number : number;
    }

    private static bool TrySplit(string path, out string host, out string? vm, out string name)
    {
        var parts = path.Split('/');
        name = parts[parts.Length - 1];
        vm = null;
        host = "";
        if (parts.Any(part => part.StartsWith(UnfinishedPrefix, StringComparison.Ordinal))) return false;
        if (parts.Length >= 3 && string.Equals(parts[parts.Length - 3], VMFolder, StringComparison.OrdinalIgnoreCase))
        {
            vm = parts[parts.Length - 2];
            host = string.Join("/", parts.Take(parts.Length - 3));
            return VMLayout.IsWanted(name);
        }

        host = string.Join("/", parts.Take(parts.Length - 1));
        return HostFiles.Contains(name, StringComparer.OrdinalIgnoreCase) || IsLog(name, VmkernelName);
    }

    private static EvidenceLayout OfHost(IEvidenceFileSource source, string folder, List<(string? VM, LocatedFile File)> files)
    {
        LocatedFile? Find(string name) => files.Find(each => each.VM is null && string.Equals(each.File.Name, name, StringComparison.OrdinalIgnoreCase)).File;
        var place = folder.Length == 0 ? source.Location : source.Location.TrimEnd('/', '\\') + "/" + folder;
        var isFolder = Directory.Exists(source.Location);
        var vms = files.Where(each => each.VM is not null).GroupBy(each => each.VM!, StringComparer.OrdinalIgnoreCase).OrderBy(vm => vm.Key, StringComparer.OrdinalIgnoreCase).ToList();
        var names = isFolder ? VMNames(Path.Combine(place, VMFolder)) : vms.Count > 0 ? vms.ConvertAll(vm => vm.Key) : null;
        return new EvidenceLayout
        {
            Source = place,
            FallbackName = folder.Length > 0 ? FileName(folder) : source.RootName ?? Path.GetFileNameWithoutExtension(source.Location.TrimEnd('/', '\\')),
            IsFolder = isFolder,
            HostJson = Find(HostJsonName),
            VectorList = Find(VectorListName),
            PciList = Find(PciListName),
            PassthruList = Find(PassthruListName),
            KernelList = Find(KernelListName),
            Version = Find(VersionName),
            ConfigSpace = Find(ConfigSpaceName),
            VmkernelLogs = OldestFirst(files.Where(each => each.VM is null && IsLog(each.File.Name, VmkernelName)).Select(each => each.File), VmkernelName),
            VMs = names?.ConvertAll(vm => VMLayout.Of(vm, VMFolder + "/" + vm,
                [.. vms.Find(each => string.Equals(each.Key, vm, StringComparison.OrdinalIgnoreCase))?.Select(each => each.File) ?? []])),
            IsInventory = names is not null && HasInventory(source, (folder.Length == 0 ? "" : folder + "/") + CollectorLogName),
            Warnings = source.Warnings,
        };
    }

    /// <summary>A collection whose list had lines that made no sense may have missed a VM.</summary>
    private static bool HasInventory(IEvidenceFileSource source, string log)
    {
        if (source.Entries.FirstOrDefault(entry => string.Equals(entry.Path, log, StringComparison.OrdinalIgnoreCase)) is not { LocalPath: { } path }) return false;
        try
        {
            return !TextFile.ReadAllLines(path).Any(line => line.StartsWith(PassedOver, StringComparison.Ordinal));
        }
        catch (PassthruException)
        {
            return false;
        }
    }

    /// <summary>A VM whose folder holds nothing that can be read is a VM all the same: it must not be overlooked.</summary>
    private static List<string>? VMNames(string folder) => !Directory.Exists(folder) ? null
        : [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).OrderBy(name => name, StringComparer.OrdinalIgnoreCase)];
}

/// <summary>The files of one virtual machine.</summary>
internal sealed record VMLayout
{
    public const string VMJsonName = "vm.json";
    public const string RegistryName = "guest-pci.reg";
    public const string LspciName = "guest-lspci.txt";
    public const string FabricName = "guest-fc-ports.txt";
    public const string LogName = "vmware";
    private const string VmxEnding = ".vmx";

    /// <summary>Name of the VM's folder.</summary>
    public required string Name { get; init; }

    /// <summary>The folder below the host's.</summary>
    public required string Folder { get; init; }

    public IReadOnlyList<LocatedFile> VmxFiles { get; init; } = [];

    public LocatedFile? VMJson { get; init; }

    public LocatedFile? Registry { get; init; }

    public LocatedFile? Lspci { get; init; }

    public LocatedFile? Fabric { get; init; }

    public IReadOnlyList<LocatedFile> Logs { get; init; } = [];

    public static bool IsWanted(string file) =>
        file.EndsWith(VmxEnding, StringComparison.OrdinalIgnoreCase)
        || new[] { VMJsonName, RegistryName, LspciName, FabricName }.Contains(file, StringComparer.OrdinalIgnoreCase)
        || EvidenceLayout.IsLog(file, LogName);

    public static VMLayout Of(string name, string folder, IReadOnlyList<LocatedFile> files)
    {
        LocatedFile? Find(string file) => files.FirstOrDefault(each => string.Equals(EvidenceLayout.FileName(each.Name), file, StringComparison.OrdinalIgnoreCase));
        return new VMLayout
        {
            Name = name,
            Folder = folder,
            VmxFiles = [.. files.Where(each => each.Name.EndsWith(VmxEnding, StringComparison.OrdinalIgnoreCase)).OrderBy(each => each.Name, StringComparer.OrdinalIgnoreCase)],
            VMJson = Find(VMJsonName),
            Registry = Find(RegistryName),
            Lspci = Find(LspciName),
            Fabric = Find(FabricName),
            Logs = EvidenceLayout.OldestFirst(files.Where(each => EvidenceLayout.IsLog(EvidenceLayout.FileName(each.Name), LogName)), LogName),
        };
    }
}
