using System.Globalization;

namespace PassthroughTools.Ssh;

/// <summary>A command that is run on a host.</summary>
/// <param name="Command">Text, as the host's shell gets it. Words in capitals stand for what is filled in, always in single quotes or as a plain number or time.</param>
/// <param name="File">File of the evidence that its output becomes, or that it contributes to.</param>
/// <param name="Purpose">What it tells.</param>
public sealed record SshCommandInfo(string Command, string File, string Purpose);

/// <summary>
/// All that is ever run on a host. Each command only reads, and none makes a file, a temporary one included. They are those of the collector script.
/// </summary>
public static class SshCommands
{
    internal const string VectorList = "vsish -e ls /hardware/interrupts/vectorList/";
    internal const string PciList = "esxcli hardware pci list";
    internal const string PassthruList = "esxcli hardware pci pcipassthru list";
    internal const string KernelList = "esxcli system settings kernel list";
    internal const string Version = "esxcli system version get";
    internal const string OldVersion = "vmware -vl";
    internal const string ConfigSpace = "lspci -e";
    internal const string Cpu = "esxcli hardware cpu global get";
    internal const string CpuList = "vsish -e ls /hardware/cpu/cpuList/";
    internal const string HostName = "esxcli system hostname get";
    internal const string ShortName = "hostname";
    internal const string Clock = "date -u +%Y-%m-%dT%H:%M:%SZ";
    internal const string Inventory = "vim-cmd vmsvc/getallvms";

    private const string PowerStart = "vim-cmd vmsvc/power.getstate ";

    // Size, first stamp ('-' where it is not asked for) and name of each log, newest first. The names come from the host's own listing.
    private const string ListLogsText = "cd {folder} && ls -t | while read -r f; do case $f in {name}.log|{name}.*|{name}-*) if [ -f \"$f\" ] && [ -r \"$f\" ]; then printf '%s %s %s\\n' \"$(wc -c < \"$f\")\" \"{stamp}\" \"$f\"; fi ;; esac; done";
    private const string FirstStamp = "$(case $f in *.gz) gzip -dc \"$f\" 2> /dev/null ;; *) cat \"$f\" ;; esac | sed -n '/^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T/{p;q;}' | head -c 19 | tr -cd 0-9T:-)";
    private const string SinceText = "awk -v s={time} 'p || (/^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T/ && substr($0, 1, 19) \"\" >= s \"\") { p = 1; print }'";

    /// <summary>The commands, for help and documentation.</summary>
    public static IReadOnlyList<SshCommandInfo> All { get; } =
    [
        new(VectorList, "vsish-vectorList.txt", "size of the 5.x vector pool"),
        new(PciList, "esxcli-hardware-pci-list.txt", "the host's devices and who owns them"),
        new(PassthruList, "esxcli-hardware-pci-pcipassthru-list.txt", "which devices are set aside (7.0 and later)"),
        new(KernelList, "esxcli-system-settings-kernel-list.txt", "maxIntrCookies and the like"),
        new(Version, "esxcli-system-version-get.txt", "version and build"),
        new(OldVersion, "esxcli-system-version-get.txt", "the same, where the former fails"),
        new(ConfigSpace, "lspci-config.txt", "MSI-X table sizes"),
        new(Cpu, "host.json", "logical CPUs"),
        new(CpuList, "host.json", "the same, where the former fails"),
        new(HostName, "host.json", "name"),
        new(ShortName, "host.json", "the same, where the former fails"),
        new(Clock, "host.json", "time of collection, by the host's clock"),
        new(ListLogs("FOLDER", "vmkernel", hasStamps: false), "vmkernel*", "which logs there are in /var/run/log, or else in /var/log"),
        new(ListLogs("FOLDER", "vmkernel", hasStamps: true), "vmkernel*", "the same with the first time in each, for -LogSince"),
        new("cat FILE", "vmkernel*.log, vmkernel*.gz, vms/*/*", "a log or a .vmx as it is"),
        new("tail -c BYTES FILE | sed 1d", "vmkernel*.log, vms/*/vmware*.log", "the end of a log, for -MaxLogSize"),
        new(Filter("TIME") + " FILE", "vmkernel*.log, vms/*/vmware*.log", "the lines of a log from a time on, for -LogSince"),
        new("tail -c BYTES FILE | sed 1d | " + Filter("TIME"), "vmkernel*.log, vms/*/vmware*.log", "both"),
        new(Inventory, "vms/", "the registered VMs and where their .vmx are"),
        new(PowerStart + "NUMBER", "vms/*/vm.json", "power state of a VM that passes a device through"),
        new(ListLogs("FOLDER", "vmware", hasStamps: false), "vms/*/vmware*.log", "which logs such a VM has"),
        new(ListLogs("FOLDER", "vmware", hasStamps: true), "vms/*/vmware*.log", "the same with the first time in each, for -LogSince"),
    ];

    internal static string PowerState(int id) => PowerStart + id.ToString(CultureInfo.InvariantCulture);

    internal static string ListLogsIn(string folder, string name, bool hasStamps) => ListLogs(Quote(folder), name, hasStamps);

    /// <summary>Prints a file: all of it, or its last bytes without the line that the cut goes through, or its lines from a time on.</summary>
    internal static string Read(string file, long? lastBytes, DateTimeOffset? since)
    {
        var filter = since is { } time ? Filter(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)) : null;
        if (lastBytes is { } bytes)
            return "tail -c " + bytes.ToString(CultureInfo.InvariantCulture) + " " + Quote(file) + " | sed 1d" + (filter is null ? "" : " | " + filter);
        return (filter ?? "cat") + " " + Quote(file);
    }

    /// <summary>One word for the shell, whatever is in it.</summary>
    internal static string Quote(string text) => "'" + text.Replace("'", "'\\''") + "'";

    private static string ListLogs(string folder, string name, bool hasStamps) =>
        ListLogsText.Replace("{stamp}", hasStamps ? FirstStamp : "-").Replace("{name}", name).Replace("{folder}", folder);

    private static string Filter(string time) => SinceText.Replace("{time}", time);
}
