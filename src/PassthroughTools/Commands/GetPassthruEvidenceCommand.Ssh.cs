using System.Management.Automation;
using System.Security;
using PassthroughTools.Evidence;

namespace PassthroughTools.Commands;

/// <content>Hosts over SSH.</content>
public sealed partial class GetPassthruEvidenceCommand
{
    private const string HostNameSet = "HostName";
    private const string VMHostSet = "VMHost";

    /// <summary>What the API told of hosts that are asked over SSH as well, by the name that they are asked by.</summary>
    private readonly Dictionary<string, HostEvidence> _fromApi = new(StringComparer.OrdinalIgnoreCase);
    private SshEvidenceSource? _ssh;

    /// <summary>Asks each host of a vSphere server over SSH as well, by the name that it has there, and makes one record of both.</summary>
    [Parameter(ParameterSetName = VMHostSet)]
    public SwitchParameter Ssh { get; set; }

    /// <summary>Hosts to collect from over SSH: name or address, with a port if need be (esx01:2222).</summary>
    [Parameter(Mandatory = true, ParameterSetName = HostNameSet)]
    [Alias("ComputerName", "CN")]
    [ValidateNotNullOrEmpty]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] HostName { get; set; } = [];

    /// <summary>Port where the host's name brings none.</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = PassthroughTools.Ssh.SshAddress.DefaultPort;

    /// <summary>User and password. With KeyFile, the user alone counts if the password is empty.</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Private keys: ed25519, ECDSA or RSA, in the format of OpenSSH or PEM.</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    [Alias("IdentityFilePath", "KeyFilePath")]
    [ValidateNotNullOrEmpty]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] KeyFile { get; set; } = [];

    /// <summary>Passphrase of the keys.</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    public SecureString? KeyPassphrase { get; set; }

    /// <summary>File of known host keys in OpenSSH's format; by default ~/.ssh/known_hosts.</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    [ValidateNotNullOrEmpty]
    public string? KnownHosts { get; set; }

    /// <summary>SHA-256 fingerprints of host keys to trust, whatever the known hosts say.</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    [ValidateNotNullOrEmpty]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] HostKeyFingerprint { get; set; } = [];

    /// <summary>Trusts a host of which no key is known yet, and adds its key to the known hosts.</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    public SwitchParameter AcceptNewHostKey { get; set; }

    /// <summary>Hosts at once.</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>Seconds that each phase of a connection may take, and each command; a log may take longer as long as it comes in.</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 30;

    /// <summary>Only log lines from this time on. Local time unless a zone is given.</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    public DateTimeOffset? LogSince { get; set; }

    /// <summary>Bytes of logs to take from each host, newest first (512MB by default, 0 for none).</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    [ValidateRange(0L, long.MaxValue)]
    public long MaxLogSize { get; set; } = 512L << 20;

    /// <summary>Folder in which each host's raw files are kept, in a folder of its own that must not exist.</summary>
    [Parameter(ParameterSetName = HostNameSet)]
    [Parameter(ParameterSetName = VMHostSet)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _ssh?.Dispose();
        base.Dispose(disposing);
    }

    private void ProcessHostNames()
    {
        _ssh ??= OpenSsh();
        foreach (var host in HostName) _ssh.Add(host);
        Guard(_ssh.WriteReady, null);
    }

    private void CollectToo(HostEvidence host)
    {
        if (_fromApi.ContainsKey(host.HostName)) return;
        _ssh ??= OpenSsh();
        _fromApi.Add(host.HostName, host);
        _ssh.Add(host.HostName);
        Guard(_ssh.WriteReady, null);
    }

    private void FinishSsh()
    {
        if (_ssh is null) return;
        Guard(_ssh.WriteAll, null);

        // A host that could not be reached over SSH is an error by now; what the API told of it is still worth having.
        foreach (var host in _fromApi.Values) WriteEvidence(host);
    }

    private void WriteCollected(string name, HostEvidence collected)
    {
        if (!_fromApi.TryGetValue(name, out var told))
        {
            WriteEvidence(collected);
            return;
        }

        _fromApi.Remove(name);

        // A name that DNS leads to another machine would join the evidence of two hosts.
        if (!PassthroughTools.Ssh.SshHostNames.MayBeOne(told.HostName, collected.HostName))
            collected = collected with { Warnings = [.. collected.Warnings, $"The host that answers as '{name}' over SSH calls itself '{collected.HostName}'. If that is another host, what it told must not be joined with what the API tells."] };
        WriteEvidence(EvidenceMerger.Merge(told, collected));
    }

    // What is wrong for all hosts alike, a key that can't be read say, ends the command.
    private SshEvidenceSource OpenSsh()
    {
        try
        {
            return new SshEvidenceSource(this, new SshParameters
            {
                Port = Port,
                Credential = Credential,
                KeyFiles = [.. KeyFile.Select(this.Locate)],
                KeyPassphrase = KeyPassphrase,
                KnownHosts = KnownHosts is null ? null : this.Locate(KnownHosts),
                HostKeyFingerprints = HostKeyFingerprint,
                AcceptNewHostKey = AcceptNewHostKey,
                ThrottleLimit = ThrottleLimit,
                TimeoutSec = TimeoutSec,
                LogSince = LogSince,
                MaxLogSize = MaxLogSize,
                Destination = Destination is null ? null : this.Locate(Destination),
            }, WriteCollected, StopToken);
        }
        catch (PassthruException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
            throw;
        }
    }

    private void WriteEvidence(HostEvidence host)
    {
        foreach (var warning in host.Warnings) WriteWarning(host.HostName + ": " + warning);
        WriteObject(host);
    }
}
