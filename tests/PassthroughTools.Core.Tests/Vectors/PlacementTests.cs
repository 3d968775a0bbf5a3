using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Pci;
using PassthroughTools.Vectors;
using PassthroughTools.Vim;
using PassthroughTools.Vmx;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Vectors;

/// <summary>When a VM is thought of as started, nothing that stands against it may come out as fitting.</summary>
public sealed class PlacementTests
{
    /// <summary>The case's VMs on a host that keeps 128 of its 256 vectors for itself, one of them on: a second one fits.</summary>
    private static HostEvidence Half(Func<VMEvidence, VMEvidence>? change = null) => new()
    {
        HostName = "esx01", Version = Esx(5, 5), LogicalCpus = 24,
        VMs = [.. Outage().VMs!.Select((vm, i) => (change ?? (one => one))(i == 0 ? vm : vm with { PowerState = VMPowerState.PoweredOff }))],
        PciDevices = [.. Enumerable.Range(0, 8).Select(i => Device(Hba(i), PciOwner.VMPassthru))],
        LogEvents = [.. Enumerable.Range(0, 8).Select(i => Request(i * 60, Hba(i), 32, world: i))],
    };

    private static PassthruHostFit Fit(HostEvidence host, string name = "vm2") => PassthruHostFit.Compute(host, new StartedVM(host.VMs!.First(vm => vm.Name == name), host));

    [Fact]
    public void A_second_VM_fits_and_a_third_does_not()
    {
        Assert.Equal((PlacementVerdict.Fits, BudgetVerdict.Fits), (Fit(Half()).Verdict, Fit(Half()).Budget.Verdict));
        var host = Half();
        var placement = PlacementCalculator.Compute(host, [.. host.VMs!.Skip(1).Take(2).Select(vm => new StartedVM(vm, host))]);
        Assert.Equal(BudgetVerdict.Exceeds, BudgetCalculator.Compute(host, new BudgetOptions { Placement = placement }).Verdict);
    }

    [Fact]
    public void A_host_in_maintenance_mode_starts_no_VM()
    {
        var fit = Fit(Half() with { IsInMaintenance = true });
        Assert.Equal((PlacementVerdict.DoesNotFit, PlacementProblemKind.HostNotAvailable), (fit.Verdict, Assert.Single(fit.Problems).Kind));
        Assert.Equal((BudgetVerdict.Unknown, BudgetVerdict.Fits), (fit.Budget.Verdict, fit.Budget.Pools[0].Verdict));
    }

    [Fact]
    public void A_VM_that_is_on_in_a_host_in_maintenance_mode_counts_as_before() =>
        Assert.Equal(PlacementVerdict.Fits, Fit(Half() with { IsInMaintenance = true }, "vm1").Verdict);

    [Fact]
    public void The_device_of_a_suspended_VM_is_not_taken_for_free()
    {
        var fit = Fit(Half(vm => vm.Name == "vm3" ? vm with { PowerState = VMPowerState.Suspended, Slots = [Slot(0, Hba(2))] } : vm));
        Assert.Equal(PlacementVerdict.Unknown, fit.Verdict);
        Assert.Contains("vm3, which is suspended", Assert.Single(fit.Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suspended_VM_may_have_its_own_devices_back()
    {
        var host = Half();
        Assert.Empty(Fit(host with { VMs = [.. host.VMs!.Select(vm => vm.Name == "vm2" ? vm with { PowerState = VMPowerState.Suspended } : vm)] }).Problems);
    }

    [Fact]
    public void Of_two_VMs_of_one_name_that_share_a_device_nobody_knows_whose_request_the_log_shows()
    {
        VimTarget Target(string id) => new("vc", new ManagedObject("VirtualMachine", id));
        var host = Half(vm => vm.Name is "vm2" or "vm3" ? vm with { Name = "twin", Vim = Target(vm.Name), Slots = [Slot(0, Hba(2))] } : vm);
        Assert.Equal(PlacementVerdict.Unknown, Fit(host, "twin").Verdict);
    }

    [Fact]
    public void A_virtual_function_of_an_adapter_that_is_not_known_may_be_of_any()
    {
        var card = At("0000:3b:00.0");
        PassthruSlot Function(PciAddress? physical) => new() { Slot = 0, Kind = PassthruSlotKind.SriovVf, PhysicalFunction = physical };
        HostEvidence Host(PciAddress? ofOther) => new()
        {
            HostName = "esx", Version = Esx(7, 0), LogicalCpus = 32,
            PciDevices = [new EsxcliPciDevice { Address = card, VendorId = 0x8086, DeviceId = 0x1572 }],
            PassthruDevices = [new EsxcliPassthruDevice(card, false) { VirtualFunctions = 2 }],
            VMs = [VM("other", Function(ofOther)), VM("new", Function(card)) with { PowerState = VMPowerState.PoweredOff }],
        };
        Assert.Empty(Fit(Host(card), "new").Problems);
        Assert.Equal(PlacementProblemKind.Unknown, Assert.Single(Fit(Host(null), "new").Problems).Kind);
    }

    [Fact]
    public void A_device_list_that_was_not_given_does_not_tell_that_the_device_is_there() =>
        Assert.Equal(PlacementVerdict.Unknown, Fit(Half() with { PciDevices = null }).Verdict);

    [Fact]
    public void What_an_assignable_device_of_one_kind_asked_for_is_not_what_another_kind_asks_for()
    {
        AllowedPassthruDevice[] kinds = [new(0x10df, 0xf100), new(0x10de, 0x1eb8)];
        var vm = VM("vm2", new PassthruSlot { Slot = 0, Kind = PassthruSlotKind.Passthrough, Address = At(Hba(2)), IsDynamic = true, AllowedDevices = kinds });
        var origin = Half() with { VMs = [vm] };
        var gpu = Device("0000:3b:00.0", PciOwner.VMPassthru) with { VendorId = 0x10de, DeviceId = 0x1eb8 };
        PlacementVerdict On(EsxcliPciDevice free) => PassthruHostFit.Compute(Half() with { VMs = [], LogEvents = [], PciDevices = [free] }, new StartedVM(vm, origin)).Verdict;
        Assert.Equal((PlacementVerdict.Fits, PlacementVerdict.Unknown), (On(Device("0000:3b:00.0", PciOwner.VMPassthru)), On(gpu)));
    }

    [Fact]
    public void Of_two_VMs_with_functions_of_one_adapter_nobody_knows_whose_request_the_log_shows()
    {
        var card = At("0000:18:00.0");
        var function = new PassthruSlot { Slot = 0, Kind = PassthruSlotKind.SriovVf, PhysicalFunction = card };
        HostEvidence Host(params VMEvidence[] others) => new()
        {
            HostName = "esx", Version = Esx(5, 5), LogicalCpus = 32,
            PciDevices = [new EsxcliPciDevice { Address = card, VendorId = 0x8086, DeviceId = 0x1572, CurrentOwner = PciOwner.VMkernel }],
            PassthruDevices = [new EsxcliPassthruDevice(card, false) { VirtualFunctions = 4 }],
            ConfigSpaces = [Config("0000:18:00.0", 64) with { Sriov = new PciSriovCapability { Offset = 0x160, IsEnabled = true, NumVfs = 4, VfOffset = 16, VfStride = 1 } }],
            LogEvents = [Boot(0), Request(5, "0000:18:02.0", 2)],
            VMs = [VM("new", function) with { PowerState = VMPowerState.PoweredOff }, .. others],
        };
        int? Placed(HostEvidence host) => Fit(host, "new").Budget.Devices.Single(device => device.VM == "new" && device.IsCounted).Demand;
        Assert.Equal((2, null), (Placed(Host()), Placed(Host(VM("other", function)))));
    }

    [Fact]
    public void A_VM_that_is_on_holds_what_it_asked_for_until_a_new_limit_takes_effect()
    {
        var host = Half();
        Assert.Equal(PlacementVerdict.Fits, Fit(host).Verdict);
        var limited = host with
        {
            VMs = [.. host.VMs!.Select(vm => vm.Name is "vm1" or "vm3" ? vm with { PowerState = VMPowerState.PoweredOn, GuestSettings = [Guest(true, 8, "1"), Guest(true, 8, "2")] } : vm)],
        };
        Assert.Equal(PlacementVerdict.Unknown, Fit(limited).Verdict);
    }

    [Fact]
    public void A_device_that_has_to_go_with_one_that_another_VM_has_is_not_taken_for_free()
    {
        var host = Half();
        var tied = host with { PciDevices = [.. host.PciDevices!.Select(device => device with { DependentDevice = At("0000:00:03.0"), FptSharable = false })] };
        Assert.Equal(PlacementProblemKind.Unknown, Fit(tied).Problems[0].Kind);
        Assert.Empty(Fit(host with { PciDevices = [.. tied.PciDevices!.Select(device => device with { FptSharable = true })] }).Problems);
    }
}
