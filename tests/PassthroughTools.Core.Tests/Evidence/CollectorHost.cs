using System.Diagnostics;
using System.Formats.Tar;
using PassthroughTools.Evidence;
using PassthroughTools.Evidence.Collector;

namespace PassthroughTools.Tests.Evidence;

/// <summary>A machine on which the collector finds what a sample holds: busybox for a shell and its tools, and stand-ins for ESXi's commands.</summary>
internal sealed class CollectorHost : IDisposable
{
    private static readonly string? Busybox = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/bin", "/usr/bin"])
        .Select(folder => Path.Combine(folder, "busybox")).FirstOrDefault(File.Exists);

    /// <summary>No more than ESXi is known to have (docs/esxi-shell.md): no tr, which 6.5 lacks.</summary>
    private static readonly string[] Applets =
        ["mkdir", "rmdir", "rm", "cat", "tail", "sed", "grep", "date", "ls", "wc", "ln", "mv", "tar", "gzip", "sh"];

    private readonly string _folder = Directory.CreateTempSubdirectory("passthru-collector-").FullName;
    private readonly List<string> _inventory = ["Vmid   Name   File   Guest OS   Version   Annotation"];

    public CollectorHost(string sample)
    {
        Require();
        Sample = Evidence.Sample.Copy(sample);
        foreach (var file in Directory.EnumerateFiles(Sample.Path, "guest-*", SearchOption.AllDirectories)) File.Delete(file);
        foreach (var folder in new[] { "bin", "tmp", "data", "work", "root/var/run/log", "root/vmfs/volumes" }) Directory.CreateDirectory(this[folder]);
        foreach (var applet in Applets) File.CreateSymbolicLink(this["bin/" + applet], Busybox!);
        foreach (var log in Directory.EnumerateFiles(Sample.Path, "vmkernel*")) File.Copy(log, this["root/var/run/log/" + Path.GetFileName(log)]);
        var host = EvidenceJson.ReadHost(Sample.Place("host.json"));
        Command("esxcli", $"""
            case "$*" in
                'hardware cpu global get') printf '   CPU Packages: 2\n   CPU Threads: {host.LogicalCpus}\n' ;;
                'system hostname get') printf '   Domain Name: x\n   Fully Qualified Domain Name: {host.Name}\n' ;;
                *) cat "{Sample.Path}/esxcli-$(printf '%s\n' "$*" | sed 's/ /-/g').txt" ;;
            esac
            """);
        Command("vsish", $"""[ "$*" = '-e ls /hardware/interrupts/vectorList/' ] && cat "{Sample.Path}/vsish-vectorList.txt" """);
        Command("lspci", $"""[ "$*" = -e ] && cat "{Sample.Path}/lspci-config.txt" """);
        Command("vim-cmd", $"""
            case $1 in
                vmsvc/getallvms) cat "{this["data/inventory"]}" ;;
                vmsvc/power.getstate) echo 'Retrieved runtime info'; cat "{this["data"]}/power-$2" ;;
                *) exit 1 ;;
            esac
            """);
        var id = 1;
        foreach (var vm in Directory.EnumerateDirectories(Sample.Place("vms")).Order(StringComparer.Ordinal)) AddVM(id++, vm);
    }

    public Sample Sample { get; }

    public string Temporary => this["tmp"];

    public string WorkingFolder => this["work"];

    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Fails in CI and skips elsewhere when there is no busybox.</summary>
    public static void Require()
    {
        if (Busybox is not null) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("busybox is missing; install the package busybox.");
        Assert.Skip("Needs busybox: apt-get install busybox");
    }

    public void Command(string name, string script)
    {
        // A link leads to busybox itself.
        File.Delete(this["bin/" + name]);
        File.WriteAllText(this["bin/" + name], "#!" + this["bin/sh"] + "\n" + script + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(this["bin/" + name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Lists a VM in the inventory; its files are those of the sample's.</summary>
    public void AddVM(int id, string source, string? name = null)
    {
        name ??= Path.GetFileName(source);
        var store = Directory.CreateDirectory(this["root/vmfs/volumes/datastore1/" + name]).FullName;
        foreach (var file in Directory.EnumerateFiles(source))
        {
            if (Path.GetFileName(file) == "vm.json") continue;
            File.Copy(file, Path.Combine(store, Path.GetExtension(file) == ".vmx" ? name + ".vmx" : Path.GetFileName(file)));
        }

        var json = EvidenceJson.ReadVM(Path.Combine(source, "vm.json"));
        File.WriteAllText(this[$"data/power-{id}"], json.PowerState == VMPowerState.PoweredOff ? "Powered off\n" : "Powered on\n");
        List($"{id}      {name}      [datastore1] {name}/{name}.vmx      {json.GuestId}    vmx-08              ");
    }

    /// <summary>Adds a line to the inventory.</summary>
    public void List(string line)
    {
        _inventory.Add(line);
        File.WriteAllText(this["data/inventory"], string.Join("\n", _inventory) + "\n");
    }

    /// <summary>Runs the collector, and gives its exit code, what it printed and what it complained about.</summary>
    public (int Code, byte[] Output, string Errors) Run(params string[] arguments)
    {
        File.WriteAllText(this["collect.sh"], CollectorScript.Text);
        // A signal that our own caller ignores (nohup does) would be ignored by the shell too, and can't be trapped there.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=HUP,INT,TERM", Busybox!, "sh", this["collect.sh"], .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = WorkingFolder,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = this["bin"];
        start.Environment["TMPDIR"] = Temporary;
        start.Environment["PASSTHRU_ROOT"] = this["root"];
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return (process.ExitCode, output.ToArray(), errors.GetAwaiter().GetResult());
    }

    /// <summary>Runs the collector and reads its tar.</summary>
    public HostEvidence Collect(params string[] arguments)
    {
        var (code, output, errors) = Run(arguments);
        Assert.True(code == 0, $"{code}: {errors}");
        File.WriteAllBytes(this["host.tar"], output);
        return Assert.Single(EvidenceReader.Read(this["host.tar"]));
    }

    /// <summary>A file of the tar that the last run printed.</summary>
    public string ReadText(string name)
    {
        using var tar = new TarReader(File.OpenRead(this["host.tar"]));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name != name) continue;
            using var reader = new StreamReader(entry.DataStream!);
            return reader.ReadToEnd();
        }

        Assert.Fail(name + " is not in the tar.");
        return "";
    }

    public void Dispose()
    {
        Sample.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
