using PassthroughTools.Evidence;
using PassthroughTools.Findings;
using PassthroughTools.Host;
using PassthroughTools.Vmx;
using static PassthroughTools.Tests.Findings.Linting;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Findings;

public sealed class AddressRuleTests
{
    [Fact]
    public void A_hexadecimal_id_is_an_error_that_gives_the_decimal_spelling()
    {
        var finding = Assert.Single(Find("PT1001", EsxHost(VM("old01", Written("0000:d8:00.0")))));
        Assert.Equal((FindingSeverity.Error, "old01", 0, At("0000:d8:00.0")), (finding.Severity, finding.VM, finding.Slot!.Value, finding.Device!.Value));
        Assert.Contains("\"00000:216:00.0\"", finding.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00000:216:00.0")]
    [InlineData("0000:12:00.0")]
    [InlineData("06:00.0")]
    public void An_id_of_decimal_digits_is_not_taken_for_hexadecimal(string id) => Assert.Empty(Find("PT1001", EsxHost(VM("vm1", Written(id)))));

    [Fact]
    public void A_decimal_id_in_the_form_that_esxcli_prints_is_doubtful()
    {
        var finding = Assert.Single(Find("PT1002", EsxHost(VM("vm1", Written("0000:12:00.0")))));
        Assert.Equal(At("0000:0c:00.0"), finding.Device);
        Assert.Contains("00000:018:00.0", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hosts_list_settles_a_doubtful_id_in_favour_of_the_decimal_reading()
    {
        var host = EsxHost(VM("vm1", Written("0000:12:00.0"))) with { PciDevices = [Device("0000:0c:00.0", PciOwner.VMPassthru)] };
        Assert.Empty(Find("PT1002", host));
    }

    [Fact]
    public void The_hosts_list_can_support_the_hexadecimal_reading()
    {
        var host = EsxHost(VM("vm1", Written("0000:12:00.0"))) with { PciDevices = [Device("0000:12:00.0", PciOwner.VMPassthru)] };
        Assert.Contains("none at 0000:0c:00.0", Assert.Single(Find("PT1002", host)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000:08:00.0")]
    [InlineData("00000:012:00.0")]
    [InlineData("12:00.0")]
    public void An_id_that_can_only_be_decimal_or_means_the_same_in_both_bases_is_not_doubtful(string id) =>
        Assert.Empty(Find("PT1002", EsxHost(VM("vm1", Written(id)))));

    [Fact]
    public void An_address_that_the_host_does_not_list_is_an_error_of_a_VM_that_is_off()
    {
        var host = EsxHost(VM("vm1", Slot(0, "0000:05:00.0")).State(VMPowerState.PoweredOff)) with { PciDevices = [Device("0000:06:00.0", PciOwner.VMPassthru)] };
        Assert.Equal(FindingSeverity.Error, Assert.Single(Find("PT1003", host)).Severity);
    }

    [Fact]
    public void An_address_that_the_host_does_not_list_is_only_doubtful_while_the_VM_is_on()
    {
        var host = EsxHost(VM("vm1", Slot(0, "0000:05:00.0"))) with { PciDevices = [Device("0000:06:00.0", PciOwner.VMPassthru)] };
        Assert.Equal(FindingSeverity.Warning, Assert.Single(Find("PT1003", host)).Severity);
    }

    [Fact]
    public void A_virtual_function_is_looked_up_by_its_physical_function()
    {
        var slot = new PassthruSlot { Slot = 28, Kind = PassthruSlotKind.SriovVf, PhysicalFunction = At("0000:18:00.0") };
        Assert.Empty(Find("PT1003", EsxHost(VM("vm1", slot)) with { PciDevices = [Device("0000:18:00.0", PciOwner.VMkernel)] }));
        Assert.Single(Find("PT1003", EsxHost(VM("vm1", slot)) with { PciDevices = [Device("0000:19:00.0", PciOwner.VMkernel)] }));
    }

    [Fact]
    public void Without_the_hosts_list_no_address_is_missing_from_it() => Assert.Empty(Find("PT1003", EsxHost(VM("vm1", Slot(0, "0000:05:00.0")))));

    [Fact]
    public void A_card_of_another_kind_at_the_address_is_found_and_the_old_ones_place_is_named()
    {
        var host = EsxHost(VM("vm1", Slot(0, "0000:05:00.0"))) with
        {
            PciDevices = [Device("0000:05:00.0", PciOwner.VMPassthru) with { DeviceId = 0xe200 }, Device("0000:0b:00.0", PciOwner.VMPassthru)],
        };
        var finding = Assert.Single(Find("PT1004", host));
        Assert.Contains("are at 0000:0b:00.0", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_kind_at_the_address_is_no_finding() =>
        Assert.Empty(Find("PT1004", EsxHost(VM("vm1", Slot(0, "0000:05:00.0"))) with { PciDevices = [Device("0000:05:00.0", PciOwner.VMPassthru)] }));

    [Theory]
    [InlineData(VMPowerState.PoweredOn, VMPowerState.PoweredOn, FindingSeverity.Error)]
    [InlineData(VMPowerState.PoweredOn, VMPowerState.PoweredOff, FindingSeverity.Warning)]
    [InlineData(VMPowerState.PoweredOn, VMPowerState.Unknown, FindingSeverity.Warning)]
    public void A_device_in_two_VMs_is_an_error_only_where_both_are_on(VMPowerState one, VMPowerState other, FindingSeverity severity)
    {
        var host = EsxHost(VM("vm1", Slot(0, "0000:05:00.0")).State(one), VM("vm2", Slot(3, "0000:05:00.0")).State(other));
        var finding = Assert.Single(Find("PT1005", host));
        Assert.Equal((severity, null, At("0000:05:00.0"), 2), (finding.Severity, finding.VM, finding.Device!.Value, finding.Evidence.Count));
    }

    [Fact]
    public void A_device_twice_in_one_VM_is_an_error()
    {
        var finding = Assert.Single(Find("PT1005", EsxHost(VM("vm1", Slot(0, "0000:05:00.0"), Slot(1, "0000:05:00.0")))));
        Assert.Equal((FindingSeverity.Error, "vm1"), (finding.Severity, finding.VM));
    }

    [Fact]
    public void Devices_of_their_own_and_entries_that_are_not_present_are_no_finding() =>
        Assert.Empty(Find("PT1005", EsxHost(VM("vm1", Slot(0, "0000:05:00.0")), VM("vm2", Slot(0, "0000:05:00.1"), Slot(1, "0000:05:00.0") with { Present = false }))));
}
