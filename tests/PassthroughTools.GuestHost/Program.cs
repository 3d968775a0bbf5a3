using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;

// A line in is a script, a line out is what it printed, both as Base64 of UTF-8. Options: "constrained" for that language mode.
var session = InitialSessionState.CreateDefault2();
if (OperatingSystem.IsWindows()) session.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass; // a bare engine has the policy of a client: no scripts
if (args.Contains("constrained")) session.LanguageMode = PSLanguageMode.ConstrainedLanguage;
using var runspace = RunspaceFactory.CreateRunspace(session);
runspace.Open();
Console.Out.WriteLine("ready");
Console.Out.Flush();
while (Console.In.ReadLine() is { Length: > 0 } line)
{
    string output;
    try
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(Encoding.UTF8.GetString(Convert.FromBase64String(line)), useLocalScope: true);
        output = string.Join("\n", shell.Invoke().Select(item => item?.ToString()).Concat(shell.Streams.Error.Select(error => "ERROR " + error.FullyQualifiedErrorId + ": " + error)));
    }
    catch (RuntimeException e)
    {
        output = "ERROR " + e.ErrorRecord.FullyQualifiedErrorId + ": " + e.Message;
    }

    Console.Out.WriteLine(Convert.ToBase64String(Encoding.UTF8.GetBytes(output)));
    Console.Out.Flush();
}
