using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Vectors;
using PassthroughTools.Vmx;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Vectors;

/// <summary>Evidence that an admin may well have, and that does not prove what it seems to.</summary>
public sealed class SoundnessTests
{
    private const string Nic = "0000:01:00.0";

    /// <summary>A host that fits: its boot is in the log, its driver was granted 20, one HBA asked for 32.</summary>
    private static HostEvidence Modern(int major = 6, int minor = 7, int update = 0, int cpus = 32) => new()
    {
        HostName = "esx", Version = Esx(major, minor, update), LogicalCpus = cpus,
        KernelSettings = [Setting("maxIntrCookies", "1024"), Setting("intrFirstMsixVector", "0x70")],
        PciDevices = [Device(Nic, PciOwner.VMkernel, vector: 0x32), Device(Hba(0), PciOwner.VMPassthru)],
        VMs = [VM("vm1", Slot(0, Hba(0)))],
        LogEvents = [Boot(0), Granted(1, Nic, 20), Request(10, Hba(0), 32)],
    };

    private static HostVectorPool Pool(HostEvidence host, InterruptPool pool) => Assert.Single(BudgetCalculator.Compute(host).Pools, row => row.Pool == pool);

    private static BudgetVerdict Verdict(HostEvidence host) => BudgetCalculator.Compute(host).Verdict;

    private static VMEvidence Off(VMEvidence vm) => vm with { PowerState = VMPowerState.PoweredOff };

    [Theory]
    [InlineData(6, 7, 0)]
    [InlineData(7, 0, 3)]
    [InlineData(8, 0, 2)]
    public void A_host_whose_log_and_settings_tell_all_fits(int major, int minor, int update) => Assert.Equal(BudgetVerdict.Fits, Verdict(Modern(major, minor, update)));

    [Theory]
    [InlineData(6, 7, 0, 800)]
    [InlineData(7, 0, 3, 600)]
    [InlineData(8, 0, 2, 600)]
    public void An_intrFirstMsixVector_that_was_not_given_may_have_been_raised(int major, int minor, int update, int reliedOn)
    {
        var host = Modern(major, minor, update, cpus: 8) with { KernelSettings = [Setting("maxIntrCookies", "1024")] };
        var figure = Pool(host, InterruptPool.MsixVectors).CapacityFigure;
        Assert.Equal((major == 6 ? 1024 : 768, 1024), (figure.Minimum!.Value, figure.Maximum!.Value));
        var pool = Pool(host with { LogEvents = [Boot(0), Granted(1, Nic, 200), Request(10, Hba(0), reliedOn)] }, InterruptPool.MsixVectors);
        Assert.Equal(major == 6 ? BudgetVerdict.Fits : BudgetVerdict.Unknown, pool.Verdict);
    }

    [Fact]
    public void A_setting_that_is_only_configured_is_not_the_running_hosts()
    {
        var host = Modern(7, 0, 3, cpus: 8) with { KernelSettings = [new KernelSetting("intrFirstMsixVector", null, "0x90", null, null, null)] };
        Assert.Equal(768, Pool(host, InterruptPool.MsixVectors).CapacityFigure.Minimum);
    }

    [Fact]
    public void A_maxIntrCookies_that_was_not_given_may_have_been_raised_and_proves_nothing_exceeded()
    {
        var host = Modern() with { KernelSettings = null, LogEvents = [Boot(0), Granted(1, Nic, 20), Request(10, Hba(0), 1100)] };
        Assert.Equal(BudgetVerdict.Unknown, Pool(host, InterruptPool.InterruptCookies).Verdict);
    }

    [Fact]
    public void More_cookies_than_ESXi_can_have_are_not_relied_on()
    {
        var host = Modern() with { KernelSettings = [Setting("maxIntrCookies", "100000")] };
        Assert.Equal(4096, Pool(host, InterruptPool.InterruptCookies).CapacityFigure.Minimum);
    }

    [Fact]
    public void The_pool_of_5_0_is_not_taken_for_that_of_the_documents_of_5_5()
    {
        var host = Outage() with { VectorList = null, LogEvents = null, VMs = [VM("vm1", Slot(0, Hba(0)))], ConfigSpaces = [Config(Hba(0), 96)] };
        Assert.Equal(BudgetVerdict.Unknown, Verdict(host));
        Assert.Equal(BudgetVerdict.Fits, Verdict(host with { Version = Esx(5, 5) }));
    }

    [Fact]
    public void A_vector_list_that_repeats_itself_or_is_larger_than_the_pool_is_not_relied_on()
    {
        var host = Outage() with { LogEvents = null, VMs = [VM("vm1", Slot(0, Hba(0)))], ConfigSpaces = [Config(Hba(0), 96)] };
        Assert.Equal(BudgetVerdict.Unknown, Verdict(host with { VectorList = List(340) with { DuplicateCount = 170 } }));
        Assert.Equal(256, BudgetCalculator.Compute(host with { VectorList = List(4096) }).Pools[0].CapacityFigure.Minimum);
    }

    [Fact]
    public void What_the_hosts_own_driver_holds_counts_although_a_VM_that_is_off_names_its_device()
    {
        var host = Modern();
        host = host with { VMs = [.. host.VMs!, Off(VM("left", Slot(0, Nic)))] };
        Assert.Equal(20, Pool(host, InterruptPool.MsixVectors).HostUse);
        Assert.Equal(20, Pool(host with { PciDevices = null }, InterruptPool.MsixVectors).HostUseFigure.Maximum);
    }

    [Theory]
    [InlineData(LogEventKind.LinuxDriverMsiXEnabled, "0000:02:00.0", null)]
    [InlineData(LogEventKind.Allocation, null, 64)]
    public void A_ledger_with_a_driver_that_it_can_not_count_is_not_complete(LogEventKind kind, string? device, int? vectors)
    {
        var host = Modern() with { LogEvents = [Boot(0), Granted(1, Nic, 20), Event(kind, 2, device, vectors, mode: InterruptMode.MsiX), Request(10, Hba(0), 32)] };
        Assert.Equal(BudgetVerdict.Unknown, Verdict(host));
        Assert.Equal(1024, Pool(host, InterruptPool.MsixVectors).HostUseFigure.Maximum);
    }

    [Fact]
    public void A_driver_that_went_from_MSIX_to_MSI_without_a_release_may_still_hold_both()
    {
        var host = Modern(7, 0, 3) with { LogEvents = [Boot(0), Granted(1, Nic, 25), Granted(2, Nic, 1, InterruptMode.Msi), Request(10, Hba(0), 32)] };
        Assert.Equal(25, Pool(host, InterruptPool.MsixVectors).HostUseFigure.Maximum);
        Assert.Equal(1 + 1, Pool(host, InterruptPool.GlobalVectors).HostUseFigure.Maximum);
        var released = host with { LogEvents = [.. host.LogEvents!, Event(LogEventKind.Release, 11, Nic, 25)] };
        Assert.Equal(1 + 1, Pool(released, InterruptPool.GlobalVectors).HostUseFigure.Maximum);
    }

    [Theory]
    [InlineData(LogEventKind.DriverAllocationFailed)]
    [InlineData(LogEventKind.LinuxDriverAllocationFailed)]
    public void A_host_driver_that_was_refused_since_the_boot_leaves_no_fit(LogEventKind kind)
    {
        var host = Modern();
        Assert.Equal(BudgetVerdict.Unknown, Verdict(host with { LogEvents = [.. host.LogEvents!, Event(kind, 20, "0000:02:00.0", 64)] }));
        Assert.Equal(BudgetVerdict.Fits, Verdict(host with { LogEvents = [Event(kind, -20, "0000:02:00.0", 64), .. host.LogEvents!] }));
    }

    [Fact]
    public void A_VM_that_is_on_and_could_not_register_an_interrupt_leaves_no_fit()
    {
        var host = Modern();
        var refused = Event(LogEventKind.InterruptRegistrationFailed, 12, Hba(0)) with { File = "vmware.log" };
        Assert.Equal(BudgetVerdict.Unknown, Verdict(host with { VMs = [host.VMs![0] with { LogEvents = [refused] }] }));
        Assert.Equal(BudgetVerdict.Fits, Verdict(host with { VMs = [host.VMs![0] with { LogEvents = [refused with { File = "vmware-3.log" }] }] }));
    }

    private static readonly PciAddress Card = At("0000:18:00.0");

    private static PassthruSlot Function(int slot) => new() { Slot = slot, Kind = PassthruSlotKind.SriovVf, PhysicalFunction = Card };

    /// <summary>A host with an Intel adapter whose first virtual function asked for 8 vectors.</summary>
    private static HostEvidence WithFunctions(params VMEvidence[] vms) => Modern() with
    {
        PciDevices = [Device(Nic, PciOwner.VMkernel, vector: 0x32), Device("0000:18:00.0", PciOwner.VMkernel) with { VendorId = 0x8086 }],
        ConfigSpaces = [Config("0000:18:00.0", 129) with { Sriov = new PciSriovCapability { Offset = 0x160, IsEnabled = true, NumVfs = 4, VfOffset = 16, VfStride = 1 } }],
        VMs = vms,
        LogEvents = [Boot(0), Granted(1, Nic, 20), Request(10, "0000:18:02.0", 8)],
    };

    [Fact]
    public void A_virtual_functions_request_is_not_given_to_a_VM_that_is_off()
    {
        var budget = BudgetCalculator.Compute(WithFunctions(Off(VM("off", Function(0))), VM("on", Function(0))));
        Assert.Equal(8, Assert.Single(budget.Devices, device => device.IsCounted).Demand);
    }

    [Fact]
    public void A_virtual_function_that_asked_for_more_than_the_planning_figure_refutes_it()
    {
        var budget = BudgetCalculator.Compute(WithFunctions(VM("one", Function(0)), VM("two", Function(0))));
        Assert.Null(Assert.Single(budget.Devices, device => device.VM == "two").DemandFigure.Maximum);
        Assert.Equal(BudgetVerdict.Unknown, budget.Verdict);
    }

    [Fact]
    public void A_request_of_a_virtual_function_that_no_line_gives_an_address_counts_where_no_VM_has_one()
    {
        var host = Modern();
        var named = Event(LogEventKind.PassthruRequest, 20, vectors: 1000, mode: InterruptMode.MsiX) with { DeviceText = "vf_name" };
        Assert.NotEqual(BudgetVerdict.Fits, Verdict(host with { LogEvents = [.. host.LogEvents!, named] }));
        Assert.Single(BudgetCalculator.Compute(WithFunctions(VM("one", Function(0))) with { LogEvents = [Boot(0), Granted(1, Nic, 20), named with { Vectors = 3 }] }).Devices);
    }

    [Fact]
    public void MSI_counts_in_the_MSIX_pool_where_it_is_not_known_whether_it_has_a_pool_of_its_own()
    {
        var host = Modern() with { Version = EsxVersion.Parse("8.0"), LogEvents = [Boot(0), Granted(1, Nic, 20, InterruptMode.Msi)], ConfigSpaces = [Config(Hba(0), null, 16)] };
        var pool = Pool(host, InterruptPool.MsixVectors);
        Assert.Equal((0, 16, 0, 20), (pool.DemandFigure.Minimum!.Value, pool.DemandFigure.Maximum!.Value, pool.HostUseFigure.Minimum!.Value, pool.HostUseFigure.Maximum!.Value));
    }

    [Fact]
    public void A_device_with_a_larger_MSI_count_than_MSIX_table_may_ask_for_as_many()
    {
        var host = Modern() with { LogEvents = [Boot(0), Granted(1, Nic, 20)], ConfigSpaces = [Config(Hba(0), 2, 16)] };
        Assert.Equal(16, BudgetCalculator.Compute(host).Devices[0].DemandFigure.Maximum);
    }

    [Fact]
    public void A_device_that_offers_MSI_besides_MSIX_may_take_it_out_of_the_global_pool()
    {
        var host = Modern(7, 0, 3) with { LogEvents = [Boot(0), Granted(1, Nic, 20)], ConfigSpaces = [Config(Hba(0), 32, 16)] };
        Assert.Equal(16, Pool(host, InterruptPool.GlobalVectors).DemandFigure.Maximum);
        Assert.Equal(1, Pool(host with { LogEvents = [.. host.LogEvents!, Request(9, Hba(0), 32)] }, InterruptPool.GlobalVectors).DemandFigure.Maximum);
    }

    [Fact]
    public void A_limit_that_awaits_a_restart_does_not_bound_what_the_device_holds()
    {
        HostEvidence Host(bool? pending, VMPowerState power = VMPowerState.PoweredOn) =>
            Modern() with { VMs = [VM("vm1", Slot(0, Hba(0))) with { PowerState = power, GuestSettings = [Guest(true, 4) with { RestartPending = pending }] }] };
        int? Most(HostEvidence host) => BudgetCalculator.Compute(host).Devices[0].DemandFigure.Maximum;
        Assert.Equal((32, 4, 4), (Most(Host(true)), Most(Host(false)), Most(Host(true, VMPowerState.PoweredOff))));
        var off = Modern() with { VMs = [VM("vm1", Slot(0, Hba(0))) with { GuestSettings = [Guest(false) with { RestartPending = true }] }] };
        Assert.Equal(32, Most(off));
    }

    [Fact]
    public void A_line_based_listing_of_a_Linux_guest_does_not_outdo_a_request_in_the_log()
    {
        GuestLspciDevice listed = new() { GuestAddress = "0b:00.0", Description = "HBA", VendorId = 0x10df, DeviceId = 0xf100, Mode = InterruptMode.IntX };
        var host = Modern() with { VMs = [VM("vm1", Slot(0, Hba(0))) with { GuestFamily = GuestFamily.Linux, GuestDevices = [listed] }] };
        Assert.Equal(32, BudgetCalculator.Compute(host).Devices[0].DemandFigure.Maximum);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(100_000)]
    public void Numbers_that_no_host_can_have_neither_fit_nor_fail(int vectors)
    {
        var host = Modern();
        host = host with { VMs = [VM("vm1", Slot(0, Hba(0)), Slot(1, Hba(1)))], LogEvents = [Boot(0), Granted(1, Nic, vectors), Granted(2, "0000:02:00.0", vectors), Request(10, Hba(0), vectors), Request(11, Hba(1), vectors)] };
        Assert.NotEqual(BudgetVerdict.Fits, Verdict(host));
        Assert.NotEqual(BudgetVerdict.Fits, Verdict(Modern() with { LogicalCpus = vectors, LogEvents = [Boot(0), Granted(1, Nic, 20), Request(10, Hba(0), 4097)] }));
        Assert.NotEqual(BudgetVerdict.Fits, BudgetCalculator.Compute(Modern(), new BudgetOptions { Headroom = vectors }).Verdict);
    }

    [Fact]
    public void A_VM_that_was_started_again_after_a_refusal_may_have_been_off_at_it()
    {
        var host = Outage();
        var figure = BudgetCalculator.Compute(host with { LogEvents = [.. host.LogEvents!, Request(5000, Hba(0), 32, world: 77)] }).Pools[0].HostUseFigure;
        Assert.Equal(26 + 32, figure.Maximum);
    }

    [Fact]
    public void A_device_that_is_line_based_by_now_is_not_said_to_have_held_its_vectors_with_the_others()
    {
        var host = Outage() with { LogEvents = [.. Enumerable.Range(0, 8).Select(i => Request(i, Hba(i), 16, world: i))] };
        host = host with { VMs = [host.VMs![0] with { GuestSettings = [Guest(false, null, "1"), Guest(false, null, "2")] }, .. host.VMs!.Skip(1)] };
        Assert.Equal(170 - 6 * 16 - 2, BudgetCalculator.Compute(host).Pools[0].HostUseFigure.Maximum);
    }

    [Fact]
    public void A_request_that_may_have_been_there_before_the_log_began_lowers_what_the_host_holds_at_least()
    {
        var host = Outage();
        var log = host.LogEvents!.Skip(1).Append(Request(5000, Hba(0), 32, world: 77)).ToList();
        var figure = BudgetCalculator.Compute(host with { LogEvents = log }).Pools[0].HostUseFigure;
        Assert.True(figure.Minimum <= 26, figure.Minimum.ToString());
        Assert.Equal(26 + 32, BudgetCalculator.Compute(host with { LogEvents = [Boot(-9), .. log] }).Pools[0].HostUseFigure.Minimum);
    }

    [Fact]
    public void A_device_that_is_set_aside_may_be_that_of_a_VM_which_the_evidence_lacks_unless_the_log_goes_back_to_the_boot()
    {
        var host = Outage() with { LogEvents = [.. Enumerable.Range(0, 8).Select(i => Request(i, Hba(i), 16, world: i))] };
        Assert.Equal(BudgetVerdict.Fits, Verdict(host));
        host = host with { PciDevices = [Device("0000:0c:00.0", PciOwner.VMPassthru)] };
        Assert.Equal(BudgetVerdict.Unknown, Verdict(host));
        Assert.Contains(BudgetCalculator.Compute(host).Reasons, reason => reason.Contains("0000:0c:00.0", StringComparison.Ordinal));
        Assert.Equal(BudgetVerdict.Fits, Verdict(host with { LogEvents = [Boot(-9), .. host.LogEvents!] }));
        Assert.Equal(BudgetVerdict.Fits, Verdict(host with { HasAllVMs = true }));
    }

    [Fact]
    public void What_a_device_asked_for_before_the_boot_proves_nothing_exceeded()
    {
        var host = Modern() with { LogEvents = [Request(-10, Hba(0), 2000), Boot(0), Granted(1, Nic, 20)] };
        var figure = BudgetCalculator.Compute(host).Devices[0].DemandFigure;
        Assert.Equal((1, 2000), (figure.Minimum!.Value, figure.Maximum!.Value));
        Assert.Equal(BudgetVerdict.Unknown, Verdict(host));
    }

    [Fact]
    public void An_adapter_with_virtual_functions_may_have_some_in_use_where_no_VMs_are_given()
    {
        var host = WithFunctions() with { VMs = null, LogEvents = [Boot(0), Granted(1, Nic, 20)] };
        Assert.Equal(BudgetVerdict.Unknown, Verdict(host));
        Assert.Equal(BudgetVerdict.Fits, Verdict(host with { ConfigSpaces = null }));
    }

    [Fact]
    public void What_is_held_until_a_restart_counts_in_the_pool_that_it_is_held_in()
    {
        var pending = Modern(7, 0, 3) with { VMs = [VM("vm1", Slot(0, Hba(0), msiEnabled: false)) with { GuestSettings = [Guest(false) with { RestartPending = true }] }] };
        Assert.Equal((0, 32), (Pool(pending, InterruptPool.MsixVectors).DemandFigure.Minimum!.Value, Pool(pending, InterruptPool.MsixVectors).DemandFigure.Maximum!.Value));
        GuestLspciDevice listed = new() { GuestAddress = "0b:00.0", Description = "HBA", VendorId = 0x10df, DeviceId = 0xf100, Mode = InterruptMode.Msi };
        var host = Modern(7, 0, 3) with { VMs = [VM("vm1", Slot(0, Hba(0))) with { GuestFamily = GuestFamily.Linux, GuestDevices = [listed] }] };
        Assert.Equal(32, Pool(host, InterruptPool.MsixVectors).DemandFigure.Maximum);
    }

    [Fact]
    public void A_ledger_without_a_device_that_a_driver_of_the_host_has_is_not_complete()
    {
        var host = Modern();
        var other = Device("0000:02:00.0", PciOwner.VMkernel) with { ModuleName = "ixgbe" };
        HostEvidence With(EsxcliPciDevice device) => host with { PciDevices = [.. host.PciDevices!, device] };
        Assert.Equal(BudgetVerdict.Unknown, Verdict(With(other)));
        Assert.Equal(BudgetVerdict.Fits, Verdict(With(other with { ModuleName = "None" })));
        Assert.Equal(BudgetVerdict.Fits, Verdict(With(other with { InterruptVector = 0x41 })));
    }

    [Fact]
    public void Requests_that_were_all_served_since_the_boot_do_not_exceed_whatever_the_vector_list_says()
    {
        var host = Outage() with { LogEvents = [Boot(-9), .. Enumerable.Range(0, 8).Select(i => Request(i, Hba(i), 32, world: i))] };
        Assert.Equal(BudgetVerdict.Unknown, Verdict(host));
        Assert.Contains(BudgetCalculator.Compute(host).Reasons, reason => reason.Contains("no refusal", StringComparison.Ordinal));
        Assert.Equal(BudgetVerdict.Exceeds, Verdict(host with { LogEvents = [.. host.LogEvents!.Skip(1)] }));
        var off = host with { VMs = [Off(host.VMs![0]), .. host.VMs.Skip(1)] };
        Assert.Equal(BudgetVerdict.Exceeds, BudgetCalculator.Compute(off, new BudgetOptions { IncludePoweredOff = true }).Verdict);
        Assert.Equal(BudgetVerdict.Exceeds, Verdict(host with { LogEvents = [.. host.LogEvents!, Event(LogEventKind.OutOfVectors, 8, world: 8)] }));
    }
}
