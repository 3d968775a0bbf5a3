using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PassthroughTools.Ssh;
using Renci.SshNet;

namespace PassthroughTools.Benchmarks;

/// <summary>Collecting from many hosts at once, against SSH.NET alone that connects and runs the same commands, and against one host after the other.</summary>
internal static class SshComparison
{
    private const int PortsPerServer = 16;

    /// <summary>Runs the comparison and prints a table.</summary>
    /// <param name="root">Root of the work tree.</param>
    /// <param name="hosts">Hosts at once.</param>
    /// <param name="rounds">Rounds; each runs both contenders in turn.</param>
    /// <param name="slowHosts">Hosts whose answers take half a second each.</param>
    public static int Run(string root, int hosts, int rounds, int slowHosts)
    {
        var folder = Directory.CreateTempSubdirectory("passthru-bench-").FullName;
        var servers = new List<Process>();
        try
        {
            Start("/bin/sh", Path.Combine(root, "tests", "esxi-ssh", "make-host.sh"), Path.Combine(root, "samples", "lpe12000-outage"), Path.Combine(folder, "host"));
            foreach (var key in new[] { "host_key", "user_key" }) Start("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, key));
            if (Environment.UserName == "root") Directory.CreateDirectory("/run/sshd");
            var ports = new List<int>();
            while (ports.Count < hosts) ports.AddRange(Serve(folder, servers));
            ports = ports.GetRange(0, hosts);
            var publicKey = string.Join(' ', File.ReadAllText(Path.Combine(folder, "host_key.pub")).Split(' ')[..2]);
            File.WriteAllLines(Path.Combine(folder, "known_hosts"), ports.Select(port => $"[127.0.0.1]:{port} {publicKey}"));
            var options = new SshOptions
            {
                Credential = SshCredential.Create(Environment.UserName, null, [Path.Combine(folder, "user_key")]),
                KnownHosts = Path.Combine(folder, "known_hosts"),
                Timeouts = SshTimeouts.Of(TimeSpan.FromMinutes(10)),
            };

            // Which commands are the same is read off a first run, which also loads all that there is to load.
            var journal = Path.Combine(folder, "host", "data", "journal");
            File.WriteAllText(journal, "");
            Collect(ports.GetRange(0, 1), options, 1);
            var commands = File.ReadAllLines(journal);
            File.Delete(journal);
            Bare(ports.GetRange(0, 1), folder, commands);
            Console.WriteLine($"{hosts} hosts, {commands.Length} commands each");

            var (ours, bare) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                bare.Add(Time(() => Bare(ports, folder, commands)));
                ours.Add(Time(() => Collect(ports, options, hosts)));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: bare {bare[^1]:f2} s, ours {ours[^1]:f2} s, ratio {ours[^1] / bare[^1]:f2}"));
            }

            File.WriteAllText(Path.Combine(folder, "host", "data", "delay"), "0.5");
            const int few = 2;
            var one = Time(() => Collect(ports.GetRange(0, few), options, 1)) / few;
            var many = Time(() => Collect(ports.GetRange(0, slowHosts), options, slowHosts));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"half a second an answer: {one:f2} s a host one after the other, {many:f2} s for {slowHosts} hosts at once: {one * slowHosts / many:f1} times as fast"));
            return 0;
        }
        finally
        {
            foreach (var server in servers)
            {
                server.Kill(entireProcessTree: true);
                server.WaitForExit();
                server.Dispose();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Collect(List<int> ports, SshOptions options, int throttleLimit)
    {
        using var fleet = new SshFleet(options, throttleLimit, CancellationToken.None);
        foreach (var port in ports) fleet.Add($"127.0.0.1:{port}");
        fleet.CompleteAdding();
        while (!fleet.IsDrained)
        {
            if (fleet.TryTake(TimeSpan.FromSeconds(1), out var result) && result.Failure is { } failure) throw failure;
        }
    }

    private static void Bare(List<int> ports, string folder, string[] commands)
    {
        Exception? problem = null;
        var threads = ports.ConvertAll(port => new Thread(() =>
        {
            try
            {
                using var key = new PrivateKeyFile(Path.Combine(folder, "user_key"));
                using var client = new SshClient("127.0.0.1", port, Environment.UserName, key);
                client.ConnectionInfo.Timeout = TimeSpan.FromMinutes(10);
                client.Connect();
                foreach (var text in commands)
                {
                    using var command = client.RunCommand(text);
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                problem = e;
            }
        }));
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (problem is not null) throw new InvalidOperationException("SSH.NET failed.", problem);
    }

    private static double Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }

    private static int[] Serve(string folder, List<Process> servers)
    {
        var listeners = Enumerable.Range(0, PortsPerServer).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Stop());
        var config = Path.Combine(folder, $"sshd_config{servers.Count}");
        File.WriteAllLines(config,
        [
            .. ports.Select(port => $"ListenAddress 127.0.0.1:{port}"),
            $"HostKey {folder}/host_key", $"AuthorizedKeysFile {folder}/user_key.pub", "PidFile none", "StrictModes no", "UsePAM no", "UseDNS no",
            "PermitRootLogin yes", "MaxStartups 1000", "LoginGraceTime 600", $"ForceCommand {folder}/host/shell",

            // bash reads its user's .bashrc for every command that comes over SSH; here none must.
            $"SetEnv HOME={folder}",
        ]);
        servers.Add(Process.Start(new ProcessStartInfo("/usr/sbin/sshd", ["-D", "-E", config + ".log", "-f", config]))!);
        for (var i = 0; i < 400; i++)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, ports[^1]);
                return ports;
            }
            catch (SocketException)
            {
                Thread.Sleep(25);
            }
        }

        throw new InvalidOperationException("sshd does not start: " + File.ReadAllText(config + ".log"));
    }

    private static void Start(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
