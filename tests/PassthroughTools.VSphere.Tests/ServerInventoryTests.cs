using System.Net.Security;
using System.Xml.Linq;

namespace PassthroughTools.Tests;

/// <summary>The server shows hosts and VMs as the real API does.</summary>
public sealed class ServerInventoryTests : IClassFixture<ServerInventoryTests.Fixture>
{
    private readonly VSphereServer _server;
    private readonly RawSoap _soap;

    public ServerInventoryTests(Fixture fixture) => (_server, _soap) = (fixture.Server, fixture.Soap);

    [Fact]
    public void The_printed_thumbprint_is_that_of_the_certificate()
    {
        Assert.Equal(_server.Thumbprint.Replace(":", "", StringComparison.Ordinal), _soap.Certificate);
        Assert.Equal(SslPolicyErrors.RemoteCertificateChainErrors, _soap.Errors);
    }

    [Fact]
    public void Bus_numbers_and_ids_are_signed()
    {
        var device = _soap.Retrieve("HostSystem", "name", "hardware.pciDevice").Single(host => host.Values.TryGetValue("name", out var name) && name.Value.StartsWith("esx02", StringComparison.Ordinal))
            .Values["hardware.pciDevice"].Elements().Single(device => Value(device, "id") == "0000:c8:00.1");
        Assert.Equal(("-56", "0", "1", "-7424"), (Value(device, "bus"), Value(device, "slot"), Value(device, "function"), Value(device, "deviceId")));
    }

    [Fact]
    public void The_host_of_the_sample_has_its_devices_version_and_VMs()
    {
        var host = _soap.Retrieve("HostSystem", "name", "config.product", "hardware.cpuInfo", "hardware.systemInfo.uuid", "config.pciPassthruInfo", "vm")
            .Single(host => host.Name == "esx01.example.com");
        Assert.Equal(("5.0.0", "469512"), (Value(host.Values["config.product"], "version"), Value(host.Values["config.product"], "build")));
        Assert.Equal("24", Value(host.Values["hardware.cpuInfo"], "numCpuThreads"));
        Assert.Equal("4f3a51c2-7b0e-9d14-6c20-0019b9e4a1d0", host.Values["hardware.systemInfo.uuid"].Value);
        Assert.Equal(8, host.Values["config.pciPassthruInfo"].Elements().Count(info => Value(info, "passthruActive") == "true"));
        Assert.Equal(4, host.Values["vm"].Elements().Count());
    }

    [Theory]
    [InlineData("win03", "VirtualPCIPassthroughDeviceBackingInfo")]
    [InlineData("ml01", "VirtualPCIPassthroughDynamicBackingInfo")]
    [InlineData("vdi01", "VirtualPCIPassthroughVmiopBackingInfo")]
    [InlineData("vdi02", "VirtualPCIPassthroughDvxBackingInfo")]
    [InlineData("router01", "VirtualSriovEthernetCardSriovBackingInfo")]
    public void Each_kind_of_passthrough_device_has_its_backing(string vm, string backing)
    {
        var devices = _soap.Retrieve("VirtualMachine", "name", "config.hardware.device").Single(found => found.Name == vm).Values["config.hardware.device"];
        var kinds = devices.Elements().Elements().Where(element => element.Name.LocalName is "backing" or "sriovBacking")
            .Select(element => element.Attribute(RawSoap.TypeName)?.Value ?? "VirtualSriovEthernetCardSriovBackingInfo");
        Assert.Contains(backing, kinds);
    }

    [Fact]
    public void A_dynamic_device_is_assigned_only_while_its_VM_is_on()
    {
        var assigned = _soap.Retrieve("VirtualMachine", "name", "config.hardware.device").Where(vm => vm.Name.StartsWith("ml", StringComparison.Ordinal))
            .ToDictionary(vm => vm.Name, vm => vm.Values["config.hardware.device"].Descendants(RawSoap.Vim + "assignedId").Count());
        Assert.Equal((2, 0), (assigned["ml01"], assigned["ml02"]));
    }

    [Fact]
    public void A_property_that_is_not_set_is_not_in_the_answer()
    {
        var host = _soap.Retrieve("HostSystem", "name", "runtime.connectionState", "hardware.pciDevice").Single(host => host.Name == "esx05.example.com");
        Assert.Equal("disconnected", host.Values["runtime.connectionState"].Value);
        Assert.DoesNotContain("hardware.pciDevice", host.Values.Keys);
        Assert.Empty(host.Missing);
    }

    [Fact]
    public void Hardware_labels_and_virtual_functions_are_told()
    {
        var infos = _soap.Retrieve("HostSystem", "config.pciPassthruInfo").Where(host => host.Values.Count > 0)
            .SelectMany(host => host.Values["config.pciPassthruInfo"].Elements()).ToList();
        Assert.Contains(infos, info => Value(info, "hardwareLabel") == "gpu-a100");
        Assert.Contains(infos, info => info.Attribute(RawSoap.TypeName)!.Value == "HostSriovInfo" && Value(info, "numVirtualFunction") == "8");
    }

    [Fact]
    public void The_limit_of_passthrough_devices_comes_from_the_environment_browser()
    {
        var host = _soap.Retrieve("HostSystem", "name", "parent").Single(host => host.Name == "esx04.example.com");
        var browser = _soap.Read("ClusterComputeResource", host.Values["parent"].Value, "environmentBrowser").Values["environmentBrowser"].Value;
        var option = _soap.Call("QueryConfigOptionEx", "EnvironmentBrowser", browser, $"<spec><host type=\"HostSystem\">{host.Id}</host></spec>")[0];
        Assert.Equal("128", Value(option.Descendants(RawSoap.Vim + "numPCIPassthroughDevices").Single(), "max"));
    }

    [Fact]
    public void Advanced_options_are_those_that_a_host_mirrors()
    {
        var host = _soap.Retrieve("HostSystem", "name", "configManager.advancedOption").Single(host => host.Name == "esx04.example.com");
        var keys = _soap.Call("QueryOptions", "OptionManager", host.Values["configManager.advancedOption"].Value, "<name>VMkernel.Boot.</name>").Select(option => Value(option, "key")).ToList();
        Assert.Contains("VMkernel.Boot.iovEnablePostedIntr", keys);
        Assert.DoesNotContain("VMkernel.Boot.maxIntrCookies", keys);
    }

    [Fact]
    public void A_log_is_read_in_pieces_until_none_is_left()
    {
        var host = _soap.Retrieve("HostSystem", "name").Single(host => host.Name == "esx01.example.com");
        List<string> read(int start, string lines)
        {
            var header = _soap.Call("BrowseDiagnosticLog", "DiagnosticManager", "DiagMgr", $"<host type=\"HostSystem\">{host.Id}</host><key>vmkernel</key><start>{start}</start>{lines}")[0];
            Assert.Equal("349", Value(header, "lineEnd"));
            return [.. header.Elements(RawSoap.Vim + "lineText").Select(line => line.Value)];
        }

        var all = new List<string>();
        for (var piece = read(1, "<lines>100</lines>"); piece.Count > 0; piece = read(all.Count + 1, "<lines>100</lines>")) all.AddRange(piece);
        Assert.Equal(File.ReadAllLines(Path.Combine(VSphereServerBuild.Root, "samples", "lpe12000-outage", "vmkernel.log")), all);
        Assert.Equal(300, read(1, "").Count);
        Assert.Empty(read(999999999, ""));
    }

    [Fact]
    public void The_logs_of_a_host_are_named()
    {
        var host = _soap.Retrieve("HostSystem", "name").Single(host => host.Name == "esx01.example.com");
        Assert.Contains("vmkernel", _soap.Call("QueryDescriptions", "DiagnosticManager", "DiagMgr", $"<host type=\"HostSystem\">{host.Id}</host>").Select(log => Value(log, "key")));
    }

    private static string? Value(XElement element, string name) => element.Element(RawSoap.Vim + name)?.Value;

    public sealed class Fixture : IDisposable
    {
        public Fixture()
        {
            Server = VSphereServer.Start(new VSphereServerOptions { LogLines = 300 });
            Soap = new RawSoap(Server).Login();
        }

        internal VSphereServer Server { get; }

        internal RawSoap Soap { get; }

        public void Dispose()
        {
            Soap.Dispose();
            Server.Dispose();
        }
    }
}
