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
}
