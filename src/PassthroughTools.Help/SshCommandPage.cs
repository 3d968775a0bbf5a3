using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.Loader;
using System.Text;

namespace PassthroughTools.Help;

/// <summary>Writes the page of what is run on hosts, from the list that the code itself takes its commands from.</summary>
public static class SshCommandPage
{
    private const string Assembly = "PassthroughTools.Ssh";
    private const string List = "PassthroughTools.Ssh.SshCommands";

    /// <summary>The page docs/ssh-commands.md.</summary>
    /// <param name="command">Get-PassthruEvidence; the list is in a load context of the module's, beside its assembly.</param>
    public static string Page(CmdletInfo command)
    {
        var context = AssemblyLoadContext.GetLoadContext(command.ImplementingType.Assembly)!;
        var list = (IEnumerable)context.LoadFromAssemblyName(new(Assembly)).GetType(List, throwOnError: true)!.GetProperty("All")!.GetValue(null)!;
        var text = new StringBuilder("""
            # What is run on a host

            Built from the list in the code (`SshCommands.All`) by `build.ps1 -Task Help`; not to be edited. `Get-PassthruEvidence -HostName` runs these
            commands over SSH and no others. Each only reads, and none makes a file on the host. Words in capitals stand for what is filled in: FOLDER and FILE
            in single quotes, whatever is in them; BYTES and NUMBER in digits; TIME as `2012-08-01T00:00:00`.

            Time limit *answer*: the command has to end within `-TimeoutSec` (30 s unless given). *file*: within `-TimeoutSec` something has to come in, and in
            all the file may take `-TimeoutSec` and a second for each 64 KiB that it may have. Where a limit runs out the connection is closed, the error
            (`SshTimeout`) names the command, and nothing of the host is kept. A command that fails costs only what it would have told, and is named in `Warnings`.

            Which of the tools the commands use ESXi is known to have: [esxi-shell.md](esxi-shell.md).

            | command | file of the evidence | what it tells | ESXi | time limit |
            |---|---|---|---|---|

            """);
        foreach (var each in list)
        {
            string Text(string property) => each.GetType().GetProperty(property)!.GetValue(each)!.ToString()!;
            text.Append(CultureInfo.InvariantCulture, $"| `{Text("Command").Replace("|", "\\|", StringComparison.Ordinal)}` | `{Text("File").Replace(", ", "`, `", StringComparison.Ordinal)}` | {Text("Purpose")} | {Text("Hosts")} | {Text("Limit").ToLowerInvariant()} |\n");
        }

        return text.ToString();
    }
}
