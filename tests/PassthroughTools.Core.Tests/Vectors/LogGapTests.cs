using System.IO.Compression;
using System.Text;
using PassthroughTools.Evidence;
using PassthroughTools.Tests.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools.Tests.Vectors;

/// <summary>A log with a hole in it tells less than one without, whatever stands on either side of it.</summary>
public sealed class LogGapTests
{
    private const string Boot = "TSC: 548762 cpu0:1)BootConfig: 705: interruptsDisabledPanicTimeUS = 0 (0)\n";
    private const string Grants = "2024-05-14T08:00:23.411Z In(182) vmkernel: cpu1:2098143)VMK_PCI: 617: 0000:18:00.0: allocated 25 MSIX interrupts\n";
    private const string More = "2024-05-14T08:30:23.411Z In(182) vmkernel: cpu1:2098143)VMK_PCI: 617: 0000:18:00.1: allocated 600 MSIX interrupts\n";
    private const string Asks = "2024-05-14T09:00:52.815Z In(182) vmkernel: cpu29:2103304)VMKPCIPassthru: 2565: BDF = 0000:5e:00.0 intrType = 4 numVectors: 65\n";
    private const string Later = "2024-05-14T10:00:52.815Z In(182) vmkernel: cpu29:2103309)VMKPCIPassthru: 2565: BDF = 0000:5f:00.0 intrType = 4 numVectors: 65\n";

    private static HostVectorBudget Budget(params (string Name, string Text)[] logs)
    {
        using var work = Sample.Empty();
        var folder = work.Place("esx01");
        Directory.CreateDirectory(Path.Combine(folder, "vms"));
        File.WriteAllText(Path.Combine(folder, "host.json"), """{"name":"esx01","version":"8.0 U2","logicalCpus":32}""");
        File.WriteAllText(Path.Combine(folder, "esxcli-hardware-pci-list.txt"), "0000:18:00.0\n   Address: 0000:18:00.0\n   Device ID: 0x1572\n   Current Owner: VMkernel\n   Interrupt Vector: 0x32\n   IRQ: 255\n");
        foreach (var (name, text) in logs)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            if (name.EndsWith(".gz", StringComparison.Ordinal))
            {
                using var packed = new MemoryStream();
                using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
                bytes = packed.ToArray();
                if (text.Length == 0) bytes = [0x1f, 0x8b, 0x08, 0];
            }

            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }

        return BudgetCalculator.Compute(Assert.Single(EvidenceReader.Read(folder)));
    }

    private static HostVectorPool Cookies(HostVectorBudget budget) => Assert.Single(budget.Pools, pool => pool.Pool == InterruptPool.InterruptCookies);

    [Fact]
    public void A_log_whose_rotations_are_all_there_is_complete() =>
        Assert.Equal(26, Cookies(Budget(("vmkernel.1.gz", Boot + Grants), ("vmkernel.0.gz", Asks), ("vmkernel.log", Later))).HostUseFigure.Maximum);

    [Fact]
    public void A_rotation_that_is_missing_leaves_open_what_the_host_took_meanwhile()
    {
        Assert.Null(Cookies(Budget(("vmkernel.1.gz", Boot + Grants), ("vmkernel.log", Asks))).HostUseFigure.Maximum);
        Assert.Null(Cookies(Budget(("vmkernel.2.gz", Boot + Grants), ("vmkernel.0.gz", Asks), ("vmkernel.log", Later))).HostUseFigure.Maximum);
        Assert.Equal(626, Cookies(Budget(("vmkernel.2.gz", "x\n"), ("vmkernel.0.gz", Boot + Grants), ("vmkernel.log", More + Later))).HostUseFigure.Maximum);
    }

    [Fact]
    public void A_rotation_that_can_not_be_read_to_its_end_is_a_gap() =>
        Assert.Null(Cookies(Budget(("vmkernel.1.gz", Boot + Grants), ("vmkernel.0.gz", ""), ("vmkernel.log", Asks))).HostUseFigure.Maximum);

    [Fact]
    public void Rotations_without_the_log_in_use_do_not_tell_what_came_after_them() =>
        Assert.Null(Cookies(Budget(("vmkernel.0.gz", Boot + Grants + Asks))).HostUseFigure.Maximum);

    [Fact]
    public void What_a_device_asked_for_before_a_gap_is_not_the_most_that_it_may_hold_now()
    {
        var budget = Budget(("vmkernel.1.gz", Boot + Grants + Asks), ("vmkernel.log", Later));
        Assert.Equal([null, 65], budget.Devices.Select(device => device.DemandFigure.Maximum));
        Assert.Equal(65, budget.Devices[0].Demand);
    }
}
