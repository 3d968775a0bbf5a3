using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Pci;

/// <summary>The real lspci reads the same dumps as we do.</summary>
public sealed class LspciOracleTests
{
    private const int Batch = 250;

    [Fact]
    public void Sample_devices_read_as_lspci_reads_them()
    {
        LspciOracle.Require();
        string[][] dumps = [.. SampleDevices.All.Select(sample => sample.Config.Lines(sample.Address + " Sample"))];
        var theirs = LspciOracle.Run(dumps);
        var ours = PciConfigSpaceReader.Read(dumps.SelectMany(lines => lines), null);

        Assert.Equal(theirs.Count, ours.Count);
        Assert.Empty(ours.SelectMany(record => LspciComparison.Differences(record, theirs[record.Address]).Select(text => $"{record.Address}: {text}")));
    }

    [Fact]
    public void Generated_devices_read_as_lspci_reads_them()
    {
        LspciOracle.Require();
        var seen = new ConcurrentDictionary<string, int>();
        ConfigGenerator.Device.Array[Batch].Sample(configs => Compare(configs, seen), iter: 20, threads: 2, print: _ => "");

        // Every case must have come up: an oracle that never sees one proves nothing about it.
        string[] cases =
        [
            "MSI", "MSI-X", "MSI reserved", "SR-IOV", "PCI Express", "slot", "extended", "looped", "broken", "denied", "extended looped",
            "unknown header", "into header", "hole", "incomplete", "complete", "bridge subsystem",
        ];
        Assert.DoesNotContain(cases, name => seen.GetValueOrDefault(name) < 10);
    }

    [Fact]
    public void Random_bytes_read_as_lspci_reads_them()
    {
        LspciOracle.Require();
        ConfigGenerator.Wild.Array[100].Sample(configs => Compare(configs, []), iter: 10, threads: 2, print: _ => "");
    }

    private static void Compare(GeneratedConfig[] configs, ConcurrentDictionary<string, int> seen)
    {
        string[][] dumps = [.. configs.Select((config, index) => config.Print(AddressOf(index)))];
        var theirs = LspciOracle.Run(dumps);
        var ours = PciConfigSpaceReader.Read(dumps.SelectMany(lines => lines), null);
        Assert.Equal(configs.Length, ours.Count);
        Assert.True(theirs.Count >= configs.Length * 9 / 10, "lspci itself gives up on too many devices");
        for (var i = 0; i < ours.Count; i++)
        {
            var hasHoles = configs[i].DroppedRow >= 0;
            if (!theirs.TryGetValue(ours[i].Address, out var device)) continue;
            var differences = LspciComparison.Differences(ours[i], device, hasHoles);
            if (differences.Count > 0) Assert.Fail(string.Join('\n', [.. differences, .. ours[i].Warnings, .. dumps[i]]));
            Count(ours[i], device, hasHoles, seen);
        }
    }

    private static void Count(PciConfigSpace ours, LspciDevice theirs, bool hasHoles, ConcurrentDictionary<string, int> seen)
    {
        void See(string name, bool happened)
        {
            if (happened) seen.AddOrUpdate(name, 1, (_, count) => count + 1);
        }

        See("MSI", ours.Msi is not null);
        See("MSI reserved", ours.Msi is { Capable: null });
        See("MSI-X", ours.MsiX is not null);
        See("SR-IOV", ours.Sriov is not null);
        See("PCI Express", ours.Express is not null);
        See("slot", ours.Express?.SlotNumber is not null);
        See("extended", ours.ExtendedCapabilities.Count > 1);
        See("looped", theirs.IsLooped);
        See("broken", theirs.IsBroken);
        See("denied", theirs.IsDenied);
        See("extended looped", theirs.IsExtendedLooped);
        See("unknown header", theirs.HasUnknownHeader);
        See("into header", theirs.Capabilities.Exists(capability => capability.Offset < 0x40));
        See("hole", hasHoles);
        See(ours.IsComplete ? "complete" : "incomplete", true);
        See("bridge subsystem", ours is { HeaderType: PciHeaderType.Bridge, SubsystemVendorId: not null });
    }

    private static string AddressOf(int index) => string.Create(CultureInfo.InvariantCulture, $"0000:{index >> 3:x2}:{index & 7:x2}.0");
}
