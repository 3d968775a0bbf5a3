using PassthroughTools.Evidence;
using PassthroughTools.Findings;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;
using static PassthroughTools.Tests.Findings.Linting;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Findings;

public sealed class HostRuleTests
{
    private static HostEvidence With(params KernelSetting[] settings) => EsxHost() with { KernelSettings = settings };

    [Theory]
    [InlineData("FALSE", FindingSeverity.Warning)]
    [InlineData("TRUE", FindingSeverity.Information)]
    public void Interrupt_remapping_that_is_off_weighs_less_where_that_is_the_default(string standard, FindingSeverity severity) =>
        Assert.Equal(severity, Assert.Single(Find("PT2001", With(Linting.Setting("iovDisableIR", "TRUE", "TRUE", standard)))).Severity);

    [Fact]
    public void Interrupt_remapping_that_is_on_or_not_told_of_is_no_finding()
    {
        Assert.Empty(Find("PT2001", With(Linting.Setting("iovDisableIR", "TRUE", "FALSE", "FALSE"))));
        Assert.Empty(Find("PT2001", EsxHost()));
    }

    [Fact]
    public void A_setting_that_waits_for_a_reboot_is_found_with_both_values()
    {
        var finding = Assert.Single(Find("PT2002", With(Linting.Setting("maxIntrCookies", "4096", "1024", "1024"), Linting.Setting("gdbPort", "com1", "default", "default"))));
        Assert.Contains("maxIntrCookies is configured as 4096, and the running host has 1024", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_value_in_another_spelling_waits_for_nothing() =>
        Assert.Empty(Find("PT2002", With(Linting.Setting("intrFirstMsixVector", "0x70", "112", "0x70"), Linting.Setting("iovDisableIR", "false", "FALSE", "FALSE"))));

    [Fact]
    public void A_host_that_may_not_use_MSI_is_found() => Assert.Single(Find("PT2003", With(Linting.Setting("disableMSI", "TRUE", "TRUE", "FALSE"))));

    [Fact]
    public void A_host_that_may_use_MSI_is_no_finding() => Assert.Empty(Find("PT2003", With(Linting.Setting("disableMSI", "FALSE", "FALSE", "FALSE"))));

    [Theory]
    [InlineData(700, null)]
    [InlineData(768, FindingSeverity.Warning)]
    [InlineData(1024, FindingSeverity.Warning)]
    [InlineData(1025, FindingSeverity.Error)]
    public void Cookies_are_a_matter_from_three_quarters_of_the_limit_on(int demand, FindingSeverity? severity)
    {
        var host = EsxHost(VM("vm1", Slot(0, "0000:05:00.0"))) with
        {
            LogEvents = [Request(0, "0000:05:00.0", demand)], KernelSettings = [Linting.Setting("maxIntrCookies", "1024", "1024", "1024")],
        };
        Assert.Equal(severity, Find("PT2004", host).SingleOrDefault()?.Severity);
    }

    [Fact]
    public void Cookies_that_ran_out_are_an_error_whatever_the_figures_say_and_the_lines_are_shown()
    {
        var host = EsxHost(VM("vm1", Slot(0, "0000:05:00.0"))) with { LogEvents = [Request(0, "0000:05:00.0", 8), Event(LogEventKind.CookiesExhausted, 1)] };
        var finding = Assert.Single(Find("PT2004", host));
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Contains(finding.Evidence, line => line.Line == 2);
    }

    [Fact]
    public void Many_cookies_are_no_finding_where_the_release_that_decides_on_their_number_is_not_known()
    {
        var host = EsxHost(VM("vm1", Slot(0, "0000:05:00.0"))) with { LogEvents = [Request(0, "0000:05:00.0", 1025)] };
        Assert.Empty(Find("PT2004", host with { Version = Esx(8, 0) with { IsUpdateKnown = false } }));
        Assert.Contains("by the default of this release", Assert.Single(Find("PT2004", host)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raised_limit_that_waits_for_a_reboot_is_not_to_be_raised_again()
    {
        var host = EsxHost() with { LogEvents = [Event(LogEventKind.CookiesExhausted, 1)], KernelSettings = [Linting.Setting("maxIntrCookies", "4096", "1024", "1024")] };
        Assert.Equal("4096 are configured: reboot the host.", Assert.Single(Find("PT2004", host)).Advice);
    }

    [Fact]
    public void Cookies_at_their_greatest_number_and_hosts_without_cookies_are_no_finding()
    {
        var asks = new[] { Request(0, "0000:05:00.0", 4096) };
        Assert.Empty(Find("PT2004", EsxHost(VM("vm1", Slot(0, "0000:05:00.0"))) with { LogEvents = asks, KernelSettings = [Linting.Setting("maxIntrCookies", "4096", "4096", "1024")] }));
        Assert.Empty(Find("PT2004", EsxHost(Esx(5, 5), VM("vm1", Slot(0, "0000:05:00.0"))) with { LogEvents = asks }));
    }

    [Fact]
    public void A_raised_first_vector_is_not_needed_from_8_0_U1_on() =>
        Assert.Contains("112 instead of 128", Assert.Single(Find("PT2005", With(Linting.Setting("intrFirstMsixVector", "0x80", "0x80", "0x70")))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_raised_first_vector_is_right_before_8_0_U1_and_the_default_always()
    {
        Assert.Empty(Find("PT2005", With(Linting.Setting("intrFirstMsixVector", "0x80", "0x80", "0x70")) with { Version = Esx(8, 0) }));
        Assert.Empty(Find("PT2005", With(Linting.Setting("intrFirstMsixVector", "0x70", "0x70", "0x70"))));
    }

    [Fact]
    public void A_device_that_is_set_aside_for_nobody_is_found() =>
        Assert.Equal(At("0000:06:00.0"), Assert.Single(Find("PT2006", Spare(VM("vm1", Slot(0, "0000:05:00.0"))))).Device);

    [Fact]
    public void A_device_is_not_called_unused_where_some_VM_might_use_it()
    {
        Assert.Empty(Find("PT2006", Spare(VM("vm1", Slot(0, "0000:05:00.0")), VM("vm2", Slot(0, "0000:06:00.0")).State(VMPowerState.PoweredOff))));
        Assert.Empty(Find("PT2006", Spare(VM("vm1") with { Slots = null })));
        Assert.Empty(Find("PT2006", Spare(VM("vm1", new PassthruSlot { Slot = 0, Kind = PassthruSlotKind.Unknown, IsDynamic = true }))));
        Assert.Empty(Find("PT2006", Spare(VM("vm1", Written("0000:06:00.0")), VM("vm2", Slot(0, "0000:05:00.0")))));
        Assert.Empty(Find("PT2006", Spare() with { VMs = null }));
        Assert.Empty(Find("PT2006", Spare(VM("vm1")) with { PciDevices = null }));
    }

    [Fact]
    public void The_device_of_a_hexadecimal_id_is_not_called_unused() =>
        Assert.Empty(Find("PT2006", EsxHost(VM("vm1", Written("0000:d8:00.0"))) with { PciDevices = [Device("0000:d8:00.0", PciOwner.VMPassthru)] }));

    [Fact]
    public void A_function_that_has_to_go_with_one_in_use_is_not_called_unused()
    {
        var first = Device("0000:05:00.0", PciOwner.VMPassthru) with { DependentDevice = At("0000:05:00.0") };
        var second = Device("0000:05:00.1", PciOwner.VMPassthru) with { DependentDevice = At("0000:05:00.0") };
        Assert.Empty(Find("PT2006", EsxHost(VM("vm1", Slot(0, "0000:05:00.0"))) with { PciDevices = [first, second] }));
    }

    [Fact]
    public void A_virtual_function_that_waits_for_a_VM_is_not_called_unused()
    {
        var physical = Config("0000:18:00.0", 64) with { Sriov = new PciSriovCapability { Offset = 0x160, IsEnabled = true, NumVfs = 4, VfOffset = 0x80, VfStride = 2 } };
        HostEvidence Holding(string address) => EsxHost() with { ConfigSpaces = [physical], PciDevices = [Device(address, PciOwner.VMPassthru)] };
        Assert.Empty(Find("PT2006", Holding("0000:18:10.6")));
        Assert.Single(Find("PT2006", Holding("0000:18:11.0")));
    }

    [Fact]
    public void An_owner_that_is_to_change_is_found_with_the_VM_that_waits_for_it()
    {
        var host = EsxHost(VM("vm1", Slot(2, "0000:05:00.0"))) with { PciDevices = [Owned("0000:05:00.0", PciOwner.VMPassthru, PciOwner.VMkernel)] };
        var finding = Assert.Single(Find("PT2007", host));
        Assert.Equal(("vm1", 2, At("0000:05:00.0")), (finding.VM, finding.Slot!.Value, finding.Device!.Value));
    }

    [Theory]
    [InlineData(PciOwner.Unknown, PciOwner.VMkernel)]
    [InlineData(PciOwner.VMPassthru, PciOwner.VMPassthru)]
    [InlineData(PciOwner.VMPassthru, PciOwner.Unknown)]
    public void An_owner_that_is_the_same_or_unknown_is_no_finding(PciOwner configured, PciOwner current) =>
        Assert.Empty(Find("PT2007", EsxHost() with { PciDevices = [Owned("0000:05:00.0", configured, current)] }));

    private static HostEvidence Spare(params VMEvidence[] vms) =>
        EsxHost(vms) with { PciDevices = [Device("0000:05:00.0", PciOwner.VMkernel), Device("0000:06:00.0", PciOwner.VMPassthru)] };
}
