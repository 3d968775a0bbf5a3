using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Vim;
using PassthroughTools.VSphere;

namespace PassthroughTools.Commands;

/// <summary>Connects to vCenters and ESXi hosts without PowerCLI. A connection to a server replaces an earlier one to it.</summary>
[Cmdlet(VerbsCommunications.Connect, "PassthruVIServer")]
[OutputType(typeof(PassthruVIServer))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed class ConnectPassthruVIServerCommand : PassthruCmdlet
{
    private const int LongestTimeoutSec = 3600;
    private const int UsualTimeoutSec = 120;

    /// <summary>Names or addresses, with a port where it is not 443.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Server { get; set; } = [];

    /// <summary>User and password, the same for all servers. It is not kept.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Credential]
    public PSCredential Credential { get; set; } = PSCredential.Empty;

    /// <summary>
    /// Thumbprint of the server's certificate, SHA-1 or SHA-256. A certificate that has it is trusted, any other is refused. For several servers one each, in
    /// their order; for one server several may be given.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Thumbprint { get; set; } = [];

    /// <summary>Trusts whatever certificate the server shows.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>The longest wait for a connection, for an answer to begin and for it to go on, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, LongestTimeoutSec)]
    public int TimeoutSec { get; set; } = UsualTimeoutSec;

    private bool _isOfAll;
    private int _connected;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // A thumbprint that any of several servers might have shown would vouch for the wrong one.
        _isOfAll = MyInvocation.BoundParameters.ContainsKey(nameof(Thumbprint));
        if (_isOfAll && !MyInvocation.ExpectingInput && Server.Length > 1 && Server.Length != Thumbprint.Length) ThrowTerminatingError(VimConnectionErrors.ThumbprintCount.For(Thumbprint, Server.Length, Thumbprint.Length).ToErrorRecord());
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!_isOfAll) _connected = 0;
        foreach (var server in Server)
        {
            var number = _connected++;
            Guard(() => Connect(server, Own(number)), server);
        }
    }

    /// <summary>The thumbprints of the server with a number, counted over the pipeline or over the record that brought them.</summary>
    private IReadOnlyList<string> Own(int number)
    {
        if (Thumbprint.Length == 0 || (Server.Length == 1 && !(_isOfAll && MyInvocation.ExpectingInput))) return Thumbprint;
        return number < Thumbprint.Length ? [Thumbprint[number]] : throw VimConnectionErrors.ThumbprintCount.For(Thumbprint, number + 1, Thumbprint.Length);
    }

    private void Connect(string server, IReadOnlyList<string> thumbprints)
    {
        using var trace = VimTrace.To(WriteVerbose);
        var client = VSphereClient.Connect(
            new VSphereOptions(server, Credential.UserName, Credential.Password)
            {
                Thumbprints = thumbprints,
                SkipCertificateCheck = SkipCertificateCheck,
                Timeout = TimeSpan.FromSeconds(TimeoutSec),
            },
            StopToken);
        foreach (var former in VimConnections.All.Where(known => string.Equals(known.Server, client.Server, StringComparison.OrdinalIgnoreCase)))
        {
            VimConnections.Remove(former);
            (former as IDisposable)?.Dispose();
        }

        VimConnections.Add(client);
        WriteObject(client.Connection);
    }
}
