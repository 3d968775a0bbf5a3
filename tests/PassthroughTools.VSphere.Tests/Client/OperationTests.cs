using System.Globalization;
using PassthroughTools.Vim;
using PassthroughTools.VSphere;

namespace PassthroughTools.Tests.Client;

/// <summary>Changes and power, against the stand-in for a vCenter. Each test has a server of its own, as each leaves VMs changed.</summary>
public sealed class OperationTests : IDisposable
{
    private static readonly ManagedObject Nobody = new("VirtualMachine", "vm-999999");
    private VSphereServer? _server;
    private VSphereClient? _client;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client?.Dispose();
        _server?.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Settings_are_set_and_removed_and_what_the_server_made_of_it_can_be_read_back(bool quirks)
    {
        var (vm, version) = VM("san01", new VSphereServerOptions { Quirks = quirks });
        _client!.SetExtraConfig(vm, version, new Dictionary<string, string?> { ["pciPassthru0.msiEnabled"] = null, ["a.b"] = "<&> \"x\"" }, Token);
        var settings = Read(vm, "config.extraConfig").List("config.extraConfig").ToLookup(option => option.Text("key"), option => option.Text("value"));
        Assert.Equal(["<&> \"x\""], settings["a.b"]);
        // The bare simulator appends what the real API merges: the caller sees both values and knows that the key did not go.
        Assert.Equal(quirks ? ["FALSE", ""] : Array.Empty<string>(), settings["pciPassthru0.msiEnabled"]);
    }

    [Theory]
    [InlineData(false, -56)]
    [InlineData(true, 200)]
    public void Bus_numbers_come_through_as_they_are_sent(bool quirks, long bus)
    {
        Start(new VSphereServerOptions { Quirks = quirks });
        var devices = _client!.RetrieveAll("HostSystem", ["name", "hardware.pciDevice"], null, Token).SelectMany(host => host.Properties.List("hardware.pciDevice"));
        Assert.Equal(bus, devices.First(device => device.Text("id") == "0000:c8:00.0").Number("bus"));
    }

    [Fact]
    public void A_change_by_someone_else_in_between_is_refused_and_not_overwritten()
    {
        var (vm, version) = VM("san01");
        _server!.EditConcurrently("san01");
        var before = _server.VM("san01").ExtraConfig;
        Assert.Equal("VSphereConcurrentEdit", Connecting.Fails(() => Set(vm, version)).ErrorId);
        Assert.Equal(before, _server.VM("san01").ExtraConfig);
    }

    [Fact]
    public void A_change_without_a_version_to_compare_with_is_refused_before_it_is_sent()
    {
        var (vm, _) = VM("san01");
        Assert.Equal("VSphereFault", Connecting.Fails(() => Set(vm, "")).ErrorId);
        Assert.DoesNotContain("ReconfigVM_Task", _server!.Requests().Sequence);
    }

    [Fact]
    public void A_privilege_that_is_lacking_is_named()
    {
        var (vm, version) = VM("san01");
        _server!.Deny("san01", "ReconfigVM_Task");
        var e = Connecting.Fails(() => Set(vm, version));
        Assert.Equal("VSpherePermissionDenied", e.ErrorId);
        Assert.Contains("VirtualMachine.Config.AdvancedConfig", e.Message, StringComparison.Ordinal);
        Assert.Equal(new VimTarget(_server.Server, vm), e.Target);
    }

    [Fact]
    public void A_task_that_fails_says_why_in_the_words_of_the_server()
    {
        var (vm, version) = VM("san01");
        _server!.FailTask("GenericVmConfigFault", "Module 'DevicePowerOn' power on failed.");
        var e = Connecting.Fails(() => Set(vm, version));
        Assert.Equal("VSphereTaskFailed", e.ErrorId);
        Assert.Contains("Module 'DevicePowerOn' power on failed. (GenericVmConfigFault)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_that_the_server_refuses_says_why_in_its_words()
    {
        var (vm, version) = VM("san01");
        _server!.Fault("NotSupported", "Not on this object.", "ReconfigVM_Task");
        var e = Connecting.Fails(() => Set(vm, version));
        Assert.Equal("VSphereFault", e.ErrorId);
        Assert.Contains("Not on this object. (NotSupported)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_VM_that_is_gone_says_so()
    {
        Start();
        Assert.Equal("VSphereObjectGone", Connecting.Fails(() => _client!.PowerOn(Nobody, null, Token)).ErrorId);
        Assert.Equal("VSphereObjectGone", Connecting.Fails(() => _client!.ShutDownGuest(Nobody)).ErrorId);
    }

    [Fact]
    public void Power_goes_off_and_on_with_progress_and_a_second_time_is_a_wrong_state()
    {
        var (vm, _) = VM("san01", new VSphereServerOptions { TaskTime = TimeSpan.FromMilliseconds(600) });
        var steps = new Steps();
        _client!.PowerOff(vm, steps, Token);
        Assert.Equal("poweredOff", _server!.VM("san01").PowerState);
        Assert.Equal(100, steps.Percent[^1]);
        Assert.Contains(50, steps.Percent);
        Assert.Equal("VSphereInvalidState", Connecting.Fails(() => _client.PowerOff(vm, null, Token)).ErrorId);
        _client.PowerOn(vm, null, Token);
        Assert.Equal("poweredOn", _server.VM("san01").PowerState);
    }

    [Fact]
    public void A_power_on_that_fails_names_the_reason()
    {
        var (vm, _) = VM("ml02");
        _server!.Change(new VSphereVMState { Object = "ml02", FailsToPowerOn = "No host has enough vectors." });
        var e = Connecting.Fails(() => _client!.PowerOn(vm, null, Token));
        Assert.Equal("VSphereTaskFailed", e.ErrorId);
        Assert.Contains("No host has enough vectors.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_for_a_task_can_be_cancelled_and_the_task_goes_on()
    {
        var (vm, _) = VM("san01", new VSphereServerOptions { TaskTime = TimeSpan.FromMilliseconds(800) });
        using var stop = new CancellationTokenSource();
        var progress = new Steps { Then = _ => stop.Cancel() };
        Assert.Throws<OperationCanceledException>(() => _client!.PowerOff(vm, progress, stop.Token));
        Assert.DoesNotContain("CancelTask", _server!.Requests().Sequence);
    }

    [Fact]
    public void A_guest_is_asked_to_shut_down_and_does_so_later()
    {
        var (vm, _) = VM("san01");
        _client!.ShutDownGuest(vm);
        while (Read(vm, "runtime.powerState").Text("runtime.powerState") != "poweredOff") Token.ThrowIfCancellationRequested();
        Assert.Equal(1, _server!.Requests().Methods["ShutdownGuest"]);
    }

    [Fact]
    public void A_guest_without_tools_can_not_be_asked()
    {
        var (vm, _) = VM("san01");
        _server!.Change(new VSphereVMState { Object = "san01", ToolsRunning = false });
        Assert.Equal("VSphereToolsUnavailable", Connecting.Fails(() => _client!.ShutDownGuest(vm)).ErrorId);
    }

    [Fact]
    public void A_host_that_its_vCenter_can_not_reach_says_so()
    {
        var (vm, version) = VM("san01");
        _server!.ChangeHost("esx02.example.com", connectionState: "notResponding");
        Assert.Equal("VSphereHostNotConnected", Connecting.Fails(() => Set(vm, version)).ErrorId);
    }

    [Fact]
    public void A_connection_that_is_cut_once_while_a_task_is_waited_for_does_not_end_the_waiting()
    {
        var (vm, _) = VM("san01");
        _server!.Drop("RetrievePropertiesEx");
        _client!.PowerOff(vm, null, Token);
        Assert.Equal("poweredOff", _server.VM("san01").PowerState);
        Assert.Equal(1, _server.Requests().Methods["PowerOffVM_Task"]);
    }

    [Theory]
    [InlineData("before", false)]
    [InlineData("after", true)]
    public void A_change_whose_answer_is_lost_is_an_error_and_is_never_sent_twice(string when, bool isDone)
    {
        var (vm, version) = VM("san01");
        _server!.Drop("ReconfigVM_Task", when == "after" ? CutMoment.After : CutMoment.Before);
        Assert.Equal("VSphereConnectionLost", Connecting.Fails(() => Set(vm, version)).ErrorId);
        Assert.Equal(1, _server.Requests().Methods["ReconfigVM_Task"]);
        while (isDone && !_server.VM("san01").ExtraConfig!.ContainsKey("a")) Token.ThrowIfCancellationRequested();
        Assert.Equal(isDone, _server.VM("san01").ExtraConfig!.ContainsKey("a"));
    }

    [Theory]
    [InlineData(null, 1, 25)]
    [InlineData(7, 19, 25)]
    [InlineData(100, 1, 25)]
    public void A_log_comes_in_chunks_oldest_line_first(int? most, int first, int last)
    {
        var file = Path.GetTempFileName();
        File.WriteAllLines(file, Enumerable.Range(1, 25).Select(number => "line " + number.ToString(CultureInfo.InvariantCulture) + " <&>"));
        Start(new VSphereServerOptions { LogLines = 10 });
        _server!.ChangeHost("esx02.example.com", log: file);
        var host = _client!.RetrieveAll("HostSystem", ["name"], null, Token).First(found => found.Properties.Text("name") == "esx02.example.com").Reference;
        var lines = _client.ReadLog(host, "vmkernel", most, Token).ToList();
        File.Delete(file);
        Assert.Equal(Enumerable.Range(first, last - first + 1).Select(number => "line " + number.ToString(CultureInfo.InvariantCulture) + " <&>"), lines);
    }

    [Fact]
    public void A_log_that_may_not_be_read_names_the_privilege()
    {
        Start();
        _server!.Deny(null, "BrowseDiagnosticLog");
        var host = _client!.RetrieveAll("HostSystem", ["name"], null, Token).First().Reference;
        Assert.Equal("VSpherePermissionDenied", Connecting.Fails(() => _client.ReadLog(host, "vmkernel", null, Token).ToList()).ErrorId);
    }

    private void Start(VSphereServerOptions? options = null)
    {
        _server = VSphereServer.Start(options);
        _client = Connecting.To(_server);
    }

    private (ManagedObject VM, string Version) VM(string name, VSphereServerOptions? options = null)
    {
        Start(options);
        var vm = _client!.RetrieveAll("VirtualMachine", ["name", "config.changeVersion"], null, Token).First(found => found.Properties.Text("name") == name);
        _server!.ResetRequests();
        return (vm.Reference, vm.Properties.Text("config.changeVersion")!);
    }

    private VimData Read(ManagedObject vm, string path) => _client!.Retrieve([vm], [path], Token).Single().Properties;

    private void Set(ManagedObject vm, string version) => _client!.SetExtraConfig(vm, version, new Dictionary<string, string?> { ["a"] = "b" }, Token);

    private sealed class Steps : IProgress<int>
    {
        public List<int> Percent { get; } = [];

        public Action<int>? Then { get; init; }

        public void Report(int value)
        {
            Percent.Add(value);
            Then?.Invoke(value);
        }
    }
}
