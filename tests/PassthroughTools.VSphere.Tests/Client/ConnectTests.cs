using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;
using PassthroughTools.Vim;
using PassthroughTools.VSphere;

namespace PassthroughTools.Tests.Client;

/// <summary>Connecting, and each way in which it fails.</summary>
public sealed class ConnectTests
{
    [Fact]
    public void Connecting_is_three_requests_and_tells_what_the_server_is()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request));
        using var client = Connecting.To(server);
        Assert.Equal(["/sdk/vimServiceVersions.xml", "RetrieveServiceContent", "Login"], server.Requests.Select(request => request.Method));
        Assert.Equal((server.Address, "8.0.3.0", "VMware vCenter Server", "1", true, "u-1"),
            (client.Server, client.ApiVersion, client.Connection.Product, client.Connection.Build, client.IsVirtualCenter, client.InstanceUuid));
    }

    [Fact]
    public void User_and_password_arrive_as_they_were_given()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request));
        Connecting.To(server).Dispose();
        var login = XDocument.Parse(server.Requests[2].Body).Descendants().ToLookup(element => element.Name.LocalName, element => element.Value);
        Assert.Equal(("admin<&>@vsphere.local", Connecting.Password), (login["userName"].Single(), login["password"].Single()));
    }

    [Fact]
    public void The_session_is_kept_by_its_cookie_and_ended_when_the_client_is_disposed_of()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request));
        var client = Connecting.To(server);
        client.Dispose();
        client.Dispose();
        var logout = Assert.Single(server.Requests, request => request.Method == "Logout");
        Assert.Contains("Cookie: vmware_soap_session=\"abc-1\"", logout.Headers);
        Assert.Contains("SOAPAction: \"urn:vim25/8.0.3.0\"", logout.Headers);
    }

    [Fact]
    public void A_client_that_was_disposed_of_says_that_its_session_is_over()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request));
        var client = Connecting.To(server);
        client.Dispose();
        Assert.Equal("VSphereSessionExpired", Connecting.Fails(() => client.ShutDownGuest(new ManagedObject("VirtualMachine", "vm-1"))).ErrorId);
    }

    [Theory]
    [InlineData("<version>6.5</version>", "6.5")]
    [InlineData("<version>6.7.3</version><priorVersions><version>6.7</version><version>6.5</version></priorVersions>", "6.7.3")]
    [InlineData("<version>9.0.0.0</version><priorVersions><version>8.0.3.0</version></priorVersions>", "9.0.0.0")]
    [InlineData("<version>11.0.0.0</version><priorVersions><version>9.1.0.0</version><version>8.0.3.0</version></priorVersions>", "9.1.0.0")]
    [InlineData("<version>11.0.0.0</version>", "9.0.0.0")]
    [InlineData("<version>8.0.2.0</version><priorVersions><version>8.0.10.0</version></priorVersions>", "8.0.10.0")]
    public void The_newest_version_that_both_know_is_spoken(string offered, string spoken)
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request, versions: offered));
        Connecting.To(server).Dispose();
        Assert.Contains($"SOAPAction: \"urn:vim25/{spoken}\"", server.Requests[1].Headers);
    }

    [Fact]
    public void A_server_that_is_too_old_is_named_as_such()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request, versions: "<version>6.0</version><priorVersions><version>5.5</version></priorVersions>"));
        Assert.Equal("VSphereVersionUnsupported", Connecting.Fails(() => Connecting.To(server)).ErrorId);
    }

    [Fact]
    public void A_wrong_password_has_its_own_error_with_the_words_of_the_server()
    {
        using var server = new ScriptedServer(request =>
            request.Method == "Login" ? ScriptedAnswer.Fault("InvalidLogin", "Cannot complete login due to an incorrect user name or password.") : ScriptedServer.VCenter(request));
        var e = Connecting.Fails(() => Connecting.To(server));
        Assert.Equal("VSphereLoginFailed", e.ErrorId);
        Assert.Contains("incorrect user name", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_that_XML_can_not_carry_is_refused_without_being_sent_or_shown()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request));
        var e = Assert.Throws<PassthruException>(() => Connecting.To(server, options => options with { Password = Connecting.Secure("bell\u0007secret") }));
        Assert.Equal("VSphereLoginFailed", e.ErrorId);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Method == "Login");
    }

    [Fact]
    public void An_untrusted_certificate_is_refused_and_its_thumbprint_shown_so_that_it_can_be_pinned()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request));
        var e = Connecting.Fails(() => Connecting.To(server, options => options with { SkipCertificateCheck = false }));
        Assert.Equal("VSphereCertificateUntrusted", e.ErrorId);
        Assert.Contains(server.Sha1, e.Message.Replace(":", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void An_expired_certificate_has_its_own_error()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request), notAfter: DateTimeOffset.UtcNow.AddDays(-1));
        Assert.Equal("VSphereCertificateExpired", Connecting.Fails(() => Connecting.To(server, options => options with { SkipCertificateCheck = false })).ErrorId);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_certificate_with_the_thumbprint_is_trusted_whichever_way_it_is_written(bool isSha256, bool hasColons)
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request), notAfter: DateTimeOffset.UtcNow.AddDays(-1));
        var digits = isSha256 ? server.Sha256 : server.Sha1;
        var pin = hasColons ? string.Join(':', digits.Chunk(2).Select(pair => new string(pair))) : digits.ToLowerInvariant();
        using var client = Connecting.To(server, options => options with { SkipCertificateCheck = false, Thumbprints = [new string('0', 40), pin] });
        Assert.True(client.IsVirtualCenter);
    }

    [Fact]
    public void A_certificate_with_another_thumbprint_is_refused_even_where_the_check_is_skipped()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request));
        var e = Connecting.Fails(() => Connecting.To(server, options => options with { Thumbprints = [new string('a', 64)] }));
        Assert.Equal("VSphereThumbprintMismatch", e.ErrorId);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("zz")]
    [InlineData("AA:BB")]
    [InlineData("gggggggggggggggggggggggggggggggggggggggg")]
    public void What_is_no_thumbprint_is_refused_before_anything_is_asked(string thumbprint)
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request));
        Assert.Equal("VSphereThumbprintInvalid", Connecting.Fails(() => Connecting.To(server, options => options with { Thumbprints = [thumbprint] })).ErrorId);
    }

    [Theory]
    [InlineData(200, "<html><body>Hello</body></html>")]
    [InlineData(200, "not even markup")]
    [InlineData(200, "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    [InlineData(200, "")]
    [InlineData(404, "no such page")]
    [InlineData(302, "")]
    [InlineData(401, "")]
    public void Another_kind_of_server_is_told_apart(int status, string body)
    {
        using var server = new ScriptedServer(_ => ScriptedAnswer.Http(status, body, "text/html", "Location: https://127.0.0.1:1/\r\n"));
        Assert.Equal("VSphereNotAVSphereServer", Connecting.Fails(() => Connecting.To(server)).ErrorId);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void An_answer_without_end_is_cut_off_while_nothing_is_known_of_the_server()
    {
        using var server = new ScriptedServer(_ => ScriptedAnswer.Http(200, "<a>" + new string('x', 5 << 20) + "</a>"));
        Assert.Equal("VSphereNotAVSphereServer", Connecting.Fails(() => Connecting.To(server)).ErrorId);
    }

    [Fact]
    public void A_service_that_is_not_up_yet_has_its_own_error()
    {
        using var server = new ScriptedServer(_ => ScriptedAnswer.Http(503, "503 Service Unavailable", "text/plain"));
        Assert.Equal("VSphereServiceUnavailable", Connecting.Fails(() => Connecting.To(server)).ErrorId);
    }

    [Fact]
    public void A_name_without_an_address_has_its_own_error() =>
        Assert.Equal("VSphereNameNotResolved", Connecting.Fails(() => VSphereClient.Connect(Connecting.Options("no-such-host.invalid"), default)).ErrorId);

    [Fact]
    public void A_port_where_nothing_listens_is_unreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Assert.Equal("VSphereUnreachable", Connecting.Fails(() => VSphereClient.Connect(Connecting.Options($"127.0.0.1:{port}"), default)).ErrorId);
    }

    [Fact]
    public async Task A_port_that_speaks_no_TLS_has_its_own_error()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("220 mail.example.com ESMTP\r\n"u8.ToArray());
        });
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Equal("VSphereTlsFailed", Connecting.Fails(() => VSphereClient.Connect(Connecting.Options($"127.0.0.1:{port}"), default)).ErrorId);
        await serving;
    }

    [Fact]
    public void A_server_that_accepts_and_stays_silent_times_out_while_connecting()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = Connecting.Options($"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}") with { Timeout = TimeSpan.FromMilliseconds(200) };
        var e = Connecting.Fails(() => VSphereClient.Connect(options, default));
        Assert.Equal("VSphereTimeout", e.ErrorId);
        Assert.Contains("connecting", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("http://vc.example.com")]
    [InlineData("vc.example.com/ui")]
    [InlineData("user:secret@vc.example.com")]
    [InlineData("vc:99999")]
    public void What_is_no_address_is_refused(string server) =>
        Assert.Equal("VSphereAddressInvalid", Connecting.Fails(() => VSphereClient.Connect(Connecting.Options(server), default)).ErrorId);

    [Theory]
    [InlineData("vc.example.com", "vc.example.com", "https://vc.example.com/sdk")]
    [InlineData(" VC.example.com:443 ", "vc.example.com", "https://vc.example.com/sdk")]
    [InlineData("vc:8443", "vc:8443", "https://vc:8443/sdk")]
    [InlineData("https://vc.example.com/ui/", "vc.example.com", "https://vc.example.com/sdk")]
    [InlineData("2001:db8::1", "[2001:db8::1]", "https://[2001:db8::1]/sdk")]
    [InlineData("[2001:db8::1]:8443", "[2001:db8::1]:8443", "https://[2001:db8::1]:8443/sdk")]
    public void An_address_may_be_given_in_many_ways(string given, string name, string sdk)
    {
        var address = ServerAddress.Parse(given);
        Assert.Equal((name, sdk), (address.Name, address.Sdk.ToString()));
    }

    [Fact]
    public void Connecting_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        using var server = new ScriptedServer(request =>
        {
            stop.Cancel();
            return ScriptedServer.VCenter(request);
        });
        Assert.Throws<OperationCanceledException>(() => VSphereClient.Connect(Connecting.Options(server.Address), stop.Token));
    }
}
