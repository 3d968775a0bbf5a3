using System.Management.Automation;
using System.Security;

namespace PassthroughTools.Tests.VSphere;

/// <summary>Connecting, listing and disconnecting, as a user types it.</summary>
[Collection("vSphere connections")]
public sealed class ConnectionCmdletTests : IClassFixture<ModuleSession>, IClassFixture<ConnectionCmdletTests.Fixture>, IDisposable
{
    private const string Connect = "Connect-PassthruVIServer -Server $args[0] -Credential $args[1] -Thumbprint $args[2]";
    private readonly ModuleSession _session;
    private readonly VSphereServer _server;

    public ConnectionCmdletTests(ModuleSession session, Fixture fixture) => (_session, _server) = (session, fixture.Server);

    public void Dispose() => _session.Run("Disconnect-PassthruVIServer *");

    [Fact]
    public void A_connection_shows_the_server_and_no_secret()
    {
        var record = Run(Connect).ThrowIfFailed().Single;
        Assert.Equal((_server.Server, _server.User, true), (record["Server"], record["User"], record["IsVirtualCenter"]));
        var values = _session.Run("(Get-PassthruVIServer).PSObject.Properties | ForEach-Object { \"$($_.Name)=$($_.Value)\" }").ThrowIfFailed().Output.Select(value => value.ToString()).ToList();
        Assert.Contains("User=" + _server.User, values);
        Assert.DoesNotContain(values, value => value.Contains(_server.Password, StringComparison.Ordinal));
    }

    [Fact]
    public void Verbose_says_what_is_asked_of_whom_and_never_the_password()
    {
        var lines = Run(Connect + " -Verbose").ThrowIfFailed().Verbose;
        Assert.Contains(lines, line => line.Contains("Login as " + _server.User, StringComparison.Ordinal) && line.Contains(_server.Server, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(_server.Password, StringComparison.Ordinal));
    }

    [Fact]
    public void Connections_are_listed_by_name_and_wildcard_until_they_are_ended()
    {
        Run(Connect).ThrowIfFailed();
        Assert.Equal(_server.Server, _session.Run("Get-PassthruVIServer 127.0.0.*").ThrowIfFailed().Single["Server"]);
        _session.Run("Get-PassthruVIServer | Disconnect-PassthruVIServer").ThrowIfFailed();
        Assert.Empty(_session.Run("Get-PassthruVIServer").ThrowIfFailed().Output);
        Assert.Equal(0, _server.Requests().Sessions);
    }

    [Fact]
    public void A_second_connection_to_a_server_replaces_the_first()
    {
        Run(Connect).ThrowIfFailed();
        Run(Connect).ThrowIfFailed();
        Assert.Single(_session.Run("Get-PassthruVIServer").ThrowIfFailed().Output);
        Assert.Equal(1, _server.Requests().Sessions);
    }

    [Fact]
    public void WhatIf_ends_no_connection()
    {
        Run(Connect).ThrowIfFailed();
        _session.Run("Disconnect-PassthruVIServer * -WhatIf").ThrowIfFailed();
        Assert.Single(_session.Run("Get-PassthruVIServer").ThrowIfFailed().Output);
    }

    [Theory]
    [InlineData("Get-PassthruVIServer vc.example.com")]
    [InlineData("Disconnect-PassthruVIServer vc.example.com")]
    public void A_server_that_is_not_connected_has_its_own_error(string script) => Assert.Equal(["VSphereNotConnected"], _session.Run(script).ErrorIds);

    [Fact]
    public void One_server_that_fails_does_not_cost_the_others()
    {
        var result = _session.Run("Connect-PassthruVIServer -Server 'no such', $args[0] -Credential $args[1] -Thumbprint $args[2], $args[2]", Arguments());
        Assert.Equal(["VSphereAddressInvalid"], result.ErrorIds);
        Assert.Equal(_server.Server, result.Single["Server"]);
    }

    [Fact]
    public void A_wrong_password_an_untrusted_certificate_and_another_thumbprint_are_told_apart()
    {
        Assert.Equal(["VSphereLoginFailed"], _session.Run(Connect, _server.Server, Credential("wrong"), _server.Thumbprint).ErrorIds);
        Assert.Equal(["VSphereCertificateUntrusted"], _session.Run("Connect-PassthruVIServer $args[0] $args[1]", Arguments()).ErrorIds);
        Assert.Equal(["VSphereThumbprintMismatch"], _session.Run(Connect, _server.Server, Credential(_server.Password), new string('A', 40)).ErrorIds);
        Assert.Empty(_session.Run("Connect-PassthruVIServer $args[0] $args[1] -SkipCertificateCheck", Arguments()).ErrorIds);
    }

    [Theory]
    [InlineData("Connect-PassthruVIServer $args[0], $args[3] $args[1] -Thumbprint $args[2], $args[4]")]
    [InlineData("$args[0], $args[3] | Connect-PassthruVIServer -Credential $args[1] -Thumbprint $args[2], $args[4]")]
    [InlineData("@{ Server = $args[0]; Thumbprint = $args[2] }, @{ Server = $args[3]; Thumbprint = $args[4] } | ForEach-Object { [pscustomobject]$_ } | Connect-PassthruVIServer -Credential $args[1]")]
    public void Each_of_several_servers_has_a_thumbprint_of_its_own(string script)
    {
        using var other = VSphereServer.Start();
        object[] both = [.. Arguments(), other.Server, other.Thumbprint];
        Assert.Equal([_server.Server, other.Server], _session.Run(script, both).ThrowIfFailed().Output.Select(each => each["Server"]));

        // The other way round neither is trusted, although each has one of the two.
        (both[2], both[4]) = (both[4], both[2]);
        Assert.Equal(["VSphereThumbprintMismatch", "VSphereThumbprintMismatch"], _session.Run(script, both).ErrorIds);
    }

    [Theory]
    [InlineData("Connect-PassthruVIServer $args[0], 'other.invalid' $args[1] -Thumbprint $args[2]", 0)]
    [InlineData("$args[0], 'other.invalid' | Connect-PassthruVIServer -Credential $args[1] -Thumbprint $args[2]", 1)]
    public void A_thumbprint_too_few_is_an_error_and_vouches_for_no_other_server(string script, int connected)
    {
        var result = Run(script);
        Assert.Equal(["VSphereThumbprintCount"], result.ErrorIds);
        Assert.Equal(connected, result.Output.Count);
    }

    [Fact]
    public void One_server_may_have_one_of_several_thumbprints() =>
        Run("Connect-PassthruVIServer $args[0] $args[1] -Thumbprint ('A' * 40), $args[2]").ThrowIfFailed();

    [Fact]
    public void A_connection_reads_well_in_100_columns()
    {
        var text = _session.Render(Connect, 100, Arguments());
        Assert.Contains(_server.Server, text, StringComparison.Ordinal);
        Assert.Contains("VMware vCenter Server", text, StringComparison.Ordinal);
    }

    private ModuleResult Run(string script) => _session.Run(script, Arguments());

    private object[] Arguments() => [_server.Server, Credential(_server.Password), _server.Thumbprint];

    private PSCredential Credential(string password)
    {
        var secure = new SecureString();
        foreach (var c in password) secure.AppendChar(c);
        return new PSCredential(_server.User, secure);
    }

    public sealed class Fixture : IDisposable
    {
        internal VSphereServer Server { get; } = VSphereServer.Start();

        public void Dispose() => Server.Dispose();
    }
}
