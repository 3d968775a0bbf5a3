using PassthroughTools.Logs;

namespace PassthroughTools.Tests.Logs;

public sealed class HostBootTests
{
    [Fact]
    public void A_boot_is_one_event_however_many_early_lines_it_logs()
    {
        var found = LogLines.Read(Tsc(548762) + Tsc(600000) + LogLines.Sample(3) + Tsc(700000));
        Assert.Equal([(LogEventKind.HostBoot, 1L)], found.Select(one => (one.Kind, one.Line)));
        Assert.False(found[0].IsExhaustion);
        Assert.Null(found[0].Time);
    }

    [Fact]
    public void A_counter_that_goes_back_is_another_boot() =>
        Assert.Equal([1, 5], LogLines.Read(Tsc(548762) + LogLines.Sample(3) + Tsc(500000) + Tsc(500001)).Select(one => one.Line));

    [Fact]
    public void Early_lines_far_apart_are_another_boot() =>
        Assert.Equal([1, 2 + BootTracker.MaxGap], LogLines.Read(Tsc(1) + LogLines.Sample(BootTracker.MaxGap) + Tsc(2)).Select(one => one.Line));

    [Theory]
    [InlineData("0:00:00:04.821 cpu0:4096)VMB: 49: mbMagic: 2badb002", true)]
    [InlineData("Jan  9 20:40:47 groucho vmkernel: 0:00:00:00.001 cpu0:1024)VMB: 49: mbMagic: 2badb002", true)]
    [InlineData("2023-01-01T00:00:00.000Z In(182) vmkernel: TSC: 548762 cpu0:1)BootConfig: 705: x = 0 (0)", true)]
    [InlineData("0:00:00:04.821 cpu3:4096)VMB: 49: mbMagic: 2badb002", false)]
    [InlineData("4:00:00:04.821 cpu0:4096)VMB: 49: mbMagic: 2badb002", false)]
    [InlineData("0:00:00:04.821 cpu0:4096)CpuSched: 16758: Reset scheduler statistics, not VMB: 1: at all", false)]
    [InlineData("2023-01-01T00:00:00.000Z cpu0:1)BootConfig: 705: x = 0 (0)", false)]
    [InlineData("2023-01-01T00:00:00.000Z cpu0:1)Timer: 1: TSC: 548762 cpu0 adjusted", false)]
    public void Only_early_boot_counts_as_a_boot(string line, bool isBoot) =>
        Assert.Equal(isBoot, LogLines.One(line)?.Kind == LogEventKind.HostBoot);

    [Fact]
    public void An_early_line_that_says_more_makes_two_events()
    {
        var found = LogLines.Read("TSC: 1 cpu0:1)VMK_PCI: 617: 0000:00:14.0: allocated 1 MSI interrupt\n");
        Assert.Equal([LogEventKind.HostBoot, LogEventKind.Allocation], found.Select(one => one.Kind));
        Assert.All(found, one => Assert.Equal(1, one.Line));
    }

    private static string Tsc(long counter) => $"TSC: {counter} cpu0:1)BootConfig: 705: interruptsDisabledPanicTimeUS = 0 (0)\n";
}
