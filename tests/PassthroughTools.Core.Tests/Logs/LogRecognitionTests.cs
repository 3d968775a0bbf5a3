using CsCheck;
using PassthroughTools.Logs;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Logs;

/// <summary>Every prefix family crossed with every message.</summary>
public sealed class LogRecognitionTests
{
    public static TheoryData<string, string> Crossings
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var prefix in LogLineWriter.Prefixes.Keys)
            {
                foreach (var message in LogLineWriter.Messages.Keys) data.Add(prefix, message);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Crossings))]
    public void A_message_is_read_back_behind_every_prefix(string prefix, string message) =>
        Gen.Select(LogLineWriter.Prefixes[prefix], LogLineWriter.Messages[message]).Sample(
            (before, said) =>
            {
                var line = before.Text + said.Text;
                var found = LogLines.One(line, new LogQuery { Year = before.Year });
                Assert.NotNull(found);
                Assert.Equal(said.Kind, found.Kind);
                Assert.Equal(before.Time, found.Time);
                Assert.Equal(before.Uptime, found.Uptime);
                Assert.Equal(before.World, found.WorldId);
                Assert.Equal(said.Device, found.Device);
                Assert.Equal(said.DeviceText, found.DeviceText);
                Assert.Equal(said.Vectors, found.Vectors);
                Assert.Equal(said.Required, found.VectorsRequired);
                Assert.Equal(said.Index, found.Index);
                Assert.Equal(said.Mode, found.InterruptMode);
                Assert.Equal(said.TypeCode, found.InterruptTypeCode);
                Assert.Equal(said.Cpu, found.VectorCpu);
                Assert.Equal(said.Number, found.VectorNumber);
                Assert.Equal(said.Code, found.ErrorCode);
                Assert.Equal(said.IsExhaustion, found.IsExhaustion);
                Assert.NotEmpty(found.Meaning);
                Assert.Equal(line, found.Text);
            },
            iter: 20);

    [Fact]
    public void Every_kind_is_written_by_the_tests()
    {
        var written = LogLineWriter.Messages.Values.Select(message => message.Single().Kind).Append(LogEventKind.HostBoot).ToHashSet();
        Assert.Empty(Enum.GetValues<LogEventKind>().Except(written));
    }

    [Fact]
    public void The_seed_case_reads_as_it_was_diagnosed()
    {
        var found = LogLines.Read(
            """
            2012-08-07T07:57:31.269Z cpu9:739725)WARNING: IntrVector: 290: Out of interrupt vectors
            2012-08-07T07:57:31.269Z cpu9:739725)MSI: 570: Couldn't allocate a vector number 16 for device 000:008:00.0
            2012-08-07T07:57:31.269Z cpu9:739725)VMKPCIPassthru: 2454: Failed to allocate 32 MSIX vectors
            2012-08-07T07:57:49.787Z cpu12:739725)VMKPCIPassthru: 2500: BDF = 008:00.1 intrType = 4 numVectors: 32
            2012-08-07T07:57:49.787Z cpu12:739725)WARNING: IntrVector: 290: Out of interrupt vectors
            """);
        Assert.Equal(
            [LogEventKind.OutOfVectors, LogEventKind.VectorAllocationFailed, LogEventKind.PassthruAllocationFailed, LogEventKind.PassthruRequest, LogEventKind.OutOfVectors],
            found.Select(one => one.Kind));
        Assert.Equal([1, 2, 3, 4, 5], found.Select(one => one.Line));
        Assert.Equal([true, true, true, false, true], found.Select(one => one.IsExhaustion));
        Assert.Equal(new PciAddress(0, 8, 0, 0), found[1].Device);
        Assert.Equal(new PciAddress(0, 8, 0, 1), found[3].Device);
        Assert.All(found, one => Assert.Equal(739725, one.WorldId));
        Assert.Equal(LogLines.Time, found[0].Time);
    }

    [Theory]
    [InlineData("2018-05-01T10:00:00.000Z cpu2:1001390390)VMK_PCI: vmk_PCIAllocIntrCookie:764: device 0000:03:00.0 allocated 3 MSIX interrupts", LogEventKind.Allocation)]
    [InlineData("2018-05-01T10:00:00.000Z cpu2:1001390390)MSI: MSIX_AllocateVectors:698: 0000:03:00.0: Allocated vector 0x70 on CPU 3 for index 0", LogEventKind.VectorAssigned)]
    [InlineData("2018-05-01T10:00:00.000Z cpu2:1001390390)IntrCookie: FreeMSIX:1669: Freeing 3 cookie(s) for device 0000:03:00.0", LogEventKind.Release)]
    [InlineData("2018-05-01T10:00:00.000Z cpu2:1)MSI: MSIXDoReleaseVectors:281: Disabling vector 0x70 index 0x0 on dev 0000:03:00.0", LogEventKind.VectorReleased)]
    [InlineData("2015-05-01T10:00:00.000Z cpu0:33)ALERT: IntrCookie: 3411: Interrupt received on invalid vector (cpu 0, vector 72); ignoring it.", LogEventKind.InvalidVector)]
    [InlineData("2024-05-01T10:00:00.000Z cpu1:1)WARNING: VMK_PCI: 1103: device 000:001:00.0 failed to allocate 3 MSIX vectors", LogEventKind.DriverAllocationFailed)]
    [InlineData("2021-05-01T10:00:00.000Z cpu1:1)WARNING: VTD: IOMMU Fault IOMMU Unit #0: R/W=W, Device 0000:0d:00.0", LogEventKind.IommuFault)]
    [InlineData("2016-05-01T10:00:00.000Z| vcpu-0| I120: PCIPassthru: Enable MSIX with zero vector programmed, intr proxy will notbe set up, device:xxxx:xx:xx.x", LogEventKind.ZeroVectorMsiX)]
    public void Published_samples_are_recognised(string line, LogEventKind kind) => Assert.Equal(kind, LogLines.One(line)?.Kind);

    [Fact]
    public void Only_a_line_that_proves_an_empty_pool_counts_as_exhaustion()
    {
        var proofs = LogLineWriter.Messages.Values.Select(message => LogLines.One(message.Single().Text)!).Where(found => found.IsExhaustion)
            .Select(found => found.Kind).ToHashSet();
        Assert.Equal(
            [LogEventKind.OutOfVectors, LogEventKind.VectorAllocationFailed, LogEventKind.PassthruAllocationFailed, LogEventKind.CookiesExhausted],
            proofs.Order());
    }

    [Theory]
    [InlineData("invalid vector")]
    [InlineData("zero vector")]
    [InlineData("MMIO")]
    [InlineData("window")]
    [InlineData("IOMMU fault")]
    public void A_look_alike_says_that_it_is_none(string message) =>
        Assert.StartsWith("Not exhaustion", LogLines.One(LogLineWriter.Messages[message].Single().Text)!.Meaning, StringComparison.Ordinal);

    [Fact]
    public void Lines_that_only_look_alike_yield_nothing()
    {
        foreach (var decoy in LogLineWriter.Decoys) Assert.Null(LogLines.One("2021-08-23T17:27:36.834Z cpu24:2097768)" + decoy));
    }

    [Fact]
    public void A_virtual_functions_name_is_kept_as_text()
    {
        var found = LogLines.One("VMKPCIPassthru: 2565: BDF = vf_name intrType = 4 numVectors: 3")!;
        Assert.Null(found.Device);
        Assert.Equal("vf_name", found.DeviceText);
    }

    [Fact]
    public void Escape_sequences_do_not_reach_the_terminal() =>
        Assert.DoesNotContain('\u001b', LogLines.One("\u001b]0;owned\u0007 IntrVector: 1: Out of interrupt vectors")!.Text);

    [Fact]
    public void A_long_line_is_shortened_in_the_event()
    {
        var found = LogLines.One("IntrVector: 1: Out of interrupt vectors " + new string('é', 1000))!;
        Assert.True(found.Text.Length <= LogText.MaxLength + 1);
        Assert.EndsWith("é…", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_lines_never_throw() =>
        Gen.Select(Gen.OneOf([.. LogLineWriter.Prefixes.Values]), Gen.OneOf([.. LogLineWriter.Messages.Values]), Gen.Int[0, 200], Gen.Int[0, 200], Gen.String).Sample(
            (before, said, at, length, noise) =>
            {
                var line = before.Text + said.Text;
                at = Math.Min(at, line.Length);
                length = Math.Min(length, line.Length - at);
                new LogLineParser(LogQuery.All).Read(line.Remove(at, length).Insert(at, noise));
                new LogLineParser(LogQuery.All).Read(line[..at]);
            });
}
