using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Vectors;
using PassthroughTools.Vim;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Vim;

public sealed class VimEvidenceReaderTests
{
    private static readonly ManagedObject Host1 = new("HostSystem", "host-1");
    private static readonly ManagedObject Vm1 = new("VirtualMachine", "vm-1");

    private static VimObject Host(ManagedObject reference, string name, ManagedObject[] vms, string state = "connected", params FakeData[] options) => new(reference, new FakeData("HostSystem",
        ("name", name),
        ("runtime.connectionState", state),
        ("config.product", new FakeData("AboutInfo", ("version", "8.0.2"), ("build", "22380479"))),
        ("hardware.cpuInfo", new FakeData("HostCpuInfo", ("numCpuThreads", (short)64), ("numCpuCores", (short)32))),
        ("hardware.pciDevice", new[] { Pci("0000:c8:00.0", -56), Pci("", -55) }),
        ("config.pciPassthruInfo", new[]
        {
            new FakeData("HostPciPassthruInfo", ("id", "0000:c8:00.0"), ("dependentDevice", "0000:c8:00.0"), ("passthruCapable", true), ("passthruEnabled", true), ("passthruActive", true), ("hardwareLabel", "fc")),
            new FakeData("HostSriovInfo", ("id", "0000:c9:00.0"), ("passthruCapable", true), ("passthruEnabled", false), ("passthruActive", false), ("sriovActive", true), ("numVirtualFunction", 8)),
        }),
        ("config.option", options),
        ("vm", vms)));

    private static FakeData Pci(string id, int bus) => new("HostPciDevice",
        ("id", id), ("bus", bus), ("slot", 0), ("function", 0), ("classId", 0x0c04), ("vendorId", -32634), ("deviceId", unchecked((short)0xe300)), ("deviceName", "LPe32000"));

    private static FakeData Option(string key, object value) => new("OptionValue", ("key", key), ("value", value));

    private static FakeData Plain(int key, string id, long? place = null) => new("VirtualPCIPassthrough",
        ("key", key), ("slotInfo", place is null ? null : new FakeData("VirtualDevicePciBusSlotInfo", ("pciSlotNumber", place))),
        ("backing", new FakeData("VirtualPCIPassthroughDeviceBackingInfo", ("id", id), ("deviceId", "e300"), ("vendorId", 0x10df), ("systemId", "4c4c"))));

    private static VimObject VM(ManagedObject reference, FakeData[] devices, FakeData[]? extra = null, string state = "poweredOn", bool template = false, string connection = "connected") => new(reference, new FakeData("VirtualMachine",
        ("name", reference.Value), ("config.hardware.device", devices), ("config.extraConfig", extra ?? []), ("config.guestId", "windows2019srv_64Guest"),
        ("config.version", "vmx-15"), ("config.template", template), ("runtime.powerState", state), ("runtime.connectionState", connection)));

    private static HostEvidence ReadOne(FakeData[] devices, params FakeData[] extra) =>
        Assert.Single(new VimEvidenceReader(new FakeSession(Host(Host1, "esx01", [Vm1]), VM(Vm1, devices, extra))).Read([Host1]));

    private static IReadOnlyList<PassthruSlot> Slots(FakeData[] devices, params FakeData[] extra) => ReadOne(devices, extra).VMs![0].Slots!;

    [Fact]
    public void A_bus_that_comes_as_minus_56_is_c8_and_identifiers_lose_their_sign()
    {
        var devices = ReadOne([Plain(13000, "0000:c8:00.0")]).PciDevices!;
        Assert.Equal([new PciAddress(0, 0xc8, 0, 0), new PciAddress(0, 0xc9, 0, 0)], devices.Select(device => device.Address));
        Assert.Equal(((ushort?)0x8086, (ushort?)0xe300), (devices[0].VendorId, devices[0].DeviceId));
    }

    [Fact]
    public void A_hosts_properties_become_what_a_folder_holds()
    {
        var host = ReadOne([Plain(13000, "0000:c8:00.0")]);
        Assert.Equal(("esx01", 64, "vc.example.com"), (host.HostName, host.LogicalCpus, host.Source));
        Assert.Equal(new EsxVersion(8, 0, 2, 22380479), host.Version);
        Assert.Equal("vsphere://vc.example.com/HostSystem-host-1", host.Vim!.ToString());
        Assert.Equal("vsphere://vc.example.com/VirtualMachine-vm-1", host.VMs![0].Vim!.ToString());
        Assert.Equal((PciOwner.VMPassthru, PciOwner.Unknown), (host.PciDevices![0].CurrentOwner, host.PciDevices[1].CurrentOwner));
        Assert.Equal(("fc", 8), (host.PassthruDevices![0].HardwareLabel, host.PassthruDevices[1].VirtualFunctions));
    }

    [Fact]
    public void What_the_API_does_not_tell_is_missing_by_the_names_of_a_folder()
    {
        var missing = ReadOne([Plain(13000, "0000:c8:00.0")]).Missing;
        Assert.Equal(["esxcli-system-settings-kernel-list.txt", "lspci-config.txt", "vmkernel.log", "vms/vm-1/guest-pci.reg"], missing);
    }

    [Fact]
    public void Line_based_interrupts_that_the_API_does_not_tell_are_not_taken_for_none()
    {
        var host = ReadOne([Plain(13000, "0000:c8:00.0")]) with { LogEvents = [.. LogReader.Read(new MemoryStream("2024-01-01T00:00:00.000Z cpu1:1)VMK_PCI: 617: 0000:4b:00.0: allocated 25 MSIX interrupts\n"u8.ToArray()), "vmkernel.log", LogQuery.All)] };
        var cookies = BudgetCalculator.Compute(host).Pools.Single(pool => pool.Pool == InterruptPool.InterruptCookies);
        Assert.Null(cookies.HostUseFigure.Maximum);
    }

    [Fact]
    public void Kernel_options_are_configured_values_and_no_more()
    {
        var host = Assert.Single(new VimEvidenceReader(new FakeSession(Host(Host1, "esx01", [], "connected", Option("VMkernel.Boot.disableACSCheck", false), Option("Syslog.x", "y")))).Read([Host1]));
        var setting = Assert.Single(host.KernelSettings!);
        Assert.Equal(("disableACSCheck", "false", null), (setting.Name, setting.Configured, setting.Runtime));
    }

    [Fact]
    public void Every_kind_of_backing_is_told_apart()
    {
        var slots = Slots(
        [
            Plain(13000, "0000:c8:00.0"),
            new FakeData("VirtualPCIPassthrough", ("key", 13001), ("backing", new FakeData("VirtualPCIPassthroughDynamicBackingInfo", ("assignedId", "0000:ca:00.0"), ("customLabel", "gpu"), ("allowedDevice", new[] { new FakeData("", ("vendorId", 0x10de), ("deviceId", 0x20f1)) })))),
            new FakeData("VirtualPCIPassthrough", ("key", 13002), ("backing", new FakeData("VirtualPCIPassthroughDynamicBackingInfo", ("allowedDevice", new[] { new FakeData("", ("vendorId", 0x10de), ("deviceId", 0x20f1)) })))),
            new FakeData("VirtualPCIPassthrough", ("key", 13003), ("backing", new FakeData("VirtualPCIPassthroughVmiopBackingInfo", ("vgpu", "grid_a100")))),
            new FakeData("VirtualPCIPassthrough", ("key", 13004), ("backing", new FakeData("VirtualPCIPassthroughDvxBackingInfo", ("deviceClass", "x")))),
            new FakeData("VirtualPCIPassthrough", ("key", 13005), ("backing", new FakeData("VirtualPCIPassthroughNewKindBackingInfo"))),
            new FakeData("VirtualSriovEthernetCard", ("key", 4000), ("sriovBacking", new FakeData("", ("physicalFunctionBacking", new FakeData("", ("id", "0000:3b:00.0"))), ("virtualFunctionBacking", new FakeData("", ("id", "0000:3b:00.2"), ("deviceId", "0")))))),
            new FakeData("VirtualE1000", ("key", 4001)),
        ]);
        Assert.Equal(
            [PassthruSlotKind.Passthrough, PassthruSlotKind.Passthrough, PassthruSlotKind.Unknown, PassthruSlotKind.Unknown, PassthruSlotKind.Unknown, PassthruSlotKind.Unknown, PassthruSlotKind.SriovVf],
            slots.Select(slot => slot.Kind));
        Assert.Equal((true, (PciAddress?)new PciAddress(0, 0xca, 0, 0), "gpu"), (slots[1].IsDynamic, slots[1].Address, slots[1].HardwareLabel));
        Assert.Equal(new AllowedPassthruDevice(0x10de, 0x20f1), Assert.Single(slots[2].AllowedDevices!));
        Assert.Equal((new PciAddress(0, 0x3b, 0, 0), new PciAddress(0, 0x3b, 0, 2)), (slots[6].PhysicalFunction, slots[6].Address));
    }

    [Fact]
    public void The_place_in_the_guest_proves_which_entry_is_a_devices()
    {
        var slots = Slots([Plain(13000, "0000:c8:00.0", 256), Plain(13001, "0000:c8:00.1", 224)],
            Option("pciPassthru0.pciSlotNumber", "224"), Option("pciPassthru0.msiEnabled", "FALSE"), Option("pciPassthru1.pciSlotNumber", "256"));
        Assert.Equal([(0, 1, PassthruMsiMode.IoApic, false), (1, 0, PassthruMsiMode.Default, false)], slots.Select(slot => (slot.Slot, slot.Address!.Value.Function, slot.MsiMode, slot.IsSlotInferred)));
    }

    [Fact]
    public void The_place_in_the_guest_is_told_by_the_VMs_own_bridges()
    {
        var slots = Slots([Plain(13000, "0000:c8:00.0", 1216), Plain(13001, "0000:c8:00.1", 160)], Option("pciPassthru0.pciSlotNumber", "1216"), Option("pciPassthru1.pciSlotNumber", "160"), Option("pciBridge5.pciSlotNumber", "22"));
        Assert.Equal(["16.1/00.0", null], slots.Select(slot => slot.GuestPath));
    }

    [Fact]
    public void An_entry_that_is_only_inferred_does_not_claim_a_mode_that_the_entries_differ_in()
    {
        var slots = Slots([Plain(13000, "0000:c8:00.0"), Plain(13001, "0000:c8:00.1")], Option("pciPassthru0.msiEnabled", "FALSE"), Option("pciPassthru1.pciSlotNumber", "256"));
        Assert.All(slots, slot => Assert.Equal((true, PassthruMsiMode.Unknown), (slot.IsSlotInferred, slot.MsiMode)));
    }

    [Fact]
    public void Cards_whose_entry_nothing_names_get_numbers_of_their_own()
    {
        var card = new FakeData("VirtualSriovEthernetCard", ("key", 4000), ("sriovBacking", new FakeData("", ("physicalFunctionBacking", new FakeData("", ("id", "0000:3b:00.0"))))));
        Assert.Equal([0, 1, 2], Slots([card, card, Plain(13000, "0000:c8:00.0")]).Select(slot => slot.Slot));
    }

    [Fact]
    public void A_VM_whose_configuration_is_not_to_be_seen_does_not_pass_for_one_without_devices()
    {
        var host = ReadOne([]);
        Assert.Null(host.VMs![0].Slots);
        Assert.Equal(BudgetVerdict.Unknown, BudgetCalculator.Compute(host).Verdict);
    }

    [Theory]
    [InlineData("connected", "poweredOff", VMPowerState.PoweredOff)]
    [InlineData("inaccessible", "poweredOff", VMPowerState.Unknown)]
    [InlineData("orphaned", "suspended", VMPowerState.Unknown)]
    [InlineData("disconnected", "poweredOn", VMPowerState.PoweredOn)]
    public void A_VM_that_its_server_has_lost_sight_of_is_not_taken_for_off(string connection, string state, VMPowerState expected)
    {
        var host = new VimEvidenceReader(new FakeSession(Host(Host1, "esx01", [Vm1]), VM(Vm1, [Plain(13000, "0000:c8:00.0")], state: state, connection: connection))).Read([Host1]).Single();
        Assert.Equal(expected, host.VMs![0].PowerState);
        Assert.Equal(connection != "connected", host.Warnings.Contains(VimErrors.VMNotConnected.For(Vm1, Vm1.Value, connection).Message));
        Assert.Equal(expected != VMPowerState.PoweredOff, BudgetCalculator.Compute(host).Devices.Single().IsCounted);
    }

    [Fact]
    public void A_template_is_left_out() =>
        Assert.Empty(new VimEvidenceReader(new FakeSession(Host(Host1, "esx01", [Vm1]), VM(Vm1, [Plain(13000, "0000:c8:00.0")], template: true))).Read([Host1]).Single().VMs!);

    [Fact]
    public void A_VM_that_may_not_be_seen_counts_as_unknown_and_one_that_is_gone_does_not()
    {
        var hidden = new ManagedObject("VirtualMachine", "vm-2");
        var denied = VimErrors.NoPermission.For(hidden, hidden, "System.View");
        var session = new FakeSession(Host(Host1, "esx01", [Vm1, hidden]), new VimObject(hidden, new FakeData("")) { Refused = new Dictionary<string, PassthruException> { ["name"] = denied } });
        var host = Assert.Single(new VimEvidenceReader(session).Read([Host1]));
        Assert.Equal("VirtualMachine-vm-2", Assert.Single(host.VMs!).Name);
        Assert.Equal(2, host.Warnings.Count(warning => warning.Contains("vm-")));
    }

    [Fact]
    public void A_host_that_fails_is_one_error_and_the_others_come_through()
    {
        ManagedObject off = new("HostSystem", "host-2"), gone = new("HostSystem", "host-3");
        var errors = new List<string>();
        var reader = new VimEvidenceReader(new FakeSession(Host(Host1, "esx01", []), Host(off, "esx02", [], "disconnected")), new VimEvidenceOptions { OnError = error => errors.Add(error.ErrorId) });
        Assert.Equal(["esx01"], reader.Read([off, Host1, gone]).Select(host => host.HostName));
        Assert.Equal([VimErrors.HostNotResponding.Id, VimErrors.ObjectGone.Id], errors);
    }

    [Fact]
    public void Hosts_are_asked_for_in_batches_and_the_VMs_of_a_batch_at_once()
    {
        var hosts = Enumerable.Range(0, 250).Select(n => new ManagedObject("HostSystem", "h" + n)).ToList();
        var session = new FakeSession([.. hosts.Select(host => Host(host, host.Value, [new ManagedObject("VirtualMachine", "v" + host.Value)])), .. hosts.Select(host => VM(new ManagedObject("VirtualMachine", "v" + host.Value), [Plain(13000, "0000:c8:00.0")]))]);
        Assert.Equal(250, new VimEvidenceReader(session).Read(hosts).Count());
        Assert.Equal(["HostSystem x 100", "VirtualMachine x 100", "HostSystem x 100", "VirtualMachine x 100", "HostSystem x 50", "VirtualMachine x 50"], session.Calls);
    }

    [Fact]
    public void The_first_host_comes_before_the_second_batch_is_asked_for()
    {
        var hosts = Enumerable.Range(0, 150).Select(n => new ManagedObject("HostSystem", "h" + n)).ToList();
        var session = new FakeSession([.. hosts.Select(host => Host(host, host.Value, []))]);
        Assert.Equal("h0", new VimEvidenceReader(session).Read(hosts).First().HostName);
        Assert.Single(session.Calls);
    }

    [Fact]
    public void Cancelling_stops_before_the_next_host()
    {
        using var stop = new CancellationTokenSource();
        using var hosts = new VimEvidenceReader(new FakeSession(Host(Host1, "esx01", []), Host(new("HostSystem", "host-2"), "esx02", []))).Read([Host1, new("HostSystem", "host-2")], stop.Token).GetEnumerator();
        Assert.True(hosts.MoveNext());
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => hosts.MoveNext());
    }

    [Fact]
    public void Clusters_and_VMs_lead_to_their_hosts_each_once()
    {
        ManagedObject cluster = new("ClusterComputeResource", "domain-c1");
        var session = new FakeSession(new VimObject(cluster, new FakeData("ClusterComputeResource", ("host", new[] { Host1, new ManagedObject("HostSystem", "host-2") }))), new VimObject(Vm1, new FakeData("VirtualMachine", ("runtime.host", Host1))));
        Assert.Equal(["HostSystem-host-1", "HostSystem-host-2"], new VimEvidenceReader(session).FindHosts([Vm1, cluster, Host1]).Select(host => host.ToString()));
    }

    [Fact]
    public void The_log_is_read_when_it_is_asked_for_and_only_its_events_are_kept()
    {
        var session = new FakeSession(Host(Host1, "esx01", [])) { Log = ["2024-01-01T00:00:00.000Z cpu1:1)Nothing: 1: of interest", "2024-01-01T00:00:01.000Z cpu1:1)WARNING: IntrVector: 233: Out of interrupt vectors"] };
        var host = Assert.Single(new VimEvidenceReader(session, new VimEvidenceOptions { IncludeLog = true }).Read([Host1]));
        Assert.Equal(2, Assert.Single(host.LogEvents!).Line);
        Assert.DoesNotContain("vmkernel.log", host.Missing);
    }

    [Fact]
    public void A_host_without_hyper_threading_has_a_logical_CPU_for_each_core()
    {
        var host = new VimObject(Host1, new FakeData("HostSystem", ("name", "esx01"), ("runtime.connectionState", "connected"),
            ("hardware.cpuInfo", new FakeData("HostCpuInfo", ("numCpuThreads", (short)64), ("numCpuCores", (short)32))), ("config.hyperThread", new FakeData("", ("active", false)))));
        Assert.Equal(32, Assert.Single(new VimEvidenceReader(new FakeSession(host)).Read([Host1])).LogicalCpus);
    }
}
