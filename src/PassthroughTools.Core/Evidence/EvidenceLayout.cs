namespace PassthroughTools.Evidence;

/// <summary>The files of one host, by what they are, whatever the folder's layout. Paths are full; a file that is not there is null.</summary>
internal sealed record EvidenceLayout
{
    public const string HostJsonName = "host.json";
    public const string VectorListName = "vsish-vectorList.txt";
    public const string PciListName = "esxcli-hardware-pci-list.txt";
    public const string PassthruListName = "esxcli-hardware-pci-pcipassthru-list.txt";
    public const string KernelListName = "esxcli-system-settings-kernel-list.txt";
    public const string VersionName = "esxcli-system-version-get.txt";
    public const string ConfigSpaceName = "lspci-config.txt";
    public const string VmkernelName = "vmkernel.log";

    private static readonly string[] HostFiles =
        [HostJsonName, VectorListName, PciListName, PassthruListName, KernelListName, VersionName, ConfigSpaceName];

    public required string Root { get; init; }

    public string? HostJson { get; init; }

    public string? VectorList { get; init; }

    public string? PciList { get; init; }

    public string? PassthruList { get; init; }

    public string? KernelList { get; init; }

    public string? Version { get; init; }

    public string? ConfigSpace { get; init; }

    /// <summary>vmkernel logs, oldest first.</summary>
    public IReadOnlyList<string> VmkernelLogs { get; init; } = [];

    /// <summary>Virtual machines; null when the evidence has no place for them.</summary>
    public IReadOnlyList<VMLayout>? VMs { get; init; }

    /// <summary>True when the folder is one host's evidence in the layout that this module writes.</summary>
    public static bool IsHostFolder(string folder) =>
        HostFiles.Any(name => File.Exists(Path.Combine(folder, name))) || Logs(folder, "vmkernel").Count > 0 || Directory.Exists(Path.Combine(folder, "vms"));

    /// <summary>Finds the files of a host's folder.</summary>
    public static EvidenceLayout OfFolder(string folder)
    {
        string? Find(string name) => File.Exists(Path.Combine(folder, name)) ? Path.Combine(folder, name) : null;
        var vms = Path.Combine(folder, "vms");
        return new EvidenceLayout
        {
            Root = folder,
            HostJson = Find(HostJsonName),
            VectorList = Find(VectorListName),
            PciList = Find(PciListName),
            PassthruList = Find(PassthruListName),
            KernelList = Find(KernelListName),
            Version = Find(VersionName),
            ConfigSpace = Find(ConfigSpaceName),
            VmkernelLogs = Logs(folder, "vmkernel"),
            VMs = Directory.Exists(vms)
                ? [.. Directory.EnumerateDirectories(vms).OrderBy(path => path, StringComparer.OrdinalIgnoreCase).Select(VMLayout.OfFolder)]
                : null,
        };
    }

    /// <summary>Logs of a name, oldest first: the higher the number of a rotation, the older it is; the one without comes last.</summary>
    public static IReadOnlyList<string> Logs(string folder, string name) =>
        [.. Directory.EnumerateFiles(folder, name + "*")
            .Where(path => IsLog(Path.GetFileName(path), name))
            .OrderByDescending(path => Rotation(Path.GetFileName(path), name))
            .ThenBy(path => path, StringComparer.Ordinal)];

    internal static bool IsLog(string file, string name)
    {
        // vmkernel.log, vmkernel.0.gz, vmkernel.1.log.gz, vmware-3.log
        if (!file.StartsWith(name, StringComparison.OrdinalIgnoreCase)) return false;
        var rest = file.Substring(name.Length);
        return (rest.Length == 0 || rest[0] is '.' or '-')
            && (rest.EndsWith(".log", StringComparison.OrdinalIgnoreCase) || rest.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || (rest.Length > 1 && rest.Substring(1).All(char.IsDigit)) || rest.Length == 0);
    }

    internal static long Rotation(string file, string name)
    {
        var digits = new string([.. file.Substring(name.Length).TrimStart('.', '-').TakeWhile(char.IsDigit).Take(9)]);

        // VMware numbers vmware-N.log upwards and vmkernel.N.gz downwards in age.
        if (digits.Length == 0) return -1;
        var number = long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        return file.StartsWith("vmware-", StringComparison.OrdinalIgnoreCase) ? 1_000_000_000 - number : number;
    }
}

/// <summary>The files of one virtual machine.</summary>
internal sealed record VMLayout
{
    public const string VMJsonName = "vm.json";
    public const string RegistryName = "guest-pci.reg";
    public const string LspciName = "guest-lspci.txt";
    public const string FabricName = "guest-fc-ports.txt";

    public required string Root { get; init; }

    public required string Name { get; init; }

    public IReadOnlyList<string> VmxFiles { get; init; } = [];

    public string? VMJson { get; init; }

    public string? Registry { get; init; }

    public string? Lspci { get; init; }

    public string? Fabric { get; init; }

    public IReadOnlyList<string> Logs { get; init; } = [];

    public static VMLayout OfFolder(string folder)
    {
        string? Find(string name) => File.Exists(Path.Combine(folder, name)) ? Path.Combine(folder, name) : null;
        return new VMLayout
        {
            Root = folder,
            Name = Path.GetFileName(folder),
            VmxFiles = [.. Directory.EnumerateFiles(folder, "*.vmx").Where(path => path.EndsWith(".vmx", StringComparison.OrdinalIgnoreCase)).OrderBy(path => path, StringComparer.OrdinalIgnoreCase)],
            VMJson = Find(VMJsonName),
            Registry = Find(RegistryName),
            Lspci = Find(LspciName),
            Fabric = Find(FabricName),
            Logs = EvidenceLayout.Logs(folder, "vmware"),
        };
    }
}
