using PassthroughTools.Evidence;
using PassthroughTools.Findings;
using PassthroughTools.Vmx;
using static PassthroughTools.Tests.Findings.Linting;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Findings;

public sealed class VMRuleTests
{
    private static readonly VMEvidence One = VM("vm1", Slot(0, "0000:05:00.0"));

    [Theory]
    [InlineData("TRUE", FindingSeverity.Information)]
    [InlineData("FALSE", FindingSeverity.Warning)]
    public void A_repeated_key_is_found_with_its_lines(string second, FindingSeverity severity)
    {
        var finding = Assert.Single(Find("PT1006", EsxHost(One), $"a = \"1\"\npciPassthru7.msiEnabled = \"TRUE\"\npcipassthru7.msienabled = \"{second}\"\n"));
        Assert.Equal((severity, 7), (finding.Severity, finding.Slot!.Value));
        Assert.Equal([2L, 3L], finding.Evidence.Select(line => line.Line!.Value));
    }

    [Fact]
    public void A_repeated_key_of_something_else_is_no_finding() => Assert.Empty(Find("PT1006", EsxHost(One), "a = \"1\"\na = \"2\"\npciPassthru0.id = \"05:00.0\"\n"));

    [Fact]
    public void Without_the_file_no_key_is_repeated() => Assert.Empty(Find("PT1006", EsxHost(One)));

    [Theory]
    [InlineData(VMPowerState.PoweredOff, FindingSeverity.Error)]
    [InlineData(VMPowerState.PoweredOn, FindingSeverity.Warning)]
    public void Memory_that_is_reserved_in_part_is_found(VMPowerState state, FindingSeverity severity) =>
        Assert.Equal(severity, Assert.Single(Find("PT1007", EsxHost(One.State(state)), "memSize = \"4096\"\nsched.mem.min = \"1024\"\n")).Severity);

    [Theory]
    [InlineData("memSize = \"4096\"\nsched.mem.min = \"4096\"\n")]
    [InlineData("memSize = \"4096\"\nsched.mem.min = \"0\"\nsched.mem.pin = \"TRUE\"\n")]
    [InlineData("memSize = \"4096\"\n")]
    [InlineData("sched.mem.min = \"0\"\n")]
    public void Memory_that_is_reserved_or_not_told_of_is_no_finding(string vmx) => Assert.Empty(Find("PT1007", EsxHost(One.State(VMPowerState.PoweredOff)), vmx));

    [Fact]
    public void A_VM_without_passthrough_needs_no_reservation() => Assert.Empty(Find("PT1007", EsxHost(VM("vm1")), "memSize = \"4096\"\nsched.mem.min = \"0\"\n"));

    [Fact]
    public void A_key_that_nobody_documents_is_pointed_out()
    {
        var finding = Assert.Single(Find("PT1008", EsxHost(VM("vm1", Written("05:00.0", "pciPassthru0.maxMSIXvectors = \"8\"\n")))));
        Assert.Equal((FindingSeverity.Information, Provenance.Unknown), (finding.Severity, finding.Provenance));
    }

    [Fact]
    public void Known_keys_are_not_pointed_out() => Assert.Empty(Find("PT1008", EsxHost(VM("vm1", Written("05:00.0", "pciPassthru0.msiEnabled = \"TRUE\"\n")))));

    [Fact]
    public void MsiEnabled_FALSE_has_no_effect_where_the_log_shows_MSIX()
    {
        var host = EsxHost(Esx(5, 0), VM("vm1", Slot(0, "0000:05:00.0", msiEnabled: false))) with { LogEvents = [Request(0, "0000:05:00.0", 32)] };
        var finding = Assert.Single(Find("PT1009", host));
        Assert.Equal((FindingSeverity.Warning, Provenance.Documented), (finding.Severity, finding.Provenance));
        Assert.Contains(finding.Evidence, line => line is { Source: "vmkernel.log", Line: 1 });
    }

    [Fact]
    public void MsiEnabled_FALSE_without_effect_is_inferred_where_only_the_hardware_tells_of_MSIX()
    {
        var host = EsxHost(Esx(5, 0), VM("vm1", Slot(0, "0000:05:00.0", msiEnabled: false))) with { ConfigSpaces = [Config("0000:05:00.0", 32)] };
        Assert.Equal(Provenance.Inferred, Assert.Single(Find("PT1009", host)).Provenance);
    }

    [Fact]
    public void MsiEnabled_FALSE_has_an_effect_where_MSI_is_off_in_the_guest()
    {
        var vm = VM("vm1", Slot(0, "0000:05:00.0", msiEnabled: false)) with { GuestSettings = [Guest(false)] };
        Assert.Empty(Find("PT1009", EsxHost(vm) with { LogEvents = [Request(0, "0000:05:00.0", 32)] }));
    }

    [Fact]
    public void MsiEnabled_FALSE_is_not_called_without_effect_where_the_guests_mode_is_unknown() =>
        Assert.Empty(Find("PT1009", EsxHost(VM("vm1", new PassthruSlot { Slot = 0, Kind = PassthruSlotKind.Passthrough, Address = At("0000:05:00.0"), MsiEnabled = false }))));

    [Fact]
    public void MsiEnabled_FALSE_is_not_needed_from_6_0_on_and_found_once_a_VM()
    {
        var vm = VM("vm1", Slot(0, "0000:05:00.0", msiEnabled: false), Slot(1, "0000:05:00.1", msiEnabled: false));
        var finding = Assert.Single(Find("PT1010", EsxHost(Esx(6, 7), vm)));
        Assert.Equal((FindingSeverity.Information, "vm1", null, 2), (finding.Severity, finding.VM, finding.Slot, finding.Evidence.Count));
    }

    [Theory]
    [InlineData(7, 0, 1, FindingSeverity.Warning)]
    [InlineData(8, 0, 0, FindingSeverity.Warning)]
    [InlineData(8, 0, 1, FindingSeverity.Information)]
    [InlineData(7, 0, 0, FindingSeverity.Information)]
    public void MsiEnabled_FALSE_that_takes_effect_weighs_more_where_there_are_global_vectors(int major, int minor, int update, FindingSeverity severity)
    {
        var vm = VM("vm1", Slot(0, "0000:05:00.0", msiEnabled: false)) with { GuestSettings = [Guest(false)] };
        var finding = Assert.Single(Find("PT1010", EsxHost(Esx(major, minor, update), vm)));
        Assert.Equal((severity, Provenance.Inferred), (finding.Severity, finding.Provenance));
    }

    [Fact]
    public void MsiEnabled_FALSE_is_no_such_finding_before_6_0_nor_where_the_version_is_unknown()
    {
        var vm = VM("vm1", Slot(0, "0000:05:00.0", msiEnabled: false));
        Assert.Empty(Find("PT1010", EsxHost(Esx(5, 5), vm)));
        Assert.Empty(Find("PT1010", EsxHost(vm) with { Version = null }));
        Assert.Empty(Find("PT1010", EsxHost(Esx(8, 0), VM("vm1", Slot(0, "0000:05:00.0", msiEnabled: true), Slot(1, "0000:05:00.1")))));
    }

    [Fact]
    public void A_VM_of_unknown_power_state_is_named() => Assert.Equal("vm1", Assert.Single(Find("PT1011", EsxHost(One.State(VMPowerState.Unknown)))).VM);

    [Fact]
    public void A_VM_that_is_on_or_has_no_devices_is_not_named() => Assert.Empty(Find("PT1011", EsxHost(One, VM("vm2").State(VMPowerState.Unknown))));

    [Fact]
    public void A_VM_whose_configuration_can_not_be_seen_is_named() => Assert.Equal("vm2", Assert.Single(Find("PT1012", EsxHost(One, VM("vm2") with { Slots = null }))).VM);

    [Fact]
    public void A_VM_without_devices_is_no_unknown_one() => Assert.Empty(Find("PT1012", EsxHost(One, VM("vm2"))));
}
