using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using PassthroughTools.Evidence;
using PassthroughTools.Evidence.Export;
using PassthroughTools.Tests.IO;

namespace PassthroughTools.Tests.Evidence;

/// <summary>Evidence that is written out without what identifies anyone.</summary>
public sealed class ExportRedactionTests
{
    private static EvidenceExport Redact(TestFolder folder, string name, params HostEvidence[] hosts) =>
        EvidenceExporter.Export(hosts, new ExportOptions { Destination = folder[name], Redact = true });

    [Theory]
    [InlineData(Sample.Outage)]
    [InlineData(Sample.Mixed)]
    [InlineData(Sample.Cookies)]
    [InlineData(Sample.LookAlikes)]
    public void No_identifier_of_a_sample_is_left_and_the_budget_is_the_same(string sample)
    {
        using var folder = new TestFolder();
        var host = Assert.Single(EvidenceReader.Read(Sample.Original(sample)));
        var export = Redact(folder, "out", host);
        var identifiers = IdentifiersOf(Sample.Original(sample)).ToList();
        Assert.True(identifiers.Count > 20, "too few to mean anything");
        ExportSearch.AssertAbsent(folder["out"], identifiers.Where(each => !Regex.IsMatch(each, "^[0-9a-f]{4}$")));

        // db01 is four hexadecimal digits: as a word of its own it is a name, within a number it is chance.
        foreach (var name in identifiers.Where(each => Regex.IsMatch(each, "^[0-9a-f]{4}$")))
            Assert.All(ExportSearch.Texts(folder["out"]), text => Assert.DoesNotMatch($"(?<![0-9a-z]){name}(?![0-9a-z])", text.Text));
        Assert.Empty(export.Warnings);
        Assert.Equal(EvidenceRedaction.Signature(host), EvidenceRedaction.Signature(Assert.Single(EvidenceReader.Read(folder["out"]))));
    }

    [Fact]
    public void The_same_identifier_becomes_the_same_in_all_files_and_hosts()
    {
        using var folder = new TestFolder();
        using var first = Sample.Copy(Sample.Outage);
        using var second = Sample.Copy(Sample.Mixed);
        File.AppendAllText(first.Place("vmkernel.log"), "2012-08-07T08:00:00.000Z cpu1:1)Port 0x10000000c97a4e20 of win01 at 10.1.2.3 (00:19:b9:e4:a1:d0)\n");
        File.AppendAllText(second.Place("vmkernel.log"), "2012-08-07T08:00:00.000Z cpu1:1)WIN01 10.1.2.3 10:00:00:00:C9:7A:4E:20 0019b9e4a1d0\n");
        Redact(folder, "out", first.Read(), second.Read());
        var hosts = EvidenceReader.Read(folder["out"]).ToList();
        var lines = hosts.ConvertAll(host => File.ReadLines(Path.Combine(host.Source!, "vmkernel.log")).Last());
        var (one, other) = (lines.First(line => line.Contains("Port", StringComparison.Ordinal)), lines.First(line => !line.Contains("Port", StringComparison.Ordinal)));
        var match = Regex.Match(one, @"Port 0x([0-9a-f]{16}) of (\S+) at (\S+) \((\S+)\)$");
        Assert.True(match.Success, one);
        var wwn = string.Join(":", match.Groups[1].Value.Chunk(2).Select(pair => new string(pair))).ToUpperInvariant();
        Assert.EndsWith($")" + $"{match.Groups[2]} {match.Groups[3]} {wwn} {match.Groups[4].Value.Replace(":", "", StringComparison.Ordinal)}", other, StringComparison.Ordinal);
        Assert.Contains(hosts.SelectMany(host => host.VMs!), vm => vm.Name == match.Groups[2].Value);
        Assert.Contains(hosts.SelectMany(host => host.VMs!).SelectMany(vm => vm.FabricPorts!), port => string.Equals(port.PortWwn, wwn, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Two_exports_have_nothing_in_common()
    {
        using var folder = new TestFolder();
        var host = Assert.Single(EvidenceReader.Read(Sample.Original(Sample.Outage)));
        Redact(folder, "one", host);
        Redact(folder, "two", host);
        var ports = new[] { "one", "two" }.Select(name => EvidenceReader.Read(folder[name]).Single().VMs!.SelectMany(vm => vm.FabricPorts!).Select(port => port.PortWwn)).ToList();
        Assert.Empty(ports[0].Intersect(ports[1]));
    }

    [Fact]
    public void Addresses_of_devices_versions_and_figures_stay()
    {
        using var folder = new TestFolder();
        using var sample = Sample.Copy(Sample.Outage);
        const string line = "2012-08-07T08:00:00.000Z cpu1:1)lpfc: 0000:1a:00.1 driver version 8.2.3.1 firmware 10.6.126.0, TSC 548762345678901, size 0xffffffff00000000, 10df:f100";
        File.AppendAllText(sample.Place("vmkernel.log"), line + "\n");
        Redact(folder, "out", sample.Read());
        Assert.Equal(line, File.ReadLines(Path.Combine(folder["out"], "vmkernel.log")).Last());
        foreach (var name in new[] { "esxcli-hardware-pci-list.txt", "esxcli-system-version-get.txt", "vsish-vectorList.txt", "esxcli-system-settings-kernel-list.txt" })
            Assert.Equal(File.ReadAllBytes(sample.Place(name)), File.ReadAllBytes(Path.Combine(folder["out"], name)));
    }

    [Fact]
    public void Files_keep_their_encoding()
    {
        using var folder = new TestFolder();
        Redact(folder, "out", Assert.Single(EvidenceReader.Read(Sample.Original(Sample.Outage))));
        var registry = EvidenceReader.Read(folder["out"]).Single().VMs![0].RegistryPath!;
        Assert.Equal([0xff, 0xfe], File.ReadAllBytes(registry).Take(2));
        Assert.Equal([0x1f, 0x8b], File.ReadAllBytes(Path.Combine(folder["out"], "vmkernel.0.gz")).Take(2));
    }

    [Fact]
    public void The_map_is_written_for_its_owner_alone_and_apart_from_the_export()
    {
        using var folder = new TestFolder();
        var host = Assert.Single(EvidenceReader.Read(Sample.Original(Sample.Outage)));
        EvidenceExporter.Export([host], new ExportOptions { Destination = folder["out"], Redact = true, MapPath = folder["map.json"] });
        using var map = JsonDocument.Parse(File.ReadAllText(folder["map.json"]));
        var entries = map.RootElement.GetProperty("replacements").EnumerateArray().ToDictionary(each => each.GetProperty("original").GetString()!, each => each.GetProperty("replacement").GetString()!);
        Assert.Contains(entries["win01"], EvidenceReader.Read(folder["out"]).Single().VMs!.Select(vm => vm.Name));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["map.json"]));
        Assert.Equal("ExportInsideSource", Assert.Throws<PassthruException>(() => EvidenceExporter.Export(
            [host], new ExportOptions { Destination = folder["two"], Redact = true, MapPath = Path.Combine(folder["two"], "map.json") })).ErrorId);
    }

    [Fact]
    public void A_name_that_is_a_word_of_the_formats_is_replaced_where_it_stands_as_a_name_and_reported()
    {
        using var folder = new TestFolder();
        using var sample = Sample.Copy(Sample.Outage);
        Rename(sample, "win01", "present");
        var export = Redact(folder, "out", sample.Read());
        Assert.Contains(export.Warnings, warning => warning.Contains("'present'", StringComparison.Ordinal));
        var host = Assert.Single(EvidenceReader.Read(folder["out"]));
        Assert.DoesNotContain(host.VMs!, vm => vm.Name == "present" || vm.Source!.Contains("present", StringComparison.Ordinal) || vm.VmxPath!.Contains("present", StringComparison.Ordinal));
        Assert.Equal(EvidenceRedaction.Signature(sample.Read()), EvidenceRedaction.Signature(host));
    }

    [Fact]
    public void A_name_that_can_not_be_replaced_without_changing_the_budget_stops_the_export()
    {
        using var folder = new TestFolder();
        using var sample = Sample.Copy(Sample.Outage);

        // Part of a word that only the log's reader of request lines knows about.
        Rename(sample, "win01", "KPCIPassthru: 2");
        Assert.Equal("RedactionChangesBudget", Assert.Throws<PassthruException>(() => Redact(folder, "out", sample.Read())).ErrorId);
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void Of_a_damaged_gzip_what_can_be_read_is_kept()
    {
        using var folder = new TestFolder();
        using var sample = Sample.Copy(Sample.Cookies);
        var log = sample.Place("vmkernel.1.gz");
        File.WriteAllBytes(log, File.ReadAllBytes(log)[..^200]);
        Redact(folder, "out", sample.Read());
        ExportSearch.AssertAbsent(folder["out"], ["esx11.example.com"]);
        Assert.Equal(EvidenceRedaction.Signature(sample.Read()), EvidenceRedaction.Signature(EvidenceReader.Read(folder["out"]).Single()));
    }

    [Fact]
    public void Generated_identifiers_are_gone_however_they_are_written() =>
        Gen.Select(RedactionCase.Gen, RedactionCase.Gen).Sample((one, other) =>
        {
            using var folder = new TestFolder(inMemory: true);
            one.Write(folder["in/a"]);
            other.Write(folder["in/b"]);
            var hosts = EvidenceReader.Read(folder["in"]).ToArray();
            Redact(folder, "out", hosts);
            ExportSearch.AssertAbsent(folder["out"], one.Spellings.Concat(other.Spellings));
            Assert.All(one.Spellings, spelling => Assert.True(ExportSearch.Contains(folder["in/a"], spelling), spelling + " is not in the input: the search would prove nothing"));
        }, iter: 40, threads: 1);

    [Fact]
    public void Other_machines_of_the_hosts_domain_are_hidden_too()
    {
        using var folder = new TestFolder();
        using var sample = Sample.Copy(Sample.Outage);
        File.AppendAllText(sample.Place("vmkernel.log"), "2012-08-07T08:00:00.000Z cpu1:1)vpxa: vcenter7.example.com, VCENTER7.lab.example.com and esx01.example.com\n");
        Redact(folder, "out", sample.Read());
        ExportSearch.AssertAbsent(folder["out"], ["vcenter7", "lab.", "esx01", "example.com"]);
    }

    [Fact]
    public void A_name_that_json_can_not_hold_is_no_reason_to_stop()
    {
        using var folder = new TestFolder();
        using var sample = Sample.Copy(Sample.Outage);
        File.WriteAllText(sample.Place("vms/win01/vm.json"), "{ \"name\": \"a\\q\" }");
        Redact(folder, "out", sample.Read());
        Assert.Equal(4, EvidenceReader.Read(folder["out"]).Single().VMs!.Count);
    }

    private static void Rename(Sample sample, string from, string to)
    {
        foreach (var name in new[] { from + ".vmx", "vm.json", "vmware.log" })
        {
            var file = sample.Place($"vms/{from}/{name}");
            File.WriteAllText(file, File.ReadAllText(file).Replace($"\"{from}\"", $"\"{to}\"", StringComparison.Ordinal));
        }

        File.Move(sample.Place($"vms/{from}/{from}.vmx"), sample.Place($"vms/{from}/{to}.vmx"));
        Directory.Move(sample.Place("vms/" + from), sample.Place("vms/" + to));
    }

    /// <summary>What identifies a sample's machines, read off its files without any code of the product.</summary>
    private static IEnumerable<string> IdentifiersOf(string folder)
    {
        var host = Regex.Match(File.ReadAllText(Path.Combine(folder, "host.json")), "\"name\": \"([^\"]+)\"").Groups[1].Value;
        yield return host;
        yield return host.Split('.')[0];
        yield return host[(host.IndexOf('.') + 1)..];
        foreach (var vm in Directory.EnumerateDirectories(Path.Combine(folder, "vms"))) yield return Path.GetFileName(vm);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".md", StringComparison.Ordinal)))
        {
            var bytes = File.ReadAllBytes(file);
            if (bytes is [0x1f, 0x8b, ..])
            {
                using var unpacked = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
                bytes = Encoding.UTF8.GetBytes(unpacked.ReadToEnd());
            }

            var text = Encoding.UTF8.GetString(bytes);
            foreach (Match match in Regex.Matches(text, "(?:uuid\\.bios|systemId) = \"([^\"]{20,})\""))
            {
                yield return match.Groups[1].Value;
                yield return match.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
            }

            foreach (Match match in Regex.Matches(text, "^(?:[0-9a-f]{2}:){7}[0-9a-f]{2}", RegexOptions.Multiline)) yield return match.Value;
            foreach (Match match in Regex.Matches(text, @"\b192\.0\.2\.[0-9]+\b")) yield return match.Value + (text.Contains(match.Value + "0", StringComparison.Ordinal) ? " " : "");
            foreach (Match match in Regex.Matches(text, "naa\\.([0-9a-f]{32})")) yield return match.Groups[1].Value;
        }
    }
}
