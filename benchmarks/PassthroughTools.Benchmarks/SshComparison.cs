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
    /// <param name="slowHosts">Hosts whose answers take half a second each; 0 to leave that out.</param>
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
                var (bareCpu, oursCpu) = (0.0, 0.0);
                void RunBare() => bare.Add(Time(() => bareCpu = Processor(() => Bare(ports, folder, commands))));
                void RunOurs() => ours.Add(Time(() => oursCpu = Processor(() => Collect(ports, options, hosts))));

                // Whoever is first has colder caches and less compiled code, so they take turns.
                if (round % 2 == 0) RunBare();
                RunOurs();
                if (round % 2 != 0) RunBare();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"round {round + 1}: bare {bare[^1]:f2} s ({bareCpu:f2} s of processor), ours {ours[^1]:f2} s ({oursCpu:f2} s), ratio {ours[^1] / bare[^1]:f2}"));
            }

            var ratios = ours.Zip(bare, (one, other) => one / other).Order().ToList();
            if (rounds > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio: median {ratios[ratios.Count / 2]:f2}, worst {ratios[^1]:f2}"));
            File.WriteAllText(Path.Combine(folder, "host", "data", "delay"), "0.5");
            Stop(ports, options, servers);
            if (slowHosts == 0) return 0;
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

    /// <summary>Stops in the middle, with every host at work; and counts how long sessions are left on the servers.</summary>
    private static void Stop(List<int> ports, SshOptions options, List<Process> servers)
    {
        for (var round = 0; round < 5; round++)
        {
            var fleet = new SshFleet(options, ports.Count, CancellationToken.None);
            foreach (var port in ports) fleet.Add($"127.0.0.1:{port}");
            fleet.CompleteAdding();

            // Round by round later in the work, so that hosts are met in every phase of it.
            Thread.Sleep(TimeSpan.FromSeconds(2 + (3 * round)));
            var steps = fleet.Progress.Running.GroupBy(each => each.Step is "connecting" or "handshake" or "authentication" or "" ? each.Step : "a command").OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Count()} {each.Key}");
            var text = string.Join(", ", steps);
            var clock = Stopwatch.StartNew();
            fleet.Dispose();
            var stopped = clock.Elapsed;
            while (!fleet.HasEnded) Thread.Sleep(10);
            var ended = clock.Elapsed;
            while (servers.Exists(server => Sessions(server.Id) > 0)) Thread.Sleep(20);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"stopped with {text}: back after {stopped.TotalSeconds:f2} s, the last worker ended after {ended.TotalSeconds:f2} s, the last session on a server after {clock.Elapsed.TotalSeconds:f2} s"));
        }
    }

    /// <summary>Connections that a server holds: each is a process of its own.</summary>
    private static int Sessions(int server) => Directory.GetDirectories("/proc").Count(folder =>
    {
        try
        {
            var stat = File.ReadAllText(folder + "/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is var fields && fields[0] != "Z" && fields[1] == server.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

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

    /// <summary>What this process itself used; the servers' share is the same for both.</summary>
    private static double Processor(Action action)
    {
        var before = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
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
