using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using PassthroughTools.Help;

// Writes what differs and says so; a build that nothing changed for writes nothing.
var root = Metadata("RepoRoot");
using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
runspace.Open();
using var shell = PowerShell.Create(runspace);
Invoke($"Import-Module -Name '{Path.Combine(Metadata("StageDirectory"), "PassthroughTools.psd1").Replace("'", "''", StringComparison.Ordinal)}' -ErrorAction Stop");
var commands = Invoke("(Get-Module PassthroughTools).ExportedCommands.Values").Select(item => (CommandInfo)item.BaseObject);
var builder = new HelpBuilder(root, commands, Invoke("Get-PassthruError"));
var files = builder.Build();
foreach (var (path, text) in files)
{
    var file = Path.Combine(root, path);
    if (File.Exists(file) && File.ReadAllText(file) == text) continue;
    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
    File.WriteAllText(file, text);
    Console.WriteLine("Written: " + path);
}

foreach (var path in builder.Stale(files)) Console.WriteLine("No such command any more, delete it: " + path);
foreach (var path in files.Where(file => file.Value.Contains(HelpPageWriter.Placeholder, StringComparison.Ordinal) && file.Key.EndsWith(".md", StringComparison.Ordinal)).Select(file => file.Key))
    Console.WriteLine("Text is missing: " + path);

ICollection<PSObject> Invoke(string script)
{
    shell.Commands.Clear();
    var output = shell.AddScript(script).Invoke();
    if (shell.Streams.Error.FirstOrDefault() is { } error) throw new InvalidOperationException(error.ToString());
    return output;
}

static string Metadata(string key) => typeof(HelpPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
