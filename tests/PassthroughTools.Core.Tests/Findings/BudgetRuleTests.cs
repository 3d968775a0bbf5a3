using PassthroughTools.Findings;
using PassthroughTools.Vmx;
using static PassthroughTools.Tests.Findings.Linting;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Findings;

public sealed class BudgetRuleTests
{
    [Fact]
    public void A_log_that_starts_after_the_boot_is_named_with_its_first_line()
    {
        var finding = Assert.Single(Find("PT5001", EsxHost() with { LogEvents = [Granted(7, "0000:01:00.0", 4)] }));
        Assert.Equal(8, Assert.Single(finding.Evidence).Line);
    }

    [Fact]
    public void A_log_with_the_boot_in_it_and_no_log_at_all_are_no_finding()
    {
        Assert.Empty(Find("PT5001", EsxHost() with { LogEvents = [Boot(0), Granted(7, "0000:01:00.0", 4)] }));
        Assert.Empty(Find("PT5001", EsxHost()));
    }

    [Fact]
    public void The_case_is_within_the_maxima_and_exceeds_all_the_same()
    {
        var finding = Assert.Single(Find("PT5002", Outage()));
        Assert.Contains("170 - 26 - (8 x 32) = -112", finding.Message, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, line => line.Text == "PassthruDevicesPerHost: 8 of 8");
    }

    [Fact]
    public void More_devices_than_the_maxima_allow_is_another_matter()
    {
        var host = Outage();
        Assert.Empty(Find("PT5002", host with { VMs = [.. host.VMs!, VM("vm5", Slot(0, Hba(9)))] }));
    }

    [Fact]
    public void A_host_whose_vectors_suffice_is_no_finding() =>
        Assert.Empty(Find("PT5002", Outage() with { LogEvents = [.. Enumerable.Range(0, 8).Select(i => Request(i, Hba(i), 2, world: i))] }));

    [Fact]
    public void Virtual_functions_are_counted_with_the_vendors_planning_figure()
    {
        var slot = new PassthruSlot { Slot = 28, Kind = PassthruSlotKind.SriovVf, PhysicalFunction = At("0000:18:00.0") };
        var host = EsxHost(Esx(7, 0, 3), VM("vm1", slot)) with { PciDevices = [Device("0000:18:00.0", PassthroughTools.Host.PciOwner.VMkernel) with { VendorId = 0x8086 }] };
        var finding = Assert.Single(Find("PT5003", host));
        Assert.Equal(("vm1", 28, Provenance.Documented), (finding.VM, finding.Slot!.Value, finding.Provenance));
        Assert.EndsWith(": 3.", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_functions_are_no_virtual_ones() => Assert.Empty(Find("PT5003", EsxHost(VM("vm1", Slot(0, Hba(0))))));
}
