using PassthroughTools.Evidence;
using PassthroughTools.Evidence.Comparison;

namespace PassthroughTools.Tests.Evidence;

/// <summary>What changed between two collections.</summary>
public sealed class CompareTests
{
    [Theory]
    [InlineData(Sample.Outage)]
    [InlineData(Sample.Mixed)]
    [InlineData(Sample.Cookies)]
    [InlineData(Sample.LookAlikes)]
    public void A_collection_does_not_differ_from_itself(string sample)
    {
        using var copy = Sample.Copy(sample);
        Assert.Empty(EvidenceComparer.Compare(Assert.Single(EvidenceReader.Read(Sample.Original(sample))), copy.Read()));
    }

    [Theory]
    [InlineData("vms/win01/win01.vmx", "pciPassthru0.id = \"05:00.0\"", "pciPassthru0.id = \"07:00.0\"", EvidenceArea.Slot, "win01 pciPassthru0", "0000:05:00.0", "0000:07:00.0")]
    [InlineData("vms/win01/win01.vmx", "pciPassthru0.msiEnabled = \"FALSE\"", "", EvidenceArea.Slot, "win01 pciPassthru0 msiEnabled", "False", null)]
    [InlineData("vms/win01/vm.json", "poweredOn", "poweredOff", EvidenceArea.VM, "win01 power state", "PoweredOn", "PoweredOff")]
    [InlineData("esxcli-system-version-get.txt", "469512", "474610", EvidenceArea.Version, "ESXi", "5.0 build 469512", "5.0 build 474610")]
    [InlineData("host.json", "\"logicalCpus\": 24", "\"logicalCpus\": 12", EvidenceArea.Version, "Logical CPUs", "24", "12")]
    public void A_change_is_named_with_both_values(string file, string from, string to, EvidenceArea area, string name, string? before, string? after)
    {
        using var copy = Sample.Copy(Sample.Outage);
        var text = File.ReadAllText(copy.Place(file));
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(copy.Place(file), text.Replace(from, to, StringComparison.Ordinal));
        var found = Assert.Single(Compare(copy), each => each.Area == area);
        Assert.Equal((name, before, after), (found.Name, found.Reference, found.Difference));
        Assert.Equal(after is null ? EvidenceChange.Removed : EvidenceChange.Changed, found.Change);
        Assert.Equal("esx01.example.com", found.HostName);
    }

    [Fact]
    public void A_setting_that_differs_is_named()
    {
        using var copy = Sample.Copy(Sample.Outage);
        var file = copy.Place("esxcli-system-settings-kernel-list.txt");
        File.WriteAllText(file, File.ReadAllText(file).Replace("4000        4000     4000", "8000        4000     4000", StringComparison.Ordinal));
        var found = Assert.Single(Compare(copy));
        Assert.Equal((EvidenceArea.Setting, "intrVectRetireTimeMS configured", "4000", "8000"), (found.Area, found.Name, found.Reference, found.Difference));
    }

    [Fact]
    public void A_machine_that_is_gone_is_one_difference_and_shows_in_demand()
    {
        using var copy = Sample.Copy(Sample.Outage);
        foreach (var vm in new[] { "win02", "win03", "win04" }) Directory.Delete(copy.Place("vms/" + vm), recursive: true);
        var found = Compare(copy);
        Assert.Equal(["win02", "win03", "win04"], found.Where(each => each.Area == EvidenceArea.VM).Select(each => each.Name));
        Assert.Equal(6, found.Count(each => each is { Area: EvidenceArea.Demand, Change: EvidenceChange.Removed }));
        Assert.DoesNotContain(found, each => each.Area == EvidenceArea.Slot);
    }

    [Fact]
    public void Demand_pool_and_verdict_are_compared()
    {
        using var copy = Sample.Copy(Sample.Outage);
        foreach (var vm in new[] { "win01", "win02", "win03" })
        {
            var file = copy.Place($"vms/{vm}/vm.json");
            File.WriteAllText(file, File.ReadAllText(file).Replace("poweredOn", "poweredOff", StringComparison.Ordinal));
        }

        var found = Compare(copy);
        Assert.Contains(found, each => each is { Area: EvidenceArea.Pool, Name: "HostVectors demand", Reference: "256", Difference: "64" });
        Assert.Contains(found, each => each is { Area: EvidenceArea.Verdict, Reference: "Exceeds", Difference: "Unknown" });
        Assert.Equal(6, found.Count(each => each is { Area: EvidenceArea.Demand, Change: EvidenceChange.Changed }));
    }

    [Fact]
    public void What_was_not_collected_is_a_missing_file_and_not_a_change_of_everything_in_it()
    {
        using var copy = Sample.Copy(Sample.Outage);
        File.Delete(copy.Place("esxcli-hardware-pci-list.txt"));
        var found = Compare(copy);
        Assert.Contains(found, each => each is { Area: EvidenceArea.File, Name: "esxcli-hardware-pci-list.txt", Change: EvidenceChange.Removed });
        Assert.DoesNotContain(found, each => each.Area is EvidenceArea.Device or EvidenceArea.Driver);
    }

    [Fact]
    public void A_device_that_came_and_a_driver_that_changed_are_named()
    {
        using var copy = Sample.Copy(Sample.Outage);
        var file = copy.Place("esxcli-hardware-pci-list.txt");
        var text = File.ReadAllText(file);
        var first = text.IndexOf("0000:00:01.0\n", StringComparison.Ordinal);
        File.WriteAllText(file, text[first..].Replace("Module Name: bnx2", "Module Name: tg3", StringComparison.Ordinal));
        var found = EvidenceComparer.Compare(copy.Read(), Assert.Single(EvidenceReader.Read(Sample.Original(Sample.Outage))));
        Assert.Contains(found, each => each is { Area: EvidenceArea.Device, Name: "0000:00:00.0", Change: EvidenceChange.Added });
        Assert.DoesNotContain(found, each => each.Name.StartsWith("0000:00:00.0 ", StringComparison.Ordinal));
        Assert.Contains(found, each => each is { Area: EvidenceArea.Driver, Reference: "tg3", Difference: "bnx2", Change: EvidenceChange.Changed });
    }

    private static IReadOnlyList<EvidenceDifference> Compare(Sample copy) =>
        EvidenceComparer.Compare(Assert.Single(EvidenceReader.Read(Sample.Original(Sample.Outage))), copy.Read());
}
