using System.Diagnostics;
using System.Reflection;

namespace PassthroughTools.Tests.Ssh;

/// <summary>A folder that answers as an ESXi host with a sample's content does; made by tests/esxi-ssh/make-host.sh.</summary>
internal sealed class EsxHost : IDisposable
{
    public EsxHost(string sample = "lpe12000-outage", Action<string>? change = null)
    {
        Programs.Require("busybox", "busybox");
        Answers = Path.Combine(Folder, "sample");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "samples", sample), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Answers, Path.GetRelativePath(Path.Combine(Root, "samples", sample), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (!Path.GetFileName(file).StartsWith("guest-", StringComparison.Ordinal) && Path.GetFileName(file) != "README.md") File.Copy(file, copy);
        }

        change?.Invoke(Answers);
        Programs.Run(Path.Combine(Root, "tests", "esxi-ssh", "make-host.sh"), Answers, Path.Combine(Folder, "host"));
    }

    public static string Root { get; } = typeof(EsxHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == "RepoRoot").Value!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("passthru-esx-").FullName;

    /// <summary>The evidence folder that the answers are made from.</summary>
    public string Answers { get; }

    /// <summary>The command that a server forces.</summary>
    public string Shell => this["shell"];

    public string this[string name] => Path.Combine(Folder, "host", name);

    /// <summary>Replaces a command of the host.</summary>
    public void Command(string name, string script)
    {
        // The links lead to busybox itself.
        File.Delete(this["bin/" + name]);
        File.WriteAllText(this["bin/" + name], "#!" + this["bin/sh"] + "\n" + script + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(this["bin/" + name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Registers a VM whose files are another's.</summary>
    public void AddVM(int id, string name, string source = "win01")
    {
        var store = Directory.CreateDirectory(this["root/vmfs/volumes/datastore1/" + name]).FullName;
        File.Copy(Directory.GetFiles(this["root/vmfs/volumes/datastore1/" + source], "*.vmx").Single(), Path.Combine(store, name + ".vmx"));
        File.WriteAllText(this[$"data/power-{id}"], "Powered on\n");
        List($"{id}      {name}      [datastore1] {name}/{name}.vmx      windows7Server64Guest    vmx-08              ");
    }

    /// <summary>Adds a line to the inventory.</summary>
    public void List(string line) => File.AppendAllText(this["data/inventory"], line + "\n");

    /// <summary>Every command waits so long first.</summary>
    public void Delay(double seconds) => File.WriteAllText(this["data/delay"], seconds.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Writes down the commands from now on.</summary>
    public void StartJournal() => File.WriteAllText(this["data/journal"], "");

    public string[] Journal() => File.ReadAllLines(this["data/journal"]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
