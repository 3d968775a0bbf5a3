using System.Globalization;
using PassthroughTools.Evidence;

namespace PassthroughTools.Ssh;

/// <summary>What limits the time that a command may take; `-TimeoutSec` is 30 s unless given.</summary>
public enum SshLimit
{
    /// <summary>It has to end within `-TimeoutSec`.</summary>
    Answer,

    /// <summary>Within `-TimeoutSec` something has to come in, and in all 64 KiB/s: a log may be large.</summary>
    File,
}

/// <summary>A command that is run on a host.</summary>
/// <param name="Command">Text, as the host's shell gets it. Words in capitals stand for what is filled in, always in single quotes or as a plain number or time.</param>
/// <param name="File">File of the evidence that its output becomes, or that it contributes to.</param>
/// <param name="Purpose">What it tells.</param>
/// <param name="Hosts">Which versions of ESXi it is asked of, or tells something on.</param>
/// <param name="Limit">Its time limit.</param>
public sealed record SshCommandInfo(string Command, string File, string Purpose, string Hosts = "all", SshLimit Limit = SshLimit.Answer);

/// <summary>
/// All that is ever run on a host. Each command only reads, and none makes a file, a temporary one included. They are those of the collector script.
/// What busybox on ESXi is known to have is in docs/esxi-shell.md: nothing here needs more, and what may be missing (awk, tail -c) has its place taken here.
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
    private const string ListLogsText = "cd {folder} && ls -t | while read -r f; do case $f in {name}.log|{name}.*|{name}-*) if [ -f \"$f\" ] && [ -r \"$f\" ]; then printf '%s %s %s\\n' \"$(wc -c < \"$f\" || echo '?')\" \"{stamp}\" \"$f\"; fi ;; esac; done";
    private const string StampPattern = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T";
    private const string FirstStamp = "$(case $f in *.gz) gzip -dc \"$f\" 2> /dev/null ;; *) cat \"$f\" ;; esac | sed -n '/^" + StampPattern + "/{s/^\\([0-9T:-]*\\).*/\\1/;p;q;}')";
    private const string SinceText = "awk -v s={time} 'p || (/^" + StampPattern + "/ && substr($0, 1, 19) \"\" >= s \"\") { p = 1; print }'";

    /// <summary>The commands, for help and documentation.</summary>
    public static IReadOnlyList<SshCommandInfo> All { get; } =
    [
        new(Clock, "host.json", "time of collection, by the host's clock, and that the shell prints nothing else"),
        new(Version, EvidenceLayout.VersionName, "version and build"),
        new(OldVersion, EvidenceLayout.VersionName, "the same, where the former fails"),
        new(VectorList, EvidenceLayout.VectorListName, "size of the vector pool", "5.x has it; others are asked, and a refusal is no news"),
        new(PciList, EvidenceLayout.PciListName, "the host's devices and who owns them"),
        new(PassthruList, EvidenceLayout.PassthruListName, "which devices are set aside", "7.0 and later have it; others are asked, and a refusal is no news"),
        new(KernelList, EvidenceLayout.KernelListName, "maxIntrCookies and the like"),
        new(ConfigSpace, EvidenceLayout.ConfigSpaceName, "MSI-X table sizes"),
        new(Cpu, "host.json", "logical CPUs"),
        new(CpuList, "host.json", "the same, where the former fails"),
        new(HostName, "host.json", "name"),
        new(ShortName, "host.json", "the same, where the former fails"),
        new(ListLogs("FOLDER", "vmkernel", hasStamps: false), "vmkernel*", "which logs there are in /var/run/log, or else in /var/log"),
        new(ListLogs("FOLDER", "vmkernel", hasStamps: true), "vmkernel*", "the same with the first time in each, for `-LogSince`"),
        new("cat FILE", "vmkernel*.log, vmkernel*.gz, vms/*/*", "a log or a .vmx as it is", Limit: SshLimit.File),
        new("tail -c BYTES FILE", "vmkernel*.log, vms/*/vmware*.log", "the end of a log, for `-MaxLogSize`; where that fails the log is read with cat and cut here", Limit: SshLimit.File),
        new(Filter("TIME") + " FILE", "vmkernel*.log, vms/*/vmware*.log", "the lines of a log from a time on, for `-LogSince`; where that fails, as above", Limit: SshLimit.File),
        new(Inventory, "vms/", "the registered VMs and where their .vmx are"),
        new(PowerStart + "NUMBER", "vms/*/vm.json", "power state of a VM that passes a device through"),
        new(ListLogs("FOLDER", "vmware", hasStamps: false), "vms/*/vmware*.log", "which logs such a VM has"),
        new(ListLogs("FOLDER", "vmware", hasStamps: true), "vms/*/vmware*.log", "the same with the first time in each, for `-LogSince`"),
    ];

    internal static string PowerState(int id) => PowerStart + id.ToString(CultureInfo.InvariantCulture);

    internal static string ListLogsIn(string folder, string name, bool hasStamps) => ListLogs(Quote(folder), name, hasStamps);

    /// <summary>Prints a file.</summary>
    internal static string Read(string file) => "cat " + Quote(file);

    /// <summary>Prints the last bytes of a file. No pipe: the exit code must be that of tail.</summary>
    internal static string ReadEnd(string file, long bytes) => "tail -c " + bytes.ToString(CultureInfo.InvariantCulture) + " " + Quote(file);

    /// <summary>Prints the lines of a log from a time on.</summary>
    internal static string ReadSince(string file, DateTimeOffset since) => Filter(LogCut.Stamp(since)) + " " + Quote(file);

    /// <summary>One word for the shell, whatever is in it.</summary>
    internal static string Quote(string text) => "'" + text.Replace("'", "'\\''") + "'";

    private static string ListLogs(string folder, string name, bool hasStamps) =>
        ListLogsText.Replace("{stamp}", hasStamps ? FirstStamp : "-").Replace("{name}", name).Replace("{folder}", folder);

    private static string Filter(string time) => SinceText.Replace("{time}", time);
}
