using PassthroughTools.Evidence;
using PassthroughTools.Planning;
using PassthroughTools.Registry;
using PassthroughTools.Vectors;
using PassthroughTools.Vim;
using PassthroughTools.Vmx;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Planning;

public sealed class RemediationPlannerTests
{
    private static GuestMsiSetting Instance(string id, bool? on = true, int? limit = null) =>
        Guest(on, limit, id) with { KeyPath = @"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI\VEN_10DF&DEV_F100\" + id };

    private static HostEvidence Case()
    {
        var host = Outage();
        return host with { VMs = [.. host.VMs!.Select(vm => vm with { VmxPath = vm.Name + ".vmx", RegistryPath = vm.Name + ".reg", GuestSettings = [Instance("1"), Instance("2")] })] };
    }

    private static RemediationPlan Plan(HostEvidence host, RemediationOptions? options = null) =>
        RemediationPlanner.Plan(host, options, TestContext.Current.CancellationToken);

    [Fact]
    public void Fewest_reboots_touches_two_VMs_of_the_case()
    {
        var plan = Plan(Case());
        Assert.True(plan is { IsFeasible: true, IsProvenOptimal: true });
        Assert.Equal((2, 4), (plan.VMs.Count, plan.Steps.Count));
        Assert.All(plan.Steps, step => Assert.Equal((PlanAction.MessageLimit, "4"), (step.Action, step.NewValue)));
        Assert.Equal((BudgetVerdict.Exceeds, BudgetVerdict.Fits, 0), (plan.Before.Verdict, plan.After.Verdict, plan.After.Pools[0].Headroom!.Value));
    }

    [Fact]
    public void Even_share_gives_every_HBA_the_same_limit()
    {
        var plan = Plan(Case(), new RemediationOptions { Prefer = PlanObjective.EvenShare });
        Assert.Equal(8, plan.Steps.Count);
        Assert.All(plan.Steps, step => Assert.Equal("16", step.NewValue));
    }

    [Fact]
    public void Msi_off_does_what_the_case_did_where_it_is_needed()
    {
        var plan = Plan(Case(), new RemediationOptions { Prefer = PlanObjective.MsiOff });
        Assert.Equal(2, plan.VMs.Count);
        Assert.All(plan.Steps, step => Assert.Equal(("MSISupported", "1", "0"), (step.ShortKey, step.OldValue, step.NewValue)));
        Assert.Equal(BudgetVerdict.Fits, plan.After.Verdict);
    }

    [Fact]
    public void Of_VMs_of_one_name_none_is_changed_in_the_others_place()
    {
        var host = Case();
        var plan = Plan(host with { VMs = [.. host.VMs!.Select((vm, i) => vm with { Name = i < 2 ? "twin" : vm.Name, VmxPath = i + ".vmx" })] });
        Assert.DoesNotContain("twin", plan.VMs);
        Assert.Contains(plan.Advice, advice => advice.Contains("twin", StringComparison.Ordinal));
        Assert.Equal(128, plan.After.Devices.Where(device => device.VM == "twin").Sum(device => device.Demand));
    }

    [Fact]
    public void A_failure_in_the_log_tells_what_is_left_for_passthrough_without_a_vector_list()
    {
        var plan = Plan(Case() with { VectorList = null });
        Assert.Equal((true, BudgetVerdict.Exceeds, BudgetVerdict.Fits), (plan.IsFeasible, plan.Before.Verdict, plan.After.Verdict));
        Assert.Equal(144, plan.After.Pools[0].Capacity - plan.After.Pools[0].HostUse);
    }

    [Fact]
    public void Without_either_what_is_not_known_is_named()
    {
        var plan = Plan(Case() with { VectorList = null, LogEvents = null });
        Assert.False(plan.IsFeasible);
        Assert.Contains(plan.Assumptions, assumption => assumption.Contains("vector list was not given", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_that_goes_by_estimates_does_not_say_that_a_pool_fits()
    {
        var host = Outage();
        var plan = Plan(host with { LogEvents = null, VMs = [VM("vm1", Slot(0, Hba(0)))] });
        Assert.Equal((true, BudgetVerdict.Unknown), (plan.IsFeasible, plan.After.Verdict));
        Assert.DoesNotContain(plan.Assumptions, assumption => assumption.StartsWith("The pools that can be planned for fit", StringComparison.Ordinal));
        Assert.Contains(plan.Assumptions, assumption => assumption.Contains("by the estimates", StringComparison.Ordinal) && assumption.Contains("Interrupt vectors of the host", StringComparison.Ordinal));
    }

    [Fact]
    public void Headroom_is_kept()
    {
        var plan = Plan(Case(), new RemediationOptions { Headroom = 40 });
        Assert.True(plan.After.Pools[0].Headroom >= 40);
        Assert.Equal(BudgetVerdict.Fits, plan.After.Verdict);
    }

    [Fact]
    public void An_excluded_VM_is_not_touched_and_named()
    {
        var plan = Plan(Case(), new RemediationOptions { IsVMExcluded = name => name == "vm1" });
        Assert.DoesNotContain("vm1", plan.VMs);
        Assert.Contains(plan.Advice, advice => advice.StartsWith("vm1", StringComparison.Ordinal));
    }

    [Fact]
    public void An_excluded_device_is_not_touched()
    {
        var plan = Plan(Case(), new RemediationOptions { ExcludedDevices = [At(Hba(0))] });
        Assert.DoesNotContain(plan.Steps, step => step.Device == At(Hba(0)));
    }

    [Fact]
    public void A_minimum_per_device_is_kept_and_rules_out_MSI_off()
    {
        var plan = Plan(Case(), new RemediationOptions { MinimumPerDevice = 8 });
        Assert.Equal(3, plan.VMs.Count);
        Assert.All(plan.Steps, step => Assert.True(step.Action == PlanAction.MessageLimit && step.NewValue is "8" or "16"));
    }

    [Fact]
    public void Linux_guests_get_advice_with_their_drivers_parameter_and_no_step()
    {
        var host = Case();
        var plan = Plan(host with { VMs = [.. host.VMs!.Select((vm, i) => i < 2 ? vm with { GuestFamily = GuestFamily.Linux, GuestSettings = null } : vm)] });
        Assert.DoesNotContain(plan.VMs, vm => vm is "vm1" or "vm2");
        Assert.Contains(plan.Advice, advice => advice.Contains("lpfc_use_msi", StringComparison.Ordinal));
    }

    [Fact]
    public void What_can_not_be_made_to_fit_says_by_how_much()
    {
        var plan = Plan(Case(), new RemediationOptions { IsVMExcluded = _ => true });
        Assert.False(plan.IsFeasible);
        Assert.Empty(plan.Steps);
        Assert.Equal(112, Assert.Single(plan.Shortfall).Missing);
    }

    [Fact]
    public void A_host_that_fits_needs_nothing()
    {
        var host = Case();
        var plan = Plan(host with { LogEvents = [.. Enumerable.Range(0, 8).Select(i => Request(i, Hba(i), 8, world: i))] });
        Assert.True(plan.IsFeasible);
        Assert.Empty(plan.Steps);
    }

    [Fact]
    public void The_vmx_key_alone_is_never_proposed_for_the_single_pool()
    {
        foreach (var prefer in Enum.GetValues<PlanObjective>())
            Assert.DoesNotContain(Plan(Case(), new RemediationOptions { Prefer = prefer }).Steps, step => step.Kind == SettingKind.Vmx);
    }

    [Fact]
    public void More_instances_than_slots_are_all_set_alike()
    {
        var host = Case();
        host = host with { VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [Instance("1"), Instance("2"), Instance("ghost")] })] };
        var plan = Plan(host);
        Assert.True(plan.IsFeasible);
        Assert.All(plan.Steps.GroupBy(step => step.VM), vm => Assert.Equal((3, 1), (vm.Count(), vm.Select(step => step.NewValue).Distinct().Count())));
        Assert.Equal(BudgetVerdict.Fits, plan.After.Verdict);
    }

    [Fact]
    public void Instances_that_are_known_by_their_slots_leave_a_ghost_out()
    {
        var host = Case();
        host = host with { VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [Instance("a-ghost"), Instance("1") with { Slot = 1 }, Instance("2") with { Slot = 0 }] })] };
        var plan = Plan(host);
        Assert.True(plan.IsFeasible);
        Assert.DoesNotContain(plan.Steps, step => step.Key.Contains("ghost", StringComparison.Ordinal));
        Assert.Equal(plan.VMs.Count * 2, plan.Steps.Count);
    }

    [Fact]
    public void An_instance_that_is_known_to_be_in_one_slot_does_not_stand_for_another()
    {
        var host = Case();
        host = host with { VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [Instance("1") with { Slot = 1 }, Instance("2", limit: 2)] })] };
        var instances = DemandCalculator.Instances(host, host.VMs![0]);
        Assert.Equal(["2", "1"], instances.OrderBy(pair => pair.Key).Select(pair => Assert.Single(pair.Value.Instances).InstanceId.Split('\\')[^1]));
        Assert.All(instances.Values, each => Assert.True(each.IsCertain));
    }

    [Fact]
    public void A_guest_that_was_not_read_is_read_by_its_account_where_the_VM_is_live_and_from_an_export_otherwise()
    {
        var host = Case();
        var plan = Plan(host with { VMs = [.. host.VMs!.Select((vm, i) => vm with { GuestSettings = null, Vim = i == 0 ? new VimTarget("vc", new ManagedObject("VirtualMachine", "vm-1")) : null })] });
        Assert.Contains(plan.Advice, advice => advice.StartsWith("vm1, ", StringComparison.Ordinal) && advice.Contains("-GuestCredential", StringComparison.Ordinal));
        Assert.Contains(plan.Advice, advice => advice.StartsWith("vm2, ", StringComparison.Ordinal) && advice.Contains("guest-pci.reg", StringComparison.Ordinal));
    }

    [Fact]
    public void A_host_of_whose_devices_nothing_is_known_has_no_plan()
    {
        var plan = Plan(Case() with { VMs = null, LogEvents = null, PciDevices = null });
        Assert.Equal((false, BudgetVerdict.Unknown, 0), (plan.IsFeasible, plan.After.Verdict, plan.Steps.Count));
        Assert.Contains(plan.Advice, advice => advice.Contains("what is asked for is not known", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Assumptions, assumption => assumption.Contains("fit", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_VM_whose_configuration_is_missing_the_plan_says_so()
    {
        var host = Case();
        var plan = Plan(host with { VMs = [.. host.VMs!.Select(vm => vm.Name == "vm1" ? vm with { Slots = null } : vm)] });
        Assert.False(plan.IsFeasible);
        Assert.Contains(plan.Advice, advice => advice.StartsWith("vm1: the VM's configuration is not in the evidence", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Advice, advice => advice.StartsWith("vm1, vm1", StringComparison.Ordinal) || advice.Contains("virtual functions", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Assumptions, assumption => assumption.Contains("of  (", StringComparison.Ordinal));
    }

    [Fact]
    public void Fewer_instances_than_slots_can_not_be_edited()
    {
        var host = Case();
        var plan = Plan(host with { VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [Instance("1")] })] });
        Assert.False(plan.IsFeasible);
        Assert.Contains(plan.Advice, advice => advice.Contains("export it again", StringComparison.Ordinal));
    }

    [Fact]
    public void A_device_whose_demand_is_unknown_and_that_can_not_be_limited_blocks_the_plan()
    {
        var host = Case();
        host = host with { VMs = [.. host.VMs!, VM("vm5", Slot(0, "0000:0c:00.0") with { DeviceId = 0x1234 })] };
        var plan = Plan(host);
        Assert.False(plan.IsFeasible);
        Assert.Contains(plan.Advice, advice => advice.Contains("vm5", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_evidence_gives_the_same_plan() => Assert.Equal(Plan(Case()).Id, Plan(Case()).Id);

    [Fact]
    public void What_is_taken_for_granted_is_said()
    {
        var plan = Plan(Case());
        Assert.Contains(plan.Assumptions, each => each.Contains("honours MessageNumberLimit", StringComparison.Ordinal));
        Assert.Contains(plan.Assumptions, each => each.Contains("host's own use of 26", StringComparison.Ordinal));
    }

    [Fact]
    public void A_feasible_plan_always_projects_to_a_budget_that_does_not_exceed()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var host = Case();
            host = host with
            {
                Version = Esx(random.Next(2) == 0 ? 5 : 8, 0, random.Next(3)),
                LogicalCpus = 32,
                VectorList = List(random.Next(60, 300)),
                KernelSettings = [Setting("maxIntrCookies", random.Next(40, 400).ToString(System.Globalization.CultureInfo.InvariantCulture))],
                LogEvents = [Boot(0), Granted(1, "0000:01:00.0", random.Next(1, 30)), .. Enumerable.Range(0, 8).Select(i => Request(10 + i, Hba(i), 1 << random.Next(7), world: i))],
                PciDevices = [],
                VMs = [.. host.VMs!.Select(vm => vm with { GuestSettings = [Instance("1", random.Next(3) > 0), Instance("2", limit: random.Next(2) == 0 ? 8 : null)] })],
            };
            var plan = Plan(host, new RemediationOptions { Prefer = (PlanObjective)random.Next(3), Headroom = random.Next(20) });
            if (plan.IsFeasible) Assert.NotEqual(BudgetVerdict.Exceeds, plan.After.Verdict);
            else Assert.Empty(plan.Steps);
        }
    }
}
