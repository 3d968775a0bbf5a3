using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;
using System.Text.Json;
using PassthroughTools.Vim;

namespace PassthroughTools.Benchmarks;

/// <summary>
/// The audit of a vCenter's hosts with the module's cmdlets, against the simulator's own Go client that fetches the same properties and does nothing with
/// them. Each is a process of its own, and each round runs both.
/// </summary>
internal static class VSphereComparison
{
    private const string GoCode = "/usr/share/gocode";
    private static readonly string Self = Environment.ProcessPath!;

    /// <summary>Runs the comparison and prints a table.</summary>
    /// <param name="root">Root of the work tree; the module must be staged there.</param>
    /// <param name="hosts">Hosts.</param>
    /// <param name="vms">VMs over all hosts.</param>
    /// <param name="rounds">Rounds.</param>
    /// <param name="hostOptions">Advanced settings of each host, beside the few that it has anyway.</param>
    public static int Run(string root, int hosts, int vms, int rounds, int hostOptions)
    {
        var folder = Directory.CreateTempSubdirectory("passthru-bench-").FullName;
        Process? server = null;
        try
        {
            var program = Path.Combine(folder, "vsphere-server");
            Build(root, program);
            server = Process.Start(new ProcessStartInfo(program, ["-until-stdin-closes", $"-hosts={hosts}", $"-vms={vms}", "-clusters=10", $"-host-options={hostOptions}"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
            using var ready = JsonDocument.Parse(server.StandardOutput.ReadLine()!);
            string Ready(string name) => ready.RootElement.GetProperty(name).ToString();
            var user = Ready("user");
            string[] raw = ["rawclient", "-url=" + Ready("url"), "-user=" + user, "-password=" + Ready("password"), "-hosts=" + string.Join(',', VimHostReader.Paths), "-vms=" + string.Join(',', VimVMReader.Paths)];
            string[] audit = ["audit", Path.Combine(root, "out", "PassthroughTools", "PassthroughTools.psd1"), $"{Ready("host")}:{Ready("port")}", user, Ready("password"), Ready("thumbprintSha256")];

            // The first of each warms the server up.
            Ask(program, raw);
            Ask(Self, audit);
            Console.WriteLine($"{hosts} hosts, {vms} VMs, {hostOptions} more settings a host");
            var ratios = new List<double>();
            for (var round = 1; round <= rounds; round++)
            {
                var peer = Ask(program, raw);
                var ours = Ask(Self, audit);
                if (peer.Hosts != hosts || ours.Hosts != hosts) throw new InvalidOperationException($"{peer.Hosts} and {ours.Hosts} hosts of {hosts}.");
                ratios.Add(ours.Milliseconds / peer.Milliseconds);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: raw {peer.Milliseconds / 1000:f2} s, {peer.Mebibytes} MiB; audit {ours.Milliseconds / 1000:f2} s, {ours.Mebibytes} MiB; ratio {ratios[^1]:f2}"));
            }

            ratios.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median of the ratios: {ratios[ratios.Count / 2]:f2}"));
            return 0;
        }
        finally
        {
            server?.StandardInput.Close();
            server?.WaitForExit();
            server?.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One audit, in the process that was started for it; prints what it took. Starting the engine and connecting are not counted.</summary>
    /// <param name="manifest">Manifest of the staged module.</param>
    /// <param name="server">Server.</param>
    /// <param name="user">User.</param>
    /// <param name="password">Password.</param>
    /// <param name="thumbprint">Thumbprint.</param>
    public static int Audit(string manifest, string server, string user, string password, string thumbprint)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        var secure = new SecureString();
        foreach (var c in password) secure.AppendChar(c);
        Invoke(shell, "Import-Module $args[0]", manifest);
        Invoke(shell, "$null = Connect-PassthruVIServer $args[0] $args[1] -Thumbprint $args[2]", server, new PSCredential(user, secure), thumbprint);
        var clock = Stopwatch.StartNew();

        // Counted as they come: whoever keeps no budget needs no memory for it.
        var found = Invoke(shell, "$n = 0; Test-HostVectorBudget esx* | ForEach-Object { $n++ }; $n");
        clock.Stop();
        Invoke(shell, "Disconnect-PassthruVIServer *");
        var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Console.WriteLine(JsonSerializer.Serialize(new { hosts = Convert.ToInt32(found.Single().BaseObject, CultureInfo.InvariantCulture), fetchMs = clock.Elapsed.TotalMilliseconds, systemMemoryMB = int.Parse(peak, CultureInfo.InvariantCulture) / 1024 }));
        return 0;
    }

    private static PSObject[] Invoke(PowerShell shell, string script, params object[] arguments)
    {
        shell.Commands.Clear();
        shell.AddScript(script);
        foreach (var argument in arguments) shell.AddArgument(argument);
        var output = shell.Invoke();
        return shell.Streams.Error.Count == 0 ? [.. output] : throw new InvalidOperationException(shell.Streams.Error[0].ToString());
    }

    private static (int Hosts, double Milliseconds, int Mebibytes) Ask(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        using var answer = JsonDocument.Parse(text);
        return (answer.RootElement.GetProperty("hosts").GetInt32(), answer.RootElement.GetProperty("fetchMs").GetDouble(), answer.RootElement.GetProperty("systemMemoryMB").GetInt32());
    }

    private static void Build(string root, string program)
    {
        var start = new ProcessStartInfo("go", ["build", "-o", program, "."]) { WorkingDirectory = Path.Combine(root, "tests", "vsphere-server") };
        (start.Environment["GO111MODULE"], start.Environment["GOPATH"], start.Environment["GOFLAGS"]) = ("off", GoCode, "");
        using var go = Process.Start(start)!;
        go.WaitForExit();
        if (go.ExitCode != 0) throw new InvalidOperationException("The server could not be built.");
    }
}
