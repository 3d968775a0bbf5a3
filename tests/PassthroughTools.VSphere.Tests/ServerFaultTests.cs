using System.Net;
using System.Net.Security;

namespace PassthroughTools.Tests;

/// <summary>Sessions, pages and the faults that the tests of a client cause.</summary>
public sealed class ServerFaultTests : IDisposable
{
    private readonly VSphereServer _server = VSphereServer.Start();
    private readonly RawSoap _soap;

    public ServerFaultTests() => _soap = new RawSoap(_server);

    [Fact]
    public void A_wrong_password_is_refused() =>
        Assert.Equal("InvalidLogin", Assert.Throws<SoapFaultException>(() => _soap.Login("wrong")).Fault);

    [Fact]
    public void Without_a_session_only_the_service_content_is_shown()
    {
        Assert.Single(_soap.Call("RetrieveServiceContent", "ServiceInstance", "ServiceInstance"));
        Assert.Equal("NotAuthenticated", Assert.Throws<SoapFaultException>(() => _soap.Retrieve("HostSystem", "name")).Fault);
    }

    [Fact]
    public void A_session_can_be_asked_for_ends_on_demand_and_can_be_made_anew()
    {
        _soap.Login();
        var session = _soap.Read("SessionManager", "SessionManager", "currentSession").Values["currentSession"];
        var arguments = $"<sessionID>{session.Element(RawSoap.Vim + "key")!.Value}</sessionID><userName>{_server.User}</userName>";
        Assert.Equal("true", _soap.Call("SessionIsActive", "SessionManager", "SessionManager", arguments)[0].Value);
        Assert.Single(_soap.Call("CurrentTime", "ServiceInstance", "ServiceInstance"));
        _server.ExpireSession();
        Assert.Equal("NotAuthenticated", Assert.Throws<SoapFaultException>(() => _soap.Call("CurrentTime", "ServiceInstance", "ServiceInstance")).Fault);
        _soap.Login();
        Assert.Single(_soap.Call("CurrentTime", "ServiceInstance", "ServiceInstance"));
        _soap.Call("Logout", "SessionManager", "SessionManager");
        Assert.Equal(0, _server.Requests().Sessions);
    }

    [Fact]
    public void An_answer_comes_in_pages()
    {
        _soap.Login();
        var (objects, token) = _soap.RetrievePage("VirtualMachine", 7, "name");
        var all = objects.ToList();
        Assert.Equal(7, all.Count);
        while (token is not null)
        {
            var used = token;
            (objects, token) = _soap.Continue(used);
            all.AddRange(objects);
            Assert.Equal("InvalidProperty", Assert.Throws<SoapFaultException>(() => _soap.Continue(used)).Fault);
        }

        Assert.Equal(16, all.Select(vm => vm.Name).Distinct().Count());
        Assert.Equal(16, all.Count);
    }

    [Fact]
    public void The_server_may_page_of_its_own_accord_and_a_client_may_give_up()
    {
        using var server = VSphereServer.Start(new VSphereServerOptions { Hosts = 5, VMs = 20, Clusters = 2, PageSize = 3 });
        using var soap = new RawSoap(server).Login();
        var (objects, token) = soap.RetrievePage("HostSystem", 0, "name");
        Assert.Equal(3, objects.Count);
        var raw = server.FetchRaw(); // through the old method, which has no pages
        Assert.Equal((5, 20, 125), (raw.Hosts, raw.VMs, raw.PciDevices));
        soap.Call("CancelRetrievePropertiesEx", "PropertyCollector", "propertyCollector", $"<token>{token}</token>");
        Assert.Equal("InvalidProperty", Assert.Throws<SoapFaultException>(() => soap.Continue(token!)).Fault);
    }

    [Theory]
    [InlineData("Before", "poweredOn")]
    [InlineData("After", "poweredOff")]
    [InlineData("Middle", "poweredOff")]
    public void A_connection_is_cut_before_or_after_the_request_took_effect(string when, string state)
    {
        _soap.Login();
        _server.Drop("PowerOffVM_Task", Enum.Parse<CutMoment>(when));
        Assert.ThrowsAny<Exception>(() => _soap.Call("PowerOffVM_Task", "VirtualMachine", _server.VM("win01").Id!));
        if (state == "poweredOff") Until(() => _server.VM("win01").PowerState == state);
        Assert.Equal(state, _server.VM("win01").PowerState);
        Assert.Single(_soap.Call("CurrentTime", "ServiceInstance", "ServiceInstance"));
    }

    [Fact]
    public void A_connection_is_cut_at_a_request_by_its_number()
    {
        _soap.Login();
        _server.ResetRequests();
        _server.DropAt(2);
        Assert.Single(_soap.Call("CurrentTime", "ServiceInstance", "ServiceInstance"));
        Assert.Throws<HttpRequestException>(() => _soap.Call("CurrentTime", "ServiceInstance", "ServiceInstance"));
        Assert.Single(_soap.Call("CurrentTime", "ServiceInstance", "ServiceInstance"));
        var requests = _server.Requests();
        Assert.Equal((3, 3), (requests.Total, requests.Methods["CurrentTime"]));
    }

    [Fact]
    public void An_object_that_may_not_be_read_shows_missing_properties_and_the_others_come_through()
    {
        _soap.Login();
        _server.Deny("esx03.example.com");
        var hosts = _soap.Retrieve("HostSystem", "name");
        Assert.Equal(5, hosts.Count);
        Assert.Equal("NoPermission", Assert.Single(hosts, host => host.Values.Count == 0).Missing["name"]);
    }

    [Fact]
    public void A_method_may_be_denied_on_one_object()
    {
        _soap.Login();
        _server.Deny("win01", "PowerOffVM_Task");
        Assert.Equal("NoPermission", Assert.Throws<SoapFaultException>(() => _soap.Call("PowerOffVM_Task", "VirtualMachine", _server.VM("win01").Id!)).Fault);
        Assert.Single(_soap.Call("PowerOffVM_Task", "VirtualMachine", _server.VM("win02").Id!));
    }

    [Fact]
    public void An_object_that_was_deleted_is_not_found()
    {
        _soap.Login();
        var vm = _server.VM("win01").Id!;
        _server.Remove("win01");
        Assert.Equal("ManagedObjectNotFound", Assert.Throws<SoapFaultException>(() => _soap.Read("VirtualMachine", vm, "name")).Fault);
        Assert.DoesNotContain(_soap.Retrieve("VirtualMachine", "name"), found => found.Name == "win01");
    }

    [Fact]
    public void A_host_that_is_lost_takes_its_VMs_along()
    {
        _soap.Login();
        _server.ChangeHost("esx02.example.com", "notResponding");
        var lost = _soap.Retrieve("VirtualMachine", "name", "runtime.connectionState").Where(vm => vm.Values["runtime.connectionState"].Value == "disconnected").Select(vm => vm.Name);
        Assert.Equal(["lost01", "router01", "san01", "tmpl-win2019", "web01"], lost.Order(StringComparer.Ordinal));
        _server.Remove("esx02.example.com");
        Assert.Equal(12, _soap.Retrieve("VirtualMachine", "name").Count);
        Assert.Equal(4, _soap.Retrieve("HostSystem", "name").Count);
    }

    [Fact]
    public void A_method_fails_with_the_fault_or_the_HTTP_status_that_was_asked_for()
    {
        _soap.Login();
        _server.Fault("InvalidState", method: "CurrentTime");
        _server.AnswerWithStatus(503, "RetrieveServiceContent");
        Assert.Equal("InvalidState", Assert.Throws<SoapFaultException>(() => _soap.Call("CurrentTime", "ServiceInstance", "ServiceInstance")).Fault);
        Assert.Equal(HttpStatusCode.ServiceUnavailable,
            Assert.Throws<HttpRequestException>(() => _soap.Call("RetrieveServiceContent", "ServiceInstance", "ServiceInstance")).StatusCode);
        Assert.Single(_soap.Call("CurrentTime", "ServiceInstance", "ServiceInstance"));
    }

    [Fact]
    public void A_slow_answer_is_slow()
    {
        _soap.Login();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        _server.Slow(TimeSpan.FromMilliseconds(300), "CurrentTime", times: 1);
        _soap.Call("CurrentTime", "ServiceInstance", "ServiceInstance");
        Assert.True(watch.ElapsedMilliseconds >= 290); // a lower bound: no slow machine breaks it
        Assert.Equal(1, _server.Requests().Methods["CurrentTime"]);
    }

    [Theory]
    [InlineData("expired", SslPolicyErrors.RemoteCertificateChainErrors)]
    [InlineData("wrong-name", SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch)]
    public void The_certificate_may_be_a_bad_one(string certificate, SslPolicyErrors errors)
    {
        using var server = VSphereServer.Start(new VSphereServerOptions { Certificate = certificate, ApiVersion = "6.5" });
        using var soap = new RawSoap(server).Login();
        Assert.Equal(errors, soap.Errors);
        var content = soap.Call("RetrieveServiceContent", "ServiceInstance", "ServiceInstance")[0];
        Assert.Equal("6.5", content.Descendants(RawSoap.Vim + "apiVersion").Single().Value);
    }

    [Fact]
    public void Without_TLS_it_speaks_HTTP()
    {
        using var server = VSphereServer.Start(new VSphereServerOptions { Plain = true });
        using var soap = new RawSoap(server).Login();
        Assert.Equal("http", server.Url.Scheme);
        Assert.NotEmpty(soap.Retrieve("HostSystem", "name"));
    }

    public void Dispose()
    {
        _soap.Dispose();
        _server.Dispose();
    }

    private static void Until(Func<bool> condition)
    {
        for (var i = 0; i < 1000 && !condition(); i++) Thread.Sleep(10);
    }
}
