using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PassthroughTools.Tests.Ssh;

/// <summary>A real sshd on the loopback with its own keys and configuration, whose every session is answered by an <see cref="EsxHost"/>.</summary>
internal sealed partial class SshServer : IDisposable
{
    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("passthru-sshd-").FullName;
    private readonly string? _pamService;

    public SshServer(EsxHost host, params string[] config)
        : this(host, ["ed25519"], null, 1, config)
    {
    }

    /// <summary>Starts it.</summary>
    /// <param name="host">What answers.</param>
    /// <param name="hostKeys">Types of host keys.</param>
    /// <param name="password">Password that PAM takes for any user; null for keys only. Needs root.</param>
    /// <param name="ports">How many ports to listen at.</param>
    /// <param name="config">Lines of the configuration that win over ours.</param>
    public SshServer(EsxHost host, string[] hostKeys, string? password, int ports, params string[] config)
    {
        var sshd = Programs.Require("sshd", "openssh-server");
        HostKeys = [.. hostKeys.Select(type => Programs.MakeKey(_folder, "host_" + type, type, "", type == "rsa" ? ["-b", "2048"] : []))];
        UserKey = Programs.MakeKey(_folder, "user_ed25519");
        AuthorizedKeys = Path.Combine(_folder, "authorized_keys");
        File.Copy(UserKey + ".pub", AuthorizedKeys);
        if (Environment.UserName == "root") Directory.CreateDirectory("/run/sshd");
        var program = sshd;
        if (password is not null) (program, _pamService) = UsePam(sshd, password);
        for (var attempt = 1; ; attempt++)
        {
            Ports = FreePorts(ports);
            var file = Path.Combine(_folder, "sshd_config");
            File.WriteAllLines(file,
            [
                .. config,
                .. Ports.Select(port => $"ListenAddress 127.0.0.1:{port}"),
                .. HostKeys.Select(key => "HostKey " + key),
                "AuthorizedKeysFile " + AuthorizedKeys,
                "PidFile none",
                "StrictModes no",
                password is null ? "UsePAM no" : "UsePAM yes",
                "PasswordAuthentication no",
                "KbdInteractiveAuthentication no",
                "PermitRootLogin yes",
                "MaxStartups 1000",
                "MaxSessions 10",
                "UseDNS no",
                "LogLevel VERBOSE",
                "ForceCommand " + host.Shell,

                // bash reads its user's .bashrc for every command that comes over SSH; here none must.
                "SetEnv HOME=" + _folder,
            ]);
            _process = Process.Start(new ProcessStartInfo(program, ["-D", "-E", LogFile, "-f", file]) { UseShellExecute = false })!;
            if (IsUp()) break;
            _process.Kill(entireProcessTree: true);
            _process.Dispose();
            Assert.True(attempt < 5, "sshd does not start: " + Log());
        }

        KnownHosts = Path.Combine(_folder, "known_hosts");
        File.WriteAllLines(KnownHosts, Ports.SelectMany(port => HostKeys.Select(key => KnownLine(key, port))));
    }

    public IReadOnlyList<string> HostKeys { get; }

    public string UserKey { get; }

    public string AuthorizedKeys { get; }

    public string KnownHosts { get; }

    public int[] Ports { get; private set; }

    public string Name => NameOf(Ports[0]);

    public static string User => Environment.UserName;

    private string LogFile => Path.Combine(_folder, "sshd.log");

    public static string NameOf(int port) => $"127.0.0.1:{port}";

    public static string PublicKey(string key) => string.Join(' ', File.ReadAllText(key + ".pub").Split(' ')[..2]);

    public static string KnownLine(string key, int port) => $"[127.0.0.1]:{port} {PublicKey(key)}";

    public string Log() => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Connections that the server holds at the moment: each is a process of its own.</summary>
    public int Sessions() => Directory.GetDirectories("/proc").Count(folder =>
    {
        try
        {
            // The parent is the second field after the name, which may hold anything but stands in parentheses.
            var stat = File.ReadAllText(folder + "/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] != "Z" && fields[1] == _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        if (_pamService is not null) File.Delete(_pamService);
        Directory.Delete(_folder, recursive: true);
    }

    internal static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }

    // sshd asks for the PAM service that bears its own file's name, so a copy under another name has its own rules and nobody else's change.
    private (string Program, string Service) UsePam(string sshd, string password)
    {
        if (Environment.UserName != "root")
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("Passwords can be tried as root only.");
            Assert.Skip("Passwords can be tried as root only.");
        }

        var name = "passthru-test-" + Guid.NewGuid().ToString("N")[..8];
        var program = Path.Combine(_folder, name);
        File.Copy(sshd, program);
        var check = Path.Combine(_folder, "check");
        var attempts = Path.Combine(_folder, "attempts");
        File.WriteAllText(check, $"#!/bin/sh\necho attempt >> {attempts}\n[ \"$(tr -d '\\0')\" = '{password.Replace("'", "'\\''", StringComparison.Ordinal)}' ]\n");
        foreach (var file in new[] { program, check })
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var service = "/etc/pam.d/" + name;
        File.WriteAllText(service, $"auth required pam_exec.so quiet expose_authtok {check}\nauth optional pam_permit.so\naccount required pam_permit.so\nsession required pam_permit.so\n");
        return (program, service);
    }

    /// <summary>Replaces what PAM does for this server, where it has a password.</summary>
    public void Pam(params string[] lines) => File.WriteAllLines(_pamService!, lines);

    /// <summary>How often a password was tried.</summary>
    public int Attempts => File.Exists(this["attempts"]) ? File.ReadAllLines(this["attempts"]).Length : 0;

    private bool IsUp()
    {
        for (var i = 0; i < 200 && !_process.HasExited; i++)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, Ports[^1]);
                return true;
            }
            catch (SocketException)
            {
                Thread.Sleep(25);
            }
        }

        return false;
    }
}
