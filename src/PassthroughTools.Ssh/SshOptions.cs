namespace PassthroughTools.Ssh;

/// <summary>How to connect, whom to trust and how much to take. One set of options serves any number of hosts.</summary>
public sealed record SshOptions
{
    /// <summary>Whom to log in as, and with what.</summary>
    public required SshCredential Credential { get; init; }

    /// <summary>Port where a host's name brings none.</summary>
    public int Port { get; init; } = SshAddress.DefaultPort;

    /// <summary>File of known host keys; OpenSSH's own of this user when null.</summary>
    public string? KnownHosts { get; init; }

    /// <summary>SHA-256 fingerprints to trust instead of the known hosts; any of them will do.</summary>
    public IReadOnlyList<string> HostKeyFingerprints { get; init; } = [];

    /// <summary>Trusts a host of which no key is known, and adds its key to the known hosts once the login worked.</summary>
    public bool AcceptNewHostKey { get; init; }

    /// <summary>Limit of each phase: connecting, handshake, authentication, and each command's answer.</summary>
    public SshTimeouts Timeouts { get; init; } = SshTimeouts.Of(TimeSpan.FromSeconds(30));

    /// <summary>Only log lines from this time on; older rotations are left on the host.</summary>
    public DateTimeOffset? LogSince { get; init; }

    /// <summary>Bytes of logs to take from a host, newest first.</summary>
    public long MaxLogSize { get; init; } = 512L << 20;

    /// <summary>Bytes that one command may print; a log may have the size that it had when it was listed.</summary>
    public long MaxAnswer { get; init; } = 64L << 20;

    /// <summary>Folder in which each host's evidence is kept in a folder of its own; null for a temporary one.</summary>
    public string? Destination { get; init; }
}

/// <summary>Limits of the phases of a connection. The phase that ran over is named in the error.</summary>
/// <param name="Connect">Until the TCP connection stands, name resolution included.</param>
/// <param name="Handshake">From there until the keys are exchanged.</param>
/// <param name="Authenticate">From there until the user is in.</param>
/// <param name="Command">Each command; for a log: without a byte coming in.</param>
public sealed record SshTimeouts(TimeSpan Connect, TimeSpan Handshake, TimeSpan Authenticate, TimeSpan Command)
{
    /// <summary>The same limit for each phase.</summary>
    /// <param name="each">Limit.</param>
    public static SshTimeouts Of(TimeSpan each) => new(each, each, each, each);
}
