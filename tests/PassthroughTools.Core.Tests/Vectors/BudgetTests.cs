using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;
using PassthroughTools.Vectors;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Vectors;

public sealed class BudgetTests
{
    private static HostVectorPool Pool(HostVectorBudget budget, InterruptPool pool) => Assert.Single(budget.Pools, row => row.Pool == pool);

    [Fact]
    public void The_case_exceeds_the_single_pool_of_ESXi_5()
    {
        var budget = BudgetCalculator.Compute(Outage());
        var pool = Assert.Single(budget.Pools);
        Assert.Equal((BudgetVerdict.Exceeds, 170, 26, 256, -112), (pool.Verdict, pool.Capacity!.Value, pool.HostUse!.Value, pool.Demand!.Value, pool.Headroom!.Value));
        Assert.Equal(BudgetVerdict.Exceeds, budget.Verdict);
    }

    [Fact]
    public void What_the_host_itself_holds_is_inferred_from_the_index_at_which_a_request_failed()
    {
        var host = Outage();
        var figure = BudgetCalculator.Compute(host with { LogEvents = [Boot(-60), .. host.LogEvents!] }).Pools[0].HostUseFigure;
        Assert.Equal((26, 26, 26, Provenance.Inferred), (figure.Value!.Value, figure.Minimum!.Value, figure.Maximum!.Value, figure.Provenance));
        Assert.Contains(figure.Evidence, line => line.Line == 601);
    }

    [Fact]
    public void The_refused_device_and_its_line_are_named()
    {
        var budget = BudgetCalculator.Compute(Outage());
        Assert.Contains(budget.Reasons, reason => reason.StartsWith("0000:07:00.0 (vm3, pciPassthru0) got 16 of 32", StringComparison.Ordinal) && reason.Contains("vmkernel.log:601"));
        Assert.Equal(4, budget.Devices.Count(device => device.Failure is not null));
    }

    [Fact]
    public void Requests_that_the_log_does_not_show_leave_the_hosts_own_use_open()
    {
        var host = Outage();
        var budget = BudgetCalculator.Compute(host with { LogEvents = [Boot(-60), .. host.LogEvents!.Skip(4)], ConfigSpaces = [.. Enumerable.Range(0, 8).Select(i => Config(Hba(i), 32))] });
        var figure = budget.Pools[0].HostUseFigure;
        Assert.Equal(((int?)null, 26, 154), (figure.Value, figure.Minimum!.Value, figure.Maximum!.Value));
        Assert.Equal(BudgetVerdict.Exceeds, budget.Verdict);
    }

    [Fact]
    public void The_five_lines_of_the_write_up_alone_prove_that_demand_exceeds_but_not_what_the_host_holds()
    {
        var budget = BudgetCalculator.Compute(FiveLines());
        Assert.Equal((BudgetVerdict.Exceeds, (int?)null), (budget.Verdict, budget.Pools[0].HostUse));
        Assert.Equal(32, Assert.Single(budget.Devices, device => device.Address == At(Hba(4))).Requested);
    }

    /// <summary>The five lines of the write-up and what the hardware offers, nothing more.</summary>
    private static HostEvidence FiveLines() => Outage() with
    {
        LogEvents =
        [
            Event(LogEventKind.OutOfVectors, 0), Event(LogEventKind.VectorAllocationFailed, 0, Hba(4), index: 16), Event(LogEventKind.PassthruAllocationFailed, 0, vectors: 32),
            Request(18, Hba(5), 32), Event(LogEventKind.OutOfVectors, 18),
        ],
        ConfigSpaces = [.. Enumerable.Range(0, 8).Select(i => Config(Hba(i), 32))],
    };

    [Fact]
    public void What_the_hardware_offers_can_not_prove_that_it_does_not_fit()
    {
        var host = Outage() with { LogEvents = null, ConfigSpaces = [.. Enumerable.Range(0, 8).Select(i => Config(Hba(i), 32))] };
        var pool = Assert.Single(BudgetCalculator.Compute(host).Pools);
        Assert.Equal((BudgetVerdict.Unknown, 256, 8, 256), (pool.Verdict, pool.Demand!.Value, pool.DemandFigure.Minimum!.Value, pool.DemandFigure.Maximum!.Value));
    }

    [Fact]
    public void What_the_hardware_offers_proves_that_it_fits()
    {
        var host = Outage() with { LogEvents = null, ConfigSpaces = [.. Enumerable.Range(0, 8).Select(i => Config(Hba(i), 4))] };
        Assert.Equal(BudgetVerdict.Fits, BudgetCalculator.Compute(host).Verdict);
    }

    [Fact]
    public void What_a_driver_asked_for_elsewhere_proves_nothing()
    {
        var few = Outage() with { LogEvents = null, VMs = [VM("vm1", Slot(0, Hba(0)))] };
        Assert.Equal(BudgetVerdict.Unknown, BudgetCalculator.Compute(few).Verdict);
        Assert.Equal(BudgetVerdict.Unknown, BudgetCalculator.Compute(Outage() with { LogEvents = null }).Verdict);
        Assert.Equal(256, BudgetCalculator.Compute(Outage() with { LogEvents = null }).Pools[0].Demand);
    }

    [Fact]
    public void A_refusal_proves_that_it_does_not_fit_where_the_figures_leave_it_open()
    {
        var budget = BudgetCalculator.Compute(FiveLines());
        Assert.Equal((BudgetVerdict.Exceeds, 32 + 32 + 6), (budget.Verdict, budget.Pools[0].DemandFigure.Minimum!.Value));
        Assert.Contains(budget.Reasons, reason => reason.Contains("still stands", StringComparison.Ordinal));
    }

    [Fact]
    public void A_refusal_proves_nothing_once_a_VM_is_off_that_may_have_held_vectors_then()
    {
        var host = FiveLines();
        var budget = BudgetCalculator.Compute(host with { VMs = [host.VMs![0] with { PowerState = VMPowerState.PoweredOff }, .. host.VMs.Skip(1)] });
        Assert.Equal(BudgetVerdict.Unknown, budget.Verdict);
    }

    [Fact]
    public void A_refusal_proves_nothing_once_its_VM_is_off()
    {
        var host = FiveLines();
        var budget = BudgetCalculator.Compute(host with
        {
            LogEvents = [Boot(-60), .. host.LogEvents!],
            VMs = [host.VMs![0], host.VMs[1], host.VMs[2] with { PowerState = VMPowerState.PoweredOff }, host.VMs[3]],
        });
        Assert.Equal(BudgetVerdict.Unknown, budget.Verdict);
    }

    [Fact]
    public void A_refusal_proves_nothing_once_a_VM_that_held_vectors_then_is_off()
    {
        var host = FiveLines();
        var budget = BudgetCalculator.Compute(host with
        {
            LogEvents = [Boot(-60), Request(-30, Hba(0), 32, world: 7), .. host.LogEvents!],
            VMs = [host.VMs![0] with { PowerState = VMPowerState.PoweredOff }, .. host.VMs.Skip(1)],
        });
        Assert.Equal(BudgetVerdict.Unknown, budget.Verdict);
    }

    [Fact]
    public void A_refusal_proves_nothing_once_the_guest_may_ask_for_less()
    {
        var host = FiveLines();
        var limited = host.VMs![2] with { GuestSettings = [Guest(true, 4, "1"), Guest(true, 4, "2")] };
        Assert.Equal(BudgetVerdict.Unknown, BudgetCalculator.Compute(host with { VMs = [host.VMs[0], host.VMs[1], limited, host.VMs[3]] }).Verdict);
    }

    [Fact]
    public void A_guests_limit_bounds_what_is_only_assumed()
    {
        var limited = VM("vm1", Slot(0, Hba(0))) with { GuestSettings = [Guest(true, 40)] };
        var budget = BudgetCalculator.Compute(Outage() with { LogEvents = null, VMs = [limited] });
        Assert.Equal((BudgetVerdict.Fits, 32, 40), (budget.Verdict, budget.Pools[0].Demand!.Value, budget.Pools[0].DemandFigure.Maximum!.Value));
    }

    [Theory]
    [InlineData(InterruptMode.Msi, InterruptMode.Msi)]
    [InlineData(InterruptMode.MsiX, InterruptMode.MsiX)]
    [InlineData(null, InterruptMode.MsiX)]
    public void Like_devices_of_a_Linux_guest_have_the_mode_that_it_runs_all_of_them_in(InterruptMode? second, InterruptMode expected)
    {
        GuestLspciDevice Listed(InterruptMode mode) => new() { GuestAddress = "0b:00.0", Description = "HBA", VendorId = 0x10df, DeviceId = 0xf100, Mode = mode };
        var first = second ?? InterruptMode.Msi;
        var vm = VM("vm1", Slot(0, Hba(0)), Slot(1, Hba(1))) with { GuestFamily = GuestFamily.Linux, GuestDevices = [Listed(first), Listed(second ?? InterruptMode.MsiX)] };
        var budget = BudgetCalculator.Compute(Outage() with { LogEvents = null, VMs = [vm], ConfigSpaces = [Config(Hba(0), 32), Config(Hba(1), 32)] });
        Assert.All(budget.Devices, device => Assert.Equal(expected, device.VirtualMode));
    }

    [Theory]
    [InlineData(PciOwner.Unknown, null)]
    [InlineData(PciOwner.VMkernel, 0)]
    public void A_device_list_without_owners_does_not_tell_that_nothing_is_passed_through(PciOwner owner, int? demand) =>
        Assert.Equal(demand, BudgetCalculator.Compute(Outage() with { LogEvents = null, VMs = null, PciDevices = [Device(Hba(0), owner)] }).Pools[0].Demand);

    [Fact]
    public void A_limit_in_every_guest_makes_the_case_fit()
    {
        var host = Outage();
        var budget = BudgetCalculator.Compute(host with { VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [Guest(true, 16, "1"), Guest(true, 16, "2")] })] });
        Assert.Equal((BudgetVerdict.Fits, 128, 16), (budget.Verdict, budget.Pools[0].Demand!.Value, budget.Pools[0].Headroom!.Value));
    }

    [Fact]
    public void MSI_off_in_every_guest_makes_the_case_fit()
    {
        var host = Outage();
        var budget = BudgetCalculator.Compute(host with { VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [Guest(false, null, "1"), Guest(false, null, "2")] })] });
        Assert.Equal((BudgetVerdict.Fits, 8), (budget.Verdict, budget.Pools[0].Demand!.Value));
        Assert.All(budget.Devices, device => Assert.Equal((InterruptMode.IntX, InterruptMode.Msi), (device.VirtualMode, device.PhysicalMode)));
    }

    [Theory]
    [InlineData(true, 16)]
    [InlineData(false, null)]
    public void A_setting_that_the_log_does_not_show_in_effect_is_said_to_need_a_restart(bool on, int? limit)
    {
        var host = Outage();
        host = host with { VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [Guest(on, limit, "1"), Guest(on, limit, "2")] })] };
        Assert.Contains(BudgetCalculator.Compute(host).Reasons, reason => reason.StartsWith("8 devices: what the guest's registry allows is counted", StringComparison.Ordinal));
        Assert.DoesNotContain(BudgetCalculator.Compute(Outage()).Reasons, reason => reason.Contains("next start of the VM", StringComparison.Ordinal));
    }

    [Fact]
    public void MsiEnabled_false_changes_nothing_while_the_guest_uses_MSIX()
    {
        var host = Outage();
        var budget = BudgetCalculator.Compute(host with { VMs = [.. host.VMs!.Select(vm => vm with { Slots = [.. vm.Slots!.Select(slot => slot with { MsiEnabled = false })] })] });
        Assert.Equal(256, budget.Pools[0].Demand);
        Assert.All(budget.Devices, device => Assert.Equal(InterruptMode.MsiX, device.PhysicalMode));
        Assert.Contains(budget.Reasons, reason => reason.Contains("msiEnabled", StringComparison.Ordinal));
    }

    [Fact]
    public void MsiEnabled_false_moves_a_line_based_guest_to_the_IOAPIC()
    {
        var host = Outage() with { VMs = [VM("vm1", Slot(0, Hba(0), msiEnabled: false)) with { GuestSettings = [Guest(false)] }], LogEvents = [] };
        Assert.Equal(InterruptMode.IntX, BudgetCalculator.Compute(host).Devices[0].PhysicalMode);
    }

    [Fact]
    public void Instances_that_are_set_differently_count_with_the_most_permissive_setting()
    {
        var host = Outage();
        var budget = BudgetCalculator.Compute(host with { VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [Guest(true, 4, "1"), Guest(true, 16, "2"), Guest(true, 2, "ghost")] })] });
        Assert.All(budget.Devices, device => Assert.Equal(16, device.Demand));
    }

    [Fact]
    public void As_many_instances_as_like_slots_give_the_same_sum_whichever_is_which()
    {
        var host = Outage();
        var budget = BudgetCalculator.Compute(host with { VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [Guest(true, 4, "1"), Guest(false, null, "2")] })] });
        Assert.Equal(4 * (4 + 1), budget.Pools[0].Demand);
    }

    [Fact]
    public void A_value_of_the_wrong_type_limits_nothing()
    {
        var host = Outage();
        var wrong = Guest(false) with { WrongType = ["MSISupported"] };
        var budget = BudgetCalculator.Compute(host with { VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [wrong with { InstanceId = "1" }, wrong with { InstanceId = "2" }] })] });
        Assert.Equal(256, budget.Pools[0].Demand);
    }

    [Fact]
    public void Fewer_instances_than_slots_limit_nothing()
    {
        var host = Outage();
        var budget = BudgetCalculator.Compute(host with { VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [Guest(false)] })] });
        Assert.Equal(256, budget.Pools[0].Demand);
    }

    [Fact]
    public void Devices_that_all_got_their_vectors_bound_what_the_host_can_hold()
    {
        var host = Outage() with { LogEvents = [.. Enumerable.Range(0, 8).Select(i => Request(i, Hba(i), i < 4 ? 32 : 2, world: i))] };
        var pool = BudgetCalculator.Compute(host).Pools[0];
        Assert.Equal((BudgetVerdict.Fits, 136, 34, 0), (pool.Verdict, pool.Demand!.Value, pool.HostUse!.Value, pool.HostUseFigure.Minimum!.Value));
    }

    [Fact]
    public void What_a_VM_held_that_is_off_now_does_not_bound_what_the_host_can_hold()
    {
        var host = Outage() with { LogEvents = [.. Enumerable.Range(0, 8).Select(i => Request(i, Hba(i), 16, world: i))] };
        host = host with { VMs = [.. host.VMs!.Take(3), host.VMs![3] with { PowerState = VMPowerState.PoweredOff }] };
        Assert.Equal(74, BudgetCalculator.Compute(host).Pools[0].HostUse);
        Assert.NotEqual(BudgetVerdict.Fits, BudgetCalculator.Compute(host, new BudgetOptions { IncludePoweredOff = true }).Verdict);
    }

    [Fact]
    public void A_VM_that_may_have_been_off_when_the_pool_ran_dry_leaves_the_hosts_own_use_open()
    {
        var host = Outage();
        host = host with { LogEvents = [Boot(-60), .. host.LogEvents!], VMs = [host.VMs![0] with { PowerState = VMPowerState.PoweredOff }, .. host.VMs!.Skip(1)] };
        var figure = BudgetCalculator.Compute(host).Pools[0].HostUseFigure;
        Assert.Equal(((int?)null, 26, 90), (figure.Value, figure.Minimum!.Value, figure.Maximum!.Value));
    }

    [Fact]
    public void Less_than_the_asked_for_headroom_is_tight()
    {
        var host = Outage() with { LogEvents = [.. Enumerable.Range(0, 8).Select(i => Request(i, Hba(i), 16, world: i))] };
        Assert.Equal(BudgetVerdict.Tight, BudgetCalculator.Compute(host, new BudgetOptions { Headroom = 1 }).Verdict);
        Assert.Equal(BudgetVerdict.Fits, BudgetCalculator.Compute(host).Verdict);
    }

    [Fact]
    public void An_upper_bound_on_the_hosts_use_can_not_prove_that_more_does_not_fit()
    {
        var host = Outage();
        host = host with
        {
            VMs = [.. host.VMs!, VM("vm5", Slot(0, "0000:0a:00.0"))],
            ConfigSpaces = [Config("0000:0a:00.0", 8)],
            LogEvents = [.. Enumerable.Range(0, 8).Select(i => Request(i, Hba(i), 16, world: i))],
        };
        Assert.Equal(BudgetVerdict.Unknown, BudgetCalculator.Compute(host).Verdict);
    }

    [Fact]
    public void A_log_that_contradicts_the_figures_makes_the_verdict_unknown()
    {
        var host = Outage() with
        {
            VMs = [VM("vm1", Slot(0, Hba(0)))],
            Version = Esx(6, 7), LogicalCpus = 32,
            LogEvents = [Boot(0), Granted(1, "0000:01:00.0", 20), Request(10, Hba(0), 32), Event(LogEventKind.OutOfVectors, 10)],
            PciDevices = [Device("0000:01:00.0", PciOwner.VMkernel), Device(Hba(0), PciOwner.VMPassthru)],
        };
        var pool = Pool(BudgetCalculator.Compute(host), InterruptPool.MsixVectors);
        Assert.Equal(BudgetVerdict.Unknown, pool.Verdict);
    }

    [Fact]
    public void A_boot_after_the_failure_clears_it()
    {
        var host = Outage();
        var budget = BudgetCalculator.Compute(host with { LogEvents = [.. host.LogEvents!, Boot(2000), .. Enumerable.Range(0, 8).Select(i => Request(2100 + i, Hba(i), 16, world: i))] });
        Assert.Empty(budget.Exhaustions);
        Assert.Equal((BudgetVerdict.Fits, 128), (budget.Verdict, budget.Pools[0].Demand!.Value));
    }

    [Fact]
    public void The_latest_request_wins()
    {
        var host = Outage();
        var budget = BudgetCalculator.Compute(host with { LogEvents = [.. host.LogEvents!, .. Enumerable.Range(0, 8).Select(i => Request(3000 + i, Hba(i), 4, world: 50 + i))] });
        Assert.Equal(32, budget.Pools[0].Demand);
    }

    [Fact]
    public void Without_log_and_hardware_demand_is_unknown_and_never_fits()
    {
        var host = Outage() with { LogEvents = null, VMs = [VM("vm1", Slot(0, Hba(0)) with { DeviceId = 0x1234 })] };
        var budget = BudgetCalculator.Compute(host);
        Assert.Equal((BudgetVerdict.Unknown, (int?)null), (budget.Verdict, budget.Devices[0].Demand));
    }

    [Fact]
    public void Without_version_the_verdict_is_unknown()
    {
        var budget = BudgetCalculator.Compute(Outage() with { Version = null });
        Assert.Equal(BudgetVerdict.Unknown, budget.Verdict);
        Assert.Empty(budget.Pools);
        Assert.Contains(budget.Reasons, reason => reason.Contains("version", StringComparison.Ordinal));
    }

    [Fact]
    public void Empty_evidence_is_unknown() =>
        Assert.Equal(BudgetVerdict.Unknown, BudgetCalculator.Compute(new HostEvidence { HostName = "x", Version = Esx(7, 0, 3), LogicalCpus = 32 }).Verdict);

    [Fact]
    public void A_VM_whose_configuration_can_not_be_seen_makes_the_verdict_unknown()
    {
        var host = Outage() with { LogEvents = [], VMs = [VM("vm1") with { Slots = null }], PciDevices = [] };
        Assert.Equal(BudgetVerdict.Unknown, BudgetCalculator.Compute(host).Verdict);
    }

    [Fact]
    public void Devices_of_VMs_that_are_off_count_only_when_asked()
    {
        var host = Outage();
        host = host with { VMs = [.. host.VMs!.Take(2), .. host.VMs!.Skip(2).Select(vm => vm with { PowerState = VMPowerState.PoweredOff })] };
        Assert.Equal(128, BudgetCalculator.Compute(host).Pools[0].Demand);
        Assert.Equal(256, BudgetCalculator.Compute(host, new BudgetOptions { IncludePoweredOff = true }).Pools[0].Demand);
    }

    [Fact]
    public void A_VM_whose_power_state_is_not_known_counts_as_on()
    {
        var host = Outage();
        host = host with { VMs = [.. host.VMs!.Select(vm => vm with { PowerState = VMPowerState.Unknown })] };
        var budget = BudgetCalculator.Compute(host);
        Assert.Equal(256, budget.Pools[0].Demand);
        Assert.Contains(budget.Reasons, reason => reason.StartsWith("Power state not known", StringComparison.Ordinal));
    }

    [Fact]
    public void A_request_in_the_log_counts_where_no_VM_is_given()
    {
        var budget = BudgetCalculator.Compute(Outage() with { VMs = null });
        Assert.Equal(256, budget.Pools[0].Demand);
        Assert.All(budget.Devices, device => Assert.Null(device.VM));
    }

    [Fact]
    public void A_device_that_is_merely_set_aside_is_listed_and_not_counted()
    {
        var host = Outage() with { PciDevices = [Device("0000:0c:00.0", PciOwner.VMPassthru)] };
        var device = Assert.Single(BudgetCalculator.Compute(host).Devices, each => each.Address == At("0000:0c:00.0"));
        Assert.False(device.IsCounted);
    }
}
