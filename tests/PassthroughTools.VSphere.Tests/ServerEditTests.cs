using System.Xml.Linq;

namespace PassthroughTools.Tests;

/// <summary>The server changes VMs as vCenter does: change versions, merged extraConfig, tasks, power and guests.</summary>
public sealed class ServerEditTests : IDisposable
{
    private readonly VSphereServer _server = VSphereServer.Start(new VSphereServerOptions { ShutdownTime = TimeSpan.FromMilliseconds(60) });
    private readonly RawSoap _soap;

    public ServerEditTests() => _soap = new RawSoap(_server).Login();

    [Fact]
    public void A_key_is_set_replaced_and_removed_and_the_change_version_moves_on()
    {
        var before = _server.VM("win01");
        Assert.Equal("success", State(Reconfigure("win01", null, ("test.key", "one"))));
        Assert.Equal("success", State(Reconfigure("win01", null, ("test.key", "two"), ("pciPassthru0.msiEnabled", ""))));
        var after = _server.VM("win01");
        Assert.Equal("two", after.ExtraConfig!["test.key"]);
        Assert.Equal("FALSE", before.ExtraConfig!["pciPassthru0.msiEnabled"]);
        Assert.DoesNotContain("pciPassthru0.msiEnabled", after.ExtraConfig.Keys);
        Assert.Null(after.Repeated);
        Assert.NotEqual(before.ChangeVersion, after.ChangeVersion);
        Assert.Equal(after.ChangeVersion, _soap.Read("VirtualMachine", after.Id!, "config.changeVersion").Values["config.changeVersion"].Value);
    }

    [Fact]
    public void A_stale_change_version_is_refused()
    {
        var version = _server.VM("win02").ChangeVersion;
        Assert.Equal("success", State(Reconfigure("win02", version, ("test.key", "ours"))));
        Assert.Equal("ConcurrentAccess", Failure(Reconfigure("win02", version, ("test.key", "late"))));
        Assert.Equal("ours", _server.VM("win02").ExtraConfig!["test.key"]);
    }

    [Fact]
    public void Someone_elses_edit_just_before_ours_makes_ours_stale()
    {
        _server.EditConcurrently("win03");
        Assert.Equal("ConcurrentAccess", Failure(Reconfigure("win03", _server.VM("win03").ChangeVersion, ("test.key", "x"))));
    }

    [Fact]
    public void A_guest_shuts_down_after_a_while_and_the_VM_starts_again()
    {
        var vm = _server.VM("win01").Id!;
        _soap.Call("ShutdownGuest", "VirtualMachine", vm);
        Assert.Equal("poweredOn", _server.VM("win01").PowerState);
        Until(() => _server.VM("win01").PowerState == "poweredOff");
        Assert.Equal("success", State(_soap.Wait(_soap.Call("PowerOnVM_Task", "VirtualMachine", vm)[0])));
        Assert.Equal("InvalidPowerState", Failure(_soap.Wait(_soap.Call("PowerOnVM_Task", "VirtualMachine", vm)[0])));
        Assert.Equal("success", State(_soap.Wait(_soap.Call("ResetVM_Task", "VirtualMachine", vm)[0])));
        Assert.Equal("success", State(_soap.Wait(_soap.Call("PowerOffVM_Task", "VirtualMachine", vm)[0])));
        Assert.Equal("guestToolsNotRunning", _soap.Read("VirtualMachine", vm, "guest.toolsRunningStatus").Values["guest.toolsRunningStatus"].Value);
    }

    [Fact]
    public void A_guest_without_tools_can_not_be_shut_down() =>
        Assert.Equal("ToolsUnavailable", Assert.Throws<SoapFaultException>(() => _soap.Call("ShutdownGuest", "VirtualMachine", _server.VM("vdi02").Id!)).Fault);

    [Fact]
    public void A_VM_that_ignores_the_shutdown_stays_on()
    {
        _server.Change(new VSphereVMState { Object = "db01", NeverShutsDown = true });
        _soap.Call("ShutdownGuest", "VirtualMachine", _server.VM("db01").Id!);
        _soap.Call("ShutdownGuest", "VirtualMachine", _server.VM("win02").Id!);
        Until(() => _server.VM("win02").PowerState == "poweredOff");
        Assert.Equal("poweredOn", _server.VM("db01").PowerState);
    }

    [Fact]
    public void A_VM_that_can_not_start_says_why()
    {
        var info = _soap.Wait(_soap.Call("PowerOnVM_Task", "VirtualMachine", _server.VM("db03").Id!)[0]);
        Assert.Equal("GenericVmConfigFault", Failure(info));
        Assert.Contains("DevicePowerOn", info.Element(RawSoap.Vim + "error")!.Element(RawSoap.Vim + "localizedMessage")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_VM_on_a_host_that_is_gone_can_not_be_changed() =>
        Assert.Equal("HostNotConnected", Assert.Throws<SoapFaultException>(() => _soap.Call("PowerOffVM_Task", "VirtualMachine", _server.VM("lost01").Id!)).Fault);

    [Fact]
    public void A_task_fails_on_demand()
    {
        _server.FailTask("TaskInProgress", "busy", "ReconfigVM_Task");
        Assert.Equal("TaskInProgress", Failure(Reconfigure("win04", null, ("test.key", "x"))));
        Assert.Equal("success", State(Reconfigure("win04", null, ("test.key", "x"))));
    }

    [Fact]
    public void A_task_that_is_cancelled_in_time_changes_nothing()
    {
        using var server = VSphereServer.Start(new VSphereServerOptions { TaskTime = TimeSpan.FromMinutes(1) });
        using var soap = new RawSoap(server).Login();
        var task = soap.Call("PowerOffVM_Task", "VirtualMachine", server.VM("win01").Id!)[0];
        soap.Call("CancelTask", "Task", task.Value);
        Assert.Equal("RequestCanceled", Failure(soap.Wait(task)));
        Assert.Equal("poweredOn", server.VM("win01").PowerState);
    }

    [Fact]
    public void A_task_can_be_waited_for()
    {
        var task = _soap.Call("PowerOffVM_Task", "VirtualMachine", _server.VM("win01").Id!)[0].Value;
        _soap.Call("CreateFilter", "PropertyCollector", "propertyCollector",
            $"<spec><propSet><type>Task</type><pathSet>info.state</pathSet></propSet><objectSet><obj type=\"Task\">{task}</obj></objectSet></spec><partialUpdates>false</partialUpdates>");
        var (version, states) = ("", new List<string>());
        for (var i = 0; i < 100 && !states.Contains("success"); i++)
        {
            var set = _soap.Call("WaitForUpdatesEx", "PropertyCollector", "propertyCollector", $"<version>{version}</version><options><maxWaitSeconds>5</maxWaitSeconds></options>").SingleOrDefault();
            version = set?.Element(RawSoap.Vim + "version")!.Value ?? version;
            states.AddRange(set?.Descendants(RawSoap.Vim + "changeSet").Select(change => change.Element(RawSoap.Vim + "val")!.Value) ?? []);
        }

        Assert.Contains("success", states);
        Assert.Equal("poweredOff", _server.VM("win01").PowerState);
    }

    [Fact]
    public void Vectors_that_the_host_has_not_left_keep_a_VM_off()
    {
        const string Inventory = """
            { "hosts": [ { "name": "esx", "vectorBudget": 40, "vms": [
              { "name": "a", "on": true, "devices": [ { "kind": "plain", "id": "0000:05:00.0", "vectors": 32 } ] },
              { "name": "b", "devices": [ { "kind": "plain", "id": "0000:06:00.0", "vectors": 32 } ] } ] } ] }
            """;
        using var server = VSphereServer.Start(new VSphereServerOptions { InventoryJson = Inventory, ChecksVectors = true });
        using var soap = new RawSoap(server).Login();
        Assert.Equal("GenericVmConfigFault", Failure(soap.Wait(soap.Call("PowerOnVM_Task", "VirtualMachine", server.VM("b").Id!)[0])));
        soap.Wait(soap.Call("PowerOffVM_Task", "VirtualMachine", server.VM("a").Id!)[0]);
        Assert.Equal("success", State(soap.Wait(soap.Call("PowerOnVM_Task", "VirtualMachine", server.VM("b").Id!)[0])));
    }

    [Fact]
    public void With_quirks_it_behaves_as_the_bare_simulator()
    {
        using var server = VSphereServer.Start(new VSphereServerOptions { Quirks = true });
        using var soap = new RawSoap(server).Login();
        soap.Wait(soap.Call("ReconfigVM_Task", "VirtualMachine", server.VM("win01").Id!, Specification(null, ("pciPassthru0.msiEnabled", "")))[0]);
        Assert.Equal(["pciPassthru0.msiEnabled"], server.VM("win01").Repeated);
        Assert.Contains(soap.Retrieve("HostSystem", "hardware.pciDevice").SelectMany(host => host.Values.Values).Elements(), device => device.Element(RawSoap.Vim + "bus")!.Value == "200");
    }

    public void Dispose()
    {
        _soap.Dispose();
        _server.Dispose();
    }

    private static string State(XElement info) => info.Element(RawSoap.Vim + "state")!.Value;

    private static string? Failure(XElement info) =>
        info.Element(RawSoap.Vim + "error")?.Element(RawSoap.Vim + "fault")!.Attribute(RawSoap.TypeName)!.Value;

    private static string Specification(string? version, params (string Key, string Value)[] options) =>
        "<spec>" + (version is null ? "" : $"<changeVersion>{version}</changeVersion>")
        + string.Concat(options.Select(option => $"<extraConfig xsi:type=\"OptionValue\"><key>{option.Key}</key><value xsi:type=\"xsd:string\">{option.Value}</value></extraConfig>")) + "</spec>";

    private static void Until(Func<bool> condition)
    {
        for (var i = 0; i < 1000 && !condition(); i++) Thread.Sleep(10);
        Assert.True(condition());
    }

    private XElement Reconfigure(string vm, string? version, params (string Key, string Value)[] options) =>
        _soap.Wait(_soap.Call("ReconfigVM_Task", "VirtualMachine", _server.VM(vm).Id!, Specification(version, options))[0]);
}
