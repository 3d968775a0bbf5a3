using PassthroughTools.Findings;
using PassthroughTools.Vmx;
using static PassthroughTools.Tests.Findings.Linting;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Findings;

public sealed class GuestRuleTests
{
    [Fact]
    public void A_value_that_Windows_does_not_know_is_found() =>
        Assert.Equal(FindingSeverity.Warning, Assert.Single(Find("PT4001", EsxHost(Windows(1, Guest(true) with { LegacyMsiEnabled = false })))).Severity);

    [Fact]
    public void The_documented_value_alone_is_no_finding() => Assert.Empty(Find("PT4001", EsxHost(Windows(1, Guest(true)))));

    [Fact]
    public void Devices_that_are_not_passed_through_are_not_looked_at() =>
        Assert.Empty(Find("PT4001", EsxHost(Windows(1, Guest(true), Guest(true, null, "other") with { DeviceId = 0x0405, LegacyMsiEnabled = false }))));

    [Fact]
    public void An_absent_MSISupported_is_told_of_once_for_like_devices()
    {
        var finding = Assert.Single(Find("PT4002", EsxHost(Windows(2, Guest(null, null, "1"), Guest(true, null, "2")))));
        Assert.StartsWith("1 of 2 instances of 10df:f100", finding.Message, StringComparison.Ordinal);
        Assert.Null(finding.Slot);
    }

    [Fact]
    public void An_unreadable_MSISupported_is_not_absent() => Assert.Empty(Find("PT4002", EsxHost(Windows(1, Guest(null) with { Unreadable = ["MSISupported"] }))));

    [Fact]
    public void Without_the_registry_nothing_is_absent() => Assert.Empty(Find("PT4002", EsxHost(VM("vm1", Slot(0, "0000:05:00.0")))));

    [Fact]
    public void MSI_that_is_off_is_told_of_with_its_only_slot()
    {
        var finding = Assert.Single(Find("PT4003", EsxHost(Windows(1, Guest(false)))));
        Assert.Equal((FindingSeverity.Information, 0, At(Hba(0))), (finding.Severity, finding.Slot!.Value, finding.Device!.Value));
    }

    [Fact]
    public void MSI_that_is_on_or_absent_is_not_off() => Assert.Empty(Find("PT4003", EsxHost(Windows(2, Guest(true), Guest(null, null, "2")))));

    [Fact]
    public void A_limit_above_the_hardwares_table_limits_nothing()
    {
        Assert.Single(Find("PT4004", EsxHost(Windows(1, Guest(true, 64))) with { ConfigSpaces = [Config(Hba(0), 32)] }));
        Assert.Single(Find("PT4004", EsxHost(Windows(1, Guest(true, 64) with { InterruptMessageMaximum = 32 }))));
    }

    [Fact]
    public void A_limit_up_to_the_hardwares_table_or_without_knowledge_of_it_is_no_finding()
    {
        Assert.Empty(Find("PT4004", EsxHost(Windows(1, Guest(true, 32))) with { ConfigSpaces = [Config(Hba(0), 32)] }));
        Assert.Empty(Find("PT4004", EsxHost(Windows(1, Guest(true, 64)))));
        Assert.Empty(Find("PT4004", EsxHost(Windows(2, Guest(true, 48), Guest(true, 48, "2"))) with { ConfigSpaces = [Config(Hba(0), 32), Config(Hba(1), 64)] }));
    }

    [Fact]
    public void A_request_above_the_limit_is_told_of_without_blaming_the_driver()
    {
        var finding = Assert.Single(Find("PT4005", EsxHost(Windows(1, Guest(true, 16))) with { LogEvents = [Request(0, Hba(0), 32)] }));
        Assert.Equal((FindingSeverity.Information, Provenance.Inferred), (finding.Severity, finding.Provenance));
        Assert.Contains(finding.Evidence, line => line is { Source: "vmkernel.log", Line: 1 });
    }

    [Fact]
    public void A_request_within_the_limit_or_none_at_all_is_no_finding()
    {
        Assert.Empty(Find("PT4005", EsxHost(Windows(1, Guest(true, 16))) with { LogEvents = [Request(0, Hba(0), 16)] }));
        Assert.Empty(Find("PT4005", EsxHost(Windows(1, Guest(true, 16))) with { ConfigSpaces = [Config(Hba(0), 32)] }));
    }

    [Fact]
    public void Instances_beyond_the_slots_weigh_more_where_they_are_set_differently()
    {
        Assert.Equal(FindingSeverity.Information, Assert.Single(Find("PT4006", EsxHost(Windows(1, Guest(true, 16), Guest(true, 16, "2"))))).Severity);
        Assert.Equal(FindingSeverity.Warning, Assert.Single(Find("PT4006", EsxHost(Windows(1, Guest(true, 16), Guest(true, null, "2"))))).Severity);
    }

    [Fact]
    public void Instances_are_not_left_over_where_they_are_as_many_as_slots_are_known_to_be_gone_or_may_be_another_slots()
    {
        Assert.Empty(Find("PT4006", EsxHost(Windows(2, Guest(true), Guest(true, null, "2")))));
        Assert.Empty(Find("PT4006", EsxHost(Windows(1, Guest(true), Guest(true, null, "2") with { IsPresent = false }))));
        var vm = VM("vm1", Slot(0, Hba(0)), new PassthruSlot { Slot = 1, Kind = PassthruSlotKind.Unknown, IsDynamic = true }) with { GuestSettings = [Guest(true), Guest(true, null, "2")] };
        Assert.Empty(Find("PT4006", EsxHost(vm)));
    }

    [Fact]
    public void Fewer_instances_than_slots_are_found_down_to_none()
    {
        Assert.Single(Find("PT4007", EsxHost(Windows(2, Guest(true)))));
        var finding = Assert.Single(Find("PT4007", EsxHost(Windows(1, Guest(true) with { DeviceId = 1 }))));
        Assert.NotEmpty(finding.Evidence);
    }

    [Fact]
    public void As_many_instances_as_slots_are_not_too_few()
    {
        Assert.Empty(Find("PT4007", EsxHost(Windows(1, Guest(true)))));
        Assert.Empty(Find("PT4007", EsxHost(VM("vm1", Slot(0, Hba(0))))));
    }

    [Fact]
    public void Like_devices_that_are_set_differently_are_told_of() =>
        Assert.Equal(2, Assert.Single(Find("PT4008", EsxHost(Windows(2, Guest(true, 16), Guest(true, null, "2"))))).Evidence.Count);

    [Fact]
    public void Like_devices_that_are_set_alike_are_no_finding() => Assert.Empty(Find("PT4008", EsxHost(Windows(2, Guest(true, 16), Guest(true, 16, "2")))));
}
