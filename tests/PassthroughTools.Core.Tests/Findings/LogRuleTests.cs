using PassthroughTools.Evidence;
using PassthroughTools.Findings;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using static PassthroughTools.Tests.Findings.Linting;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Findings;

public sealed class LogRuleTests
{
    private static VMEvidence Logged(params PassthruLogEvent[] events) => VM("vm1", Slot(0, "0000:05:00.0")).State(VMPowerState.PoweredOff) with { LogEvents = events };

    [Theory]
    [InlineData(5, 5, FindingSeverity.Warning, Provenance.Documented)]
    [InlineData(6, 0, FindingSeverity.Warning, Provenance.Documented)]
    [InlineData(7, 0, FindingSeverity.Information, Provenance.Unknown)]
    public void A_zero_vector_is_a_known_fault_of_5_5_and_6_0_only(int major, int minor, FindingSeverity severity, Provenance provenance)
    {
        var finding = Assert.Single(Find("PT3001", EsxHost(Esx(major, minor), Logged(Event(LogEventKind.ZeroVectorMsiX, 0, "0000:05:00.0"), Event(LogEventKind.ZeroVectorMsiX, 1, "0000:05:00.0")))));
        Assert.Equal((severity, provenance, "vm1", At("0000:05:00.0"), 2), (finding.Severity, finding.Provenance, finding.VM, finding.Device!.Value, finding.Evidence.Count));
    }

    [Fact]
    public void Other_lines_tell_of_no_zero_vector() => Assert.Empty(Find("PT3001", EsxHost(Esx(5, 5), Logged(Event(LogEventKind.BarMapping, 0)))));

    [Fact]
    public void Invalid_vectors_are_tied_to_remapping_that_is_off_and_the_last_lines_are_shown()
    {
        var host = EsxHost() with
        {
            KernelSettings = [Linting.Setting("iovDisableIR", "TRUE", "TRUE", "FALSE")], LogEvents = [.. Enumerable.Range(0, 9).Select(i => Event(LogEventKind.InvalidVector, i))],
        };
        var finding = Assert.Single(Find("PT3002", host));
        Assert.Equal([4, 5, 6, 7, 8, 9], finding.Evidence.Select(line => (int)(line.Line ?? 4)));
        Assert.Equal(Provenance.Inferred, finding.Provenance);
        Assert.Equal(Provenance.Documented, Assert.Single(Find("PT3002", host with { Version = Esx(6, 5) })).Provenance);
    }

    [Fact]
    public void Invalid_vectors_are_not_tied_to_remapping_that_is_on_or_not_told_of()
    {
        var host = EsxHost() with { LogEvents = [Event(LogEventKind.InvalidVector, 0)] };
        Assert.Empty(Find("PT3002", host));
        Assert.Empty(Find("PT3002", host with { KernelSettings = [Linting.Setting("iovDisableIR", "FALSE", "FALSE", "FALSE")] }));
        Assert.Empty(Find("PT3002", EsxHost() with { KernelSettings = [Linting.Setting("iovDisableIR", "TRUE", "TRUE", "FALSE")] }));
    }

    [Theory]
    [InlineData(VMPowerState.PoweredOff, FindingSeverity.Error)]
    [InlineData(VMPowerState.Unknown, FindingSeverity.Error)]
    [InlineData(VMPowerState.PoweredOn, FindingSeverity.Information)]
    public void Too_small_a_memory_window_is_an_error_until_the_VM_has_come_on(VMPowerState state, FindingSeverity severity) =>
        Assert.Equal(severity, Assert.Single(Find("PT3003", EsxHost(Logged(Event(LogEventKind.MmioLimitExceeded, 0)).State(state)))).Severity);

    [Theory]
    [InlineData("pciPassthru.use64bitMMIO = \"TRUE\"\n", "Raise")]
    [InlineData("memSize = \"4096\"\n", "With the VM off, set")]
    public void The_advice_on_the_memory_window_depends_on_what_is_set_already(string vmx, string start) =>
        Assert.StartsWith(start, Assert.Single(Find("PT3003", EsxHost(Logged(Event(LogEventKind.MmioLimitExceeded, 0))), vmx)).Advice, StringComparison.Ordinal);

    [Fact]
    public void A_log_without_the_message_tells_of_no_small_window() => Assert.Empty(Find("PT3003", EsxHost(Logged(Event(LogEventKind.BarMapping, 0)))));
}
