using PassthroughTools.Vim;
using PassthroughTools.VSphere;

namespace PassthroughTools.Tests.Client;

/// <summary>Properties of many objects, against the stand-in for a vCenter.</summary>
public sealed class RetrievalTests : IClassFixture<RetrievalTests.Fixture>, IDisposable
{
    private readonly VSphereServer _server;
    private readonly VSphereClient _client;

    public RetrievalTests(Fixture fixture)
    {
        _server = fixture.Server;
        _server.Reset();
        _client = Connecting.To(_server);
        _server.ResetRequests();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Reset();
        _client.Dispose();
    }

    [Fact]
    public void A_whole_type_comes_page_by_page_and_the_view_is_removed()
    {
        var names = All("VirtualMachine", "name").Select(vm => vm.Properties.Text("name")).ToList();
        Assert.Equal(10, names.Distinct().Count());
        Assert.Equal(
            ["CreateContainerView", "RetrievePropertiesEx", "ContinueRetrievePropertiesEx", "ContinueRetrievePropertiesEx", "ContinueRetrievePropertiesEx", "DestroyView"],
            _server.Requests().Sequence);
    }

    [Fact]
    public void Whoever_stops_early_leaves_nothing_behind_on_the_server()
    {
        Assert.Equal(2, All("VirtualMachine", "name").Take(2).Count());
        Assert.Equal(["CreateContainerView", "RetrievePropertiesEx", "CancelRetrievePropertiesEx", "DestroyView"], _server.Requests().Sequence);
    }

    [Fact]
    public void Objects_within_a_cluster_or_a_host_can_be_asked_for()
    {
        var cluster = Assert.Single(All("ClusterComputeResource", "host"));
        var hosts = _client.RetrieveAll("HostSystem", ["name", "vm"], cluster.Reference, Token).ToList();
        Assert.Equal(cluster.Properties.References("host").Order(Comparer<ManagedObject>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value))),
            hosts.Select(host => host.Reference).Order(Comparer<ManagedObject>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value))));
        var vms = _client.RetrieveAll("VirtualMachine", ["name"], hosts[0].Reference, Token).Select(vm => vm.Reference);
        Assert.Equal(hosts[0].Properties.References("vm").ToHashSet(), vms.ToHashSet());
        Assert.Equal(hosts[0].Reference, Assert.Single(_client.RetrieveAll("HostSystem", ["name"], hosts[0].Reference, Token)).Reference);
    }

    [Fact]
    public void Values_are_read_by_path_whatever_was_retrieved()
    {
        var host = All("HostSystem", "name", "hardware.pciDevice", "config.product", "summary", "config.option").First(found => found.Properties.Text("name") == "esx0001.example.com").Properties;
        Assert.Equal("6.7.0", host.Text("config.product.version"));
        Assert.Equal("6.7.0", host.Data("config")?.Text("product.version"));
        Assert.Equal(64, host.Number("summary.hardware.numCpuThreads"));
        Assert.NotEmpty(host.List("hardware.pciDevice"));
        Assert.All(host.List("hardware.pciDevice"), device => Assert.Equal("HostPciDevice", device.TypeName is "" ? "HostPciDevice" : device.TypeName));
        Assert.Equal(host.List("hardware.pciDevice").Count, host.Data("hardware")?.List("pciDevice").Count);
        Assert.Null(host.Text("nothing.of.that.name"));
        Assert.Empty(host.List("hardware.cpuPkg"));
        Assert.Null(host.Data("vm"));
    }

    [Fact]
    public void A_device_knows_its_type_and_its_backing()
    {
        var devices = All("VirtualMachine", "config.hardware.device").SelectMany(vm => vm.Properties.List("config.hardware.device")).Where(device => device.TypeName == "VirtualPCIPassthrough").ToList();
        Assert.NotEmpty(devices);
        Assert.All(devices, device => Assert.StartsWith("VirtualPCIPassthrough", device.Data("backing")?.TypeName, StringComparison.Ordinal));
    }

    [Fact]
    public void One_object_that_is_gone_does_not_cost_the_others()
    {
        var vms = All("VirtualMachine", "name").Select(vm => vm.Reference).ToList();
        var gone = new ManagedObject("VirtualMachine", "vm-999999");
        var found = _client.Retrieve([vms[0], gone, .. vms.Skip(1)], ["name", "config.changeVersion"], Token).ToList();
        Assert.Equal(vms.Count + 1, found.Count);
        var refused = Assert.Single(found, one => one.Refused.Count > 0);
        Assert.Equal(gone, refused.Reference);
        Assert.All(refused.Refused.Values, e => Assert.Equal("VSphereObjectGone", e.ErrorId));
        Assert.Equal(["config.changeVersion", "name"], refused.Refused.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_object_that_may_not_be_seen_names_the_privilege_and_does_not_cost_the_others()
    {
        _server.Deny("vm-denied");
        var vms = All("VirtualMachine", "name").ToList();
        _server.Deny(vms[3].Reference.Value);
        var found = All("VirtualMachine", "name").ToList();
        var refused = Assert.Single(found, one => one.Refused.Count > 0);
        Assert.Equal("VSpherePermissionDenied", refused.Refused["name"].ErrorId);
        Assert.Contains("System.Read", refused.Refused["name"].Message, StringComparison.Ordinal);
        Assert.Equal(vms.Count, found.Count);
    }

    [Fact]
    public void A_path_that_the_type_has_not_is_refused_by_the_simulator_and_an_error_of_the_real_API()
    {
        Assert.All(All("HostSystem", "nonsense"), host => Assert.Equal("VSphereFault", host.Refused["nonsense"].ErrorId));
        _server.Fault("InvalidProperty", method: "RetrievePropertiesEx");
        Assert.Equal("VSphereFault", Connecting.Fails(() => All("HostSystem", "nonsense").ToList()).ErrorId);
    }

    [Fact]
    public void A_container_that_is_gone_is_an_error() =>
        Assert.Equal("VSphereObjectGone", Connecting.Fails(() => _client.RetrieveAll("HostSystem", ["name"], new ManagedObject("Folder", "group-999"), Token).ToList()).ErrorId);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_connection_that_is_cut_at_any_request_is_an_error_that_says_so(int number)
    {
        foreach (var when in new[] { CutMoment.Before, CutMoment.After, CutMoment.Middle })
        {
            _server.Reset();
            _server.DropAt(number, when);
            Assert.Equal("VSphereConnectionLost", Connecting.Fails(() => All("VirtualMachine", "name").ToList()).ErrorId);
        }
    }

    [Fact]
    public void A_connection_that_is_cut_while_tidying_up_costs_nothing()
    {
        _server.DropAt(6);
        Assert.Equal(10, All("VirtualMachine", "name").Count());
    }

    [Fact]
    public void The_client_can_be_used_again_after_the_connection_was_cut()
    {
        _server.Drop("RetrievePropertiesEx");
        Connecting.Fails(() => All("HostSystem", "name").ToList());
        Assert.Equal(3, All("HostSystem", "name").Count());
    }

    [Fact]
    public void A_session_that_the_server_ended_says_so()
    {
        _server.ExpireSession();
        Assert.Equal("VSphereSessionExpired", Connecting.Fails(() => All("HostSystem", "name").ToList()).ErrorId);
    }

    [Fact]
    public void A_slow_answer_times_out_and_names_what_was_asked()
    {
        using var hasty = Connecting.To(_server, options => options with { Timeout = TimeSpan.FromSeconds(2) });
        _server.Slow(TimeSpan.FromSeconds(20), "RetrievePropertiesEx", times: 1);
        var e = Connecting.Fails(() => hasty.RetrieveAll("HostSystem", ["name"], null, Token).ToList());
        Assert.Equal("VSphereTimeout", e.ErrorId);
        Assert.Contains("RetrievePropertiesEx", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_that_answers_for_the_server_is_an_error_of_its_own()
    {
        _server.AnswerWithStatus(503, "RetrievePropertiesEx");
        Assert.Equal("VSphereServiceUnavailable", Connecting.Fails(() => All("HostSystem", "name").ToList()).ErrorId);
    }

    [Fact]
    public void Cancelling_stops_between_pages()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var _ in _client.RetrieveAll("VirtualMachine", ["name"], null, stop.Token)) stop.Cancel();
        });
        Assert.DoesNotContain("ContinueRetrievePropertiesEx", _server.Requests().Sequence);
    }

    [Fact]
    public void What_is_asked_is_traced_on_the_asking_thread_without_secrets()
    {
        var lines = new List<string>();
        using (VimTrace.To(lines.Add))
        {
            using var traced = Connecting.To(_server);
            Assert.Equal(3, traced.RetrieveAll("HostSystem", ["name"], null, Token).Count());
        }

        Assert.Equal(7, lines.Count);
        Assert.All(lines, line => Assert.StartsWith(_server.Server, line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain(_server.Password, line, StringComparison.Ordinal));
    }

    private IEnumerable<VimObject> All(string type, params string[] paths) => _client.RetrieveAll(type, paths, null, Token);

    public sealed class Fixture : IDisposable
    {
        internal VSphereServer Server { get; } = VSphereServer.Start(new VSphereServerOptions { Hosts = 3, VMs = 10, PageSize = 3 });

        public void Dispose() => Server.Dispose();
    }
}
