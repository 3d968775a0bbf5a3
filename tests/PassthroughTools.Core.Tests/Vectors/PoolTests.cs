using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Vectors;
using PassthroughTools.Vmx;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Vectors;

public sealed class PoolTests
{
    private static HostEvidence Modern(int major, int minor, int update, int cpus = 32) => new()
    {
        HostName = "esx", Version = Esx(major, minor, update), LogicalCpus = cpus, VMs = [], PciDevices = [],
    };

    private static HostVectorPool Pool(HostEvidence host, InterruptPool pool) => Assert.Single(BudgetCalculator.Compute(host).Pools, row => row.Pool == pool);

    [Theory]
    [InlineData(5, 0, 0, "HostVectors")]
    [InlineData(5, 5, 0, "HostVectors")]
    [InlineData(6, 0, 0, "MsixVectors InterruptCookies")]
    [InlineData(7, 0, 0, "MsixVectors InterruptCookies")]
    [InlineData(7, 0, 1, "MsixVectors GlobalVectors InterruptCookies")]
    [InlineData(8, 0, 0, "MsixVectors GlobalVectors InterruptCookies")]
    [InlineData(8, 0, 1, "MsixVectors InterruptCookies")]
    [InlineData(9, 0, 0, "MsixVectors InterruptCookies")]
    public void The_version_decides_which_pools_apply(int major, int minor, int update, string pools) =>
        Assert.Equal(pools, string.Join(" ", BudgetCalculator.Compute(Modern(major, minor, update)).Pools.Select(pool => pool.Pool)));

    [Theory]
    [InlineData(32, 4096, 4096, Provenance.Documented)]
    [InlineData(16, 2048, 2048, Provenance.Inferred)]
    [InlineData(64, 8192, 4096, Provenance.Assumed)]
    public void The_MSIX_pool_grows_with_the_CPUs_and_is_relied_on_up_to_32(int cpus, int value, int reliedOn, Provenance provenance)
    {
        var figure = Pool(Modern(6, 7, 0, cpus), InterruptPool.MsixVectors).CapacityFigure;
        Assert.Equal((value, reliedOn, provenance), (figure.Value!.Value, figure.Minimum!.Value, figure.Provenance));
    }

    [Theory]
    [InlineData("0x80", 112 * 32, 0x60)]
    [InlineData("144", 96 * 32, 0x70)]
    [InlineData("0x1", 4096, 0x50)]
    [InlineData("junk", 4096, 0x50)]
    public void IntrFirstMsixVector_moves_vectors_from_one_pool_to_the_other(string setting, int msix, int global)
    {
        var host = Modern(7, 0, 3) with { KernelSettings = [Setting("intrFirstMsixVector", setting)] };
        Assert.Equal(msix, Pool(host, InterruptPool.MsixVectors).Capacity);
        Assert.Equal(global, Pool(host, InterruptPool.GlobalVectors).Capacity);
    }

    [Theory]
    [InlineData(8, 0, 2, null, 1024, Provenance.Documented)]
    [InlineData(8, 0, 3, null, 4096, Provenance.Documented)]
    [InlineData(8, 0, 2, "2048", 2048, Provenance.Measured)]
    public void Cookies_are_what_the_running_host_has_else_the_versions_default(int major, int minor, int update, string? runtime, int capacity, Provenance provenance)
    {
        var host = Modern(major, minor, update) with { KernelSettings = runtime is null ? [] : [Setting("maxIntrCookies", runtime)] };
        var figure = Pool(host, InterruptPool.InterruptCookies).CapacityFigure;
        Assert.Equal((capacity, provenance), (figure.Value!.Value, figure.Provenance));
    }

    [Fact]
    public void A_version_whose_update_is_not_known_neither_hides_a_pool_nor_proves_it_exceeded()
    {
        var host = Modern(8, 0, 0) with { Version = EsxVersion.Parse("8.0"), KernelSettings = [Setting("intrFirstMsixVector", "0x70")], VMs = [VM("vm1", [.. Enumerable.Range(0, 90).Select(i => Slot(i, Hba(i)))])], ConfigSpaces = [.. Enumerable.Range(0, 90).Select(i => Config(Hba(i), 2))], LogEvents = [Boot(0), Granted(1, "0000:01:00.0", 5)] };
        Assert.Equal(BudgetVerdict.Unknown, Pool(host, InterruptPool.GlobalVectors).Verdict);
        Assert.Equal(BudgetVerdict.Exceeds, Pool(host with { Version = Esx(8, 0, 0) }, InterruptPool.GlobalVectors).Verdict);
    }

    [Fact]
    public void Cookies_that_run_out_name_the_setting()
    {
        var host = Modern(8, 0, 2) with
        {
            KernelSettings = [Setting("maxIntrCookies", "1024"), Setting("intrFirstMsixVector", "0x70")],
            VMs = [VM("vm1", [.. Enumerable.Range(0, 16).Select(i => Slot(i, Hba(i)))])],
            ConfigSpaces = [.. Enumerable.Range(0, 16).Select(i => Config(Hba(i), 65))],
            LogEvents = [Boot(0), Granted(1, "0000:01:00.0", 25), .. Enumerable.Range(0, 16).Select(i => Request(60 + i, Hba(i), 65))],
        };
        var budget = BudgetCalculator.Compute(host);
        Assert.Equal(BudgetVerdict.Exceeds, Assert.Single(budget.Pools, pool => pool.Pool == InterruptPool.InterruptCookies).Verdict);
        Assert.Equal(BudgetVerdict.Fits, Assert.Single(budget.Pools, pool => pool.Pool == InterruptPool.MsixVectors).Verdict);
        Assert.Contains(budget.Reasons, reason => reason.Contains("maxIntrCookies -v 4096", StringComparison.Ordinal));
    }

    [Fact]
    public void A_complete_ledger_tells_what_the_host_holds()
    {
        var host = Modern(7, 0, 3) with
        {
            PciDevices = [Device("0000:00:1f.2", PciOwner.VMkernel, vector: 0x32)],
            LogEvents = [Granted(0, "0000:09:00.0", 99), Boot(1), Granted(2, "0000:01:00.0", 25), Granted(3, "0000:02:00.0", 1, InterruptMode.Msi), Event(LogEventKind.Release, 4, "0000:01:00.0", 5)],
        };
        Assert.Equal(20, Pool(host, InterruptPool.MsixVectors).HostUse);
        Assert.Equal(2, Pool(host, InterruptPool.GlobalVectors).HostUse);
        Assert.Equal(22, Pool(host, InterruptPool.InterruptCookies).HostUse);
    }

    [Fact]
    public void A_ledger_that_misses_the_boot_leaves_the_cookies_undecided()
    {
        var host = Modern(8, 0, 2) with { LogEvents = [Granted(2, "0000:01:00.0", 25)] };
        Assert.Equal(BudgetVerdict.Unknown, Pool(host, InterruptPool.InterruptCookies).Verdict);
        Assert.Equal((25, 1024), (Pool(host, InterruptPool.MsixVectors).HostUse!.Value, Pool(host, InterruptPool.MsixVectors).HostUseFigure.Maximum!.Value));
    }

    [Fact]
    public void Without_a_ledger_the_vendors_planning_reserve_counts()
    {
        var host = Modern(6, 7, 0) with { VMs = [VM("vm1", Slot(0, Hba(0)))], ConfigSpaces = [Config(Hba(0), 2048)], LogEvents = null };
        var pool = Pool(host, InterruptPool.MsixVectors);
        Assert.Equal((1024, Provenance.Documented, BudgetVerdict.Fits), (pool.HostUse!.Value, pool.HostUseFigure.Provenance, pool.Verdict));
    }

    [Fact]
    public void On_a_small_host_the_planning_reserve_is_a_range()
    {
        var host = Modern(6, 7, 0, cpus: 8) with { VMs = [VM("vm1", Slot(0, Hba(0)))], ConfigSpaces = [Config(Hba(0), 32)] };
        Assert.Equal(BudgetVerdict.Unknown, Pool(host, InterruptPool.MsixVectors).Verdict);
    }

    [Fact]
    public void A_passthrough_device_in_the_ledger_is_not_the_hosts_own()
    {
        var host = Modern(8, 0, 2) with { VMs = [VM("vm1", Slot(0, Hba(0)))], LogEvents = [Boot(0), Granted(1, Hba(0), 25), Granted(2, "0000:01:00.0", 7)], ConfigSpaces = [Config(Hba(0), 32)] };
        Assert.Equal(7, Pool(host, InterruptPool.MsixVectors).HostUse);
    }

    [Theory]
    [InlineData(0x8086, 3)]
    [InlineData(0x10df, 2)]
    public void A_virtual_function_counts_with_the_vendors_planning_figure(int vendor, int vectors)
    {
        var slot = new PassthruSlot { Slot = 28, Kind = PassthruSlotKind.SriovVf, PhysicalFunction = At("0000:1a:00.1") };
        var host = Modern(7, 0, 3) with { VMs = [VM("vm1", slot)], PciDevices = [Device("0000:1a:00.1", PciOwner.VMkernel) with { VendorId = (ushort)vendor }] };
        var device = Assert.Single(BudgetCalculator.Compute(host).Devices);
        Assert.Equal((vectors, Provenance.Documented), (device.Demand!.Value, device.Provenance));
    }

    [Theory]
    [InlineData(7, 3, 3, Provenance.Documented)]
    [InlineData(7, 5, 5, Provenance.Documented)]
    [InlineData(7, null, 3, Provenance.Documented)]
    [InlineData(5, 5, 5, Provenance.Assumed)]
    [InlineData(6, null, 3, Provenance.Documented)]
    [InlineData(8, 5, 5, Provenance.Assumed)]
    [InlineData(8, null, null, Provenance.Assumed)]
    public void A_planning_figure_bounds_a_virtual_function_where_the_documents_give_it_and_its_table_has_no_room_for_more(int version, int? table, int? most, Provenance provenance)
    {
        var slot = new PassthruSlot { Slot = 28, Kind = PassthruSlotKind.SriovVf, PhysicalFunction = At("0000:18:00.0") };
        var physical = Config("0000:18:00.0", 129) with { Sriov = new PciSriovCapability { Offset = 0x160, IsEnabled = true, NumVfs = 4, VfOffset = 16, VfStride = 1 } };
        var host = Modern(version, 0, 2) with
        {
            VMs = [VM("vm1", slot)],
            PciDevices = [Device("0000:18:00.0", PciOwner.VMkernel) with { VendorId = 0x8086 }],
            ConfigSpaces = table is { } size ? [physical, Config("0000:18:02.1", size)] : [physical],
        };
        var figure = Assert.Single(DemandCalculator.Compute(host)).DemandFigure;
        Assert.Equal((3, most, provenance), (figure.Value, figure.Maximum, figure.Provenance));
    }

    [Fact]
    public void A_virtual_functions_request_in_the_log_counts_for_its_slot_and_only_once()
    {
        var slot = new PassthruSlot { Slot = 28, Kind = PassthruSlotKind.SriovVf, PhysicalFunction = At("0000:18:00.0") };
        var physical = Config("0000:18:00.0", 129) with { Sriov = new PciSriovCapability { Offset = 0x160, IsEnabled = true, NumVfs = 4, VfOffset = 16, VfStride = 1 } };
        var host = Modern(8, 0, 2) with { VMs = [VM("vm1", slot)], ConfigSpaces = [physical], LogEvents = [Boot(0), Request(5, "0000:18:02.0", 5)] };
        var device = Assert.Single(DemandCalculator.Compute(host));
        Assert.Equal(("vm1", At("0000:18:02.0"), 5, Provenance.Measured), (device.VM, device.Address!.Value, device.Demand!.Value, device.Provenance));
    }

    [Fact]
    public void A_grant_that_is_repeated_without_a_release_widens_the_bound_only()
    {
        var host = Modern(8, 0, 2) with { LogEvents = [Boot(0), Granted(1, "0000:01:00.0", 25), Granted(2, "0000:01:00.0", 25)] };
        var figure = Pool(host, InterruptPool.MsixVectors).HostUseFigure;
        Assert.Equal((25, 25, 50), (figure.Value!.Value, figure.Minimum!.Value, figure.Maximum!.Value));
    }

    [Fact]
    public void The_maxima_of_5_0_are_kept_by_the_case()
    {
        var rows = ConfigMaximumChecker.Check(Outage());
        Assert.Equal(5, rows.Count);
        Assert.All(rows, row => Assert.True(row.IsWithin));
        Assert.Contains(rows, row => row is { Item: ConfigMaximumItem.PassthruDevicesPerHost, Count: 8, Maximum: 8 });
    }

    [Fact]
    public void A_maximum_that_no_source_gives_is_unknown_not_kept()
    {
        var rows = ConfigMaximumChecker.Check(Outage() with { Version = Esx(9, 0) });
        Assert.All(rows, row => Assert.Null(row.IsWithin));
    }

    [Fact]
    public void A_VM_of_an_older_hardware_version_keeps_its_own_maximum()
    {
        var host = Outage() with { Version = Esx(8, 0, 2) };
        host = host with { VMs = [host.VMs![0] with { HardwareVersion = 19 }] };
        Assert.Equal(16, Assert.Single(ConfigMaximumChecker.Check(host), row => row.VM == "vm1").Maximum);
    }
}
