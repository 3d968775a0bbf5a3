using System.Text;

namespace PassthroughTools.Tests.Guests;

/// <summary>
/// Stands for vCenter and VMware Tools behind <c>Invoke-VMScript</c>: runs the script for real in a guest, and breaks lines, cuts off, adds words and waits as
/// they do. A command line that cmd.exe would refuse is refused.
/// </summary>
public sealed class ToolsStandIn
{
    private const int CommandLine = 8191;
    private const int RestOfLine = 300;

    public Dictionary<string, WineGuest> Guests { get; } = [];

    public int Limit { get; set; } = int.MaxValue;

    public int Width { get; set; } = 80;

    public string Noise { get; set; } = "";

    public string Mode { get; set; } = "full";

    public string? Instead { get; set; }

    public int DelaySeconds { get; set; }

    public int Calls { get; private set; }

    /// <summary>What the stand-in for the command calls.</summary>
    public string Invoke(string vm, string script)
    {
        Calls++;
        var line = Convert.ToBase64String(Encoding.Unicode.GetBytes(script)).Length + RestOfLine;
        if (line > CommandLine) throw new InvalidOperationException("The command line is too long.");
        for (var i = 0; i < DelaySeconds * 20; i++) Thread.Sleep(50);
        if (Instead is not null) return Instead;
        var output = Guests[vm].Run(script, Mode);
        output = Noise + string.Join("\r\n", output.Chunk(Width).Select(chunk => new string(chunk))) + "\r\n";
        return output.Length > Limit ? output[..Limit] : output;
    }

    /// <summary>Defines the commands of PowerCLI that are needed.</summary>
    public void Install(ModuleSession session) => session.Run(
        """
        $global:tools = $args[0]
        function global:Invoke-VMScript {
            [CmdletBinding(SupportsShouldProcess)]
            param([string] $ScriptText, $VM, [pscredential] $GuestCredential, [string] $ScriptType)
            [pscustomobject]@{ ExitCode = 0; ScriptOutput = $global:tools.Invoke($VM.Name, $ScriptText) }
        }
        function global:Get-VM { param($Id) $global:vms | Where-Object { $_.Id -eq $Id } }
        $global:vms = foreach ($name in $global:tools.Guests.Keys) { [pscustomobject]@{ Name = $name; Id = "VirtualMachine-$name"; GuestId = 'windows7Server64Guest' } }
        $secret = [System.Security.SecureString]::new()
        $global:login = [pscredential]::new('administrator', $secret)
        """,
        this).ThrowIfFailed();
}
