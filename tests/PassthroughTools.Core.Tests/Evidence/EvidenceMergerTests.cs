using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Vectors;

namespace PassthroughTools.Tests.Evidence;

/// <summary>One host by two sources: what either knows counts, and where they disagree nothing fits that might not.</summary>
public sealed class EvidenceMergerTests
{
    private static readonly HostEvidence Ssh = Read(Sample.Cookies);

    [Fact]
    public void Sources_that_agree_give_the_budget_of_either()
    {
        var merged = EvidenceMerger.Merge(Ssh, Ssh);
        Assert.Empty(merged.Disagreements);
        Assert.Equal(Verdicts(Ssh), Verdicts(merged));
        Assert.Equal(Ssh.Files.Count, merged.Files.Count);
    }

    [Fact]
    public void What_only_one_source_knows_is_taken_from_it()
    {
        var api = new HostEvidence { HostName = "api", VMs = [.. Ssh.VMs!.Select(vm => vm with { Slots = null, PowerState = VMPowerState.PoweredOn })], Files = [new EvidenceFile("vmkernel.log", EvidenceFileStatus.Missing)] };
        var merged = EvidenceMerger.Merge(api, Ssh with { VMs = [.. Ssh.VMs!.Select(vm => vm with { PowerState = VMPowerState.Unknown })] });
        Assert.Empty(merged.Disagreements);
        Assert.Equal(Ssh.Version, merged.Version);
        Assert.Equal(Ssh.LogEvents, merged.LogEvents);
        Assert.All(merged.VMs!, vm => Assert.NotNull(vm.Slots));
        Assert.All(merged.VMs!, vm => Assert.Equal(VMPowerState.PoweredOn, vm.PowerState));
        Assert.DoesNotContain("vmkernel.log", merged.Missing);
    }

    [Fact]
    public void Versions_that_differ_leave_no_verdict()
    {
        var merged = Merge(DisagreementArea.Version, Ssh with { Version = new EsxVersion(7, 0, 3) });
        Assert.Null(merged.Version);
        Assert.Equal(BudgetVerdict.Unknown, BudgetCalculator.Compute(merged).Verdict);
    }

    [Fact]
    public void Builds_that_differ_are_shown_and_change_nothing() =>
        Assert.Equal(Verdicts(Ssh), Verdicts(Merge(DisagreementArea.Version, Ssh with { Version = Ssh.Version! with { Build = 1 } })));

    [Fact]
    public void The_smaller_number_of_CPUs_counts() => Assert.Equal(8, Merge(DisagreementArea.LogicalCpus, Ssh with { LogicalCpus = 8 }).LogicalCpus);

    [Fact]
    public void A_pool_that_is_too_small_only_by_one_source_is_not_found_exceeded()
    {
        var merged = Merge(DisagreementArea.KernelSetting, WithSetting("maxIntrCookies", "4"));
        Assert.Equal(BudgetVerdict.Unknown, Pool(merged, InterruptPool.InterruptCookies).Verdict);
    }

    [Fact]
    public void A_pool_that_is_large_enough_only_by_one_source_does_not_fit()
    {
        var merged = Merge(DisagreementArea.KernelSetting, WithSetting("maxIntrCookies", "999999"));
        Assert.Equal(Pool(Ssh, InterruptPool.InterruptCookies).Capacity, Pool(merged, InterruptPool.InterruptCookies).Capacity);
        Assert.DoesNotContain(Pool(merged, InterruptPool.InterruptCookies).Verdict, new[] { BudgetVerdict.Fits, BudgetVerdict.Tight }.Except([Pool(Ssh, InterruptPool.InterruptCookies).Verdict]));
    }

    [Fact]
    public void A_setting_that_moves_the_border_between_two_pools_leaves_both_undecided()
    {
        var ssh = WithSetting("intrFirstMsixVector", "0x70");
        var merged = EvidenceMerger.Merge(WithSetting("intrFirstMsixVector", "0x90"), ssh);
        Assert.Single(merged.Disagreements);
        Assert.Equal(BudgetVerdict.Unknown, Pool(merged, InterruptPool.MsixVectors).Verdict);
    }

    [Fact]
    public void A_machine_that_is_off_by_one_source_only_counts_as_on()
    {
        var merged = Merge(DisagreementArea.PowerState, WithVM(vm => vm with { PowerState = VMPowerState.PoweredOff }, VMPowerState.PoweredOn));
        Assert.True(BudgetCalculator.Compute(merged).Devices.Count(device => device.IsCounted) >= BudgetCalculator.Compute(Ssh).Devices.Count(device => device.IsCounted));
    }

    [Fact]
    public void Slots_that_differ_make_the_demand_unknown()
    {
        var merged = Merge(DisagreementArea.Slots, WithVM(vm => vm with { Slots = [] }, null));
        Assert.All(BudgetCalculator.Compute(merged).Pools, pool => Assert.DoesNotContain(pool.Verdict, new[] { BudgetVerdict.Fits, BudgetVerdict.Tight }));
    }

    [Fact]
    public void A_machine_that_only_one_source_lists_counts()
    {
        var merged = Merge(DisagreementArea.VM, Ssh with { VMs = [.. Ssh.VMs!.Skip(1)] });
        Assert.Equal(Ssh.VMs!.Count, merged.VMs!.Count);
    }

    [Fact]
    public void A_device_that_only_one_source_sets_aside_counts_as_set_aside()
    {
        var device = Ssh.PciDevices!.First(each => each.CurrentOwner == PciOwner.VMkernel);
        var merged = Merge(DisagreementArea.Device, Ssh with { PciDevices = [.. Ssh.PciDevices!.Select(each => each == device ? each with { CurrentOwner = PciOwner.VMPassthru } : each)] });
        Assert.Equal(PciOwner.VMPassthru, merged.FindDevice(device.Address)!.CurrentOwner);
    }

    [Fact]
    public void The_budget_names_both_sources_and_both_values()
    {
        var reason = BudgetCalculator.Compute(Merge(DisagreementArea.LogicalCpus, Ssh with { LogicalCpus = 8 })).Reasons[0];
        Assert.Contains("8 by the vSphere API", reason, StringComparison.Ordinal);
        Assert.Contains("32 by SSH", reason, StringComparison.Ordinal);
    }

    private static HostEvidence Merge(DisagreementArea area, HostEvidence api)
    {
        var merged = EvidenceMerger.Merge(api, Ssh);
        Assert.Equal(area, Assert.Single(merged.Disagreements).Area);
        return merged;
    }

    private static HostEvidence WithSetting(string name, string value) =>
        Ssh with { KernelSettings = [.. Ssh.KernelSettings!.Where(setting => setting.Name != name), new KernelSetting(name, "uint32", value, value, value, "")] };

    private static HostEvidence WithVM(Func<VMEvidence, VMEvidence> change, VMPowerState? state)
    {
        var chosen = Ssh.VMs!.First(vm => vm.Slots?.Count > 0 && (state is null || vm.PowerState == state));
        return Ssh with { VMs = [.. Ssh.VMs!.Select(vm => vm == chosen ? change(vm) : vm)] };
    }

    private static HostVectorPool Pool(HostEvidence host, InterruptPool pool) => BudgetCalculator.Compute(host).Pools.Single(each => each.Pool == pool);

    private static IEnumerable<string> Verdicts(HostEvidence host) => BudgetCalculator.Compute(host).Pools.Select(pool => pool + " " + pool.Arithmetic);

    private static HostEvidence Read(string sample) => EvidenceReader.Read(Sample.Original(sample)).Single();
}
