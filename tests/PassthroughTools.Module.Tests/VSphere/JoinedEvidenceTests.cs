using System.Management.Automation;
using System.Security;
using System.Text.Json;
using PassthroughTools.Tests.Ssh;

namespace PassthroughTools.Tests.VSphere;

/// <summary>Get-PassthruEvidence -Ssh: what the API tells of a host and what the host itself tells make one record.</summary>
[Collection("vSphere connections")]
public sealed class JoinedEvidenceTests : IDisposable
{
    private const string Join = "param($key, $known, $user, $port) Get-PassthruEvidence 127* -Ssh -Port $port -KeyFile $key -KnownHosts $known -Credential $user -TimeoutSec 60";
    private readonly ModuleSession _session = new();
    private readonly EsxHost _host = new();
    private readonly SshServer _sshd;
    private readonly VSphereServer _server;

    public JoinedEvidenceTests()
    {
        _sshd = new SshServer(_host);
        var sample = Path.Combine(EsxHost.Root, "samples", "lpe12000-outage");
        _server = VSphereServer.Start(new VSphereServerOptions { InventoryJson = JsonSerializer.Serialize(new { hosts = new[] { new { name = "127.0.0.1", sample } } }) });
        var secure = new SecureString();
        foreach (var c in _server.Password) secure.AppendChar(c);
        _session.Run("Connect-PassthruVIServer -Server $args[0] -Credential $args[1] -Thumbprint $args[2]", _server.Server, new PSCredential(_server.User, secure), _server.Thumbprint).ThrowIfFailed();
    }

    public void Dispose()
    {
        _session.Run("Disconnect-PassthruVIServer *");
        _session.Dispose();
        _server.Dispose();
        _sshd.Dispose();
        _host.Dispose();
    }

    [Fact]
    public void The_vector_list_of_the_host_and_the_VMs_of_the_API_are_in_one_record()
    {
        var result = Run(_sshd.Ports[0], " -WarningAction Ignore | ForEach-Object { \"$($_.Vim) $($null -ne $_.VectorList) $($_.VMs.Count) $($_.VMs[0].Vim)\" }").ThrowIfFailed();
        Assert.Matches($"^vsphere://{_server.Server}/HostSystem-\\S+ True 4 vsphere://{_server.Server}/VirtualMachine-\\S+$", result.Single.ToString());
    }

    [Fact]
    public void A_host_that_refuses_SSH_is_an_error_and_what_the_API_told_of_it_remains()
    {
        var result = Run(SshServer.FreePorts(1)[0], " -WarningAction Ignore | ForEach-Object { \"$($null -ne $_.Vim) $($null -ne $_.VectorList)\" }");
        Assert.Equal(["SshConnectFailed"], result.ErrorIds);
        Assert.Equal("True False", result.Single.ToString());
    }

    private ModuleResult Run(int port, string then) =>
        _session.Run(Join + then, _sshd.UserKey, _sshd.KnownHosts, new PSCredential(SshServer.User, new SecureString()), port);
}
