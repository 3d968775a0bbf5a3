using System.Text.Json;
using PassthroughTools.Evidence;
using PassthroughTools.Evidence.Export;
using PassthroughTools.IO;
using PassthroughTools.Tests.IO;

namespace PassthroughTools.Tests.Evidence;

/// <summary>Evidence that is written out as it is.</summary>
public sealed class ExportTests
{
    private static HostEvidence Read(string sample) => Assert.Single(EvidenceReader.Read(Sample.Original(sample)));

    private static EvidenceExport Export(TestFolder folder, string name, params HostEvidence[] hosts) =>
        EvidenceExporter.Export(hosts, new ExportOptions { Destination = folder[name] });

    private static string IdOf(Action action) => Assert.Throws<PassthruException>(action).ErrorId;

    [Theory]
    [InlineData("out")]
    [InlineData("out.zip")]
    public void Every_file_of_the_evidence_is_written_byte_for_byte(string name)
    {
        using var folder = new TestFolder();
        var export = Export(folder, name, Read(Sample.Outage));
        var original = Sample.ContentOf(Sample.Original(Sample.Outage));
        original.Remove("README.md");
        Assert.Equal(original.Keys, export.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.All(export.Files, file => Assert.Equal((original[file.Name].Length, FileStamp.Of(original[file.Name]).Sha256), (file.Length, file.Sha256)));
        var read = Assert.Single(EvidenceReader.Read(folder[name]));
        Assert.Equal(EvidenceRedaction.Signature(Read(Sample.Outage)), EvidenceRedaction.Signature(read));
        if (name == "out") Assert.All(original, pair => Assert.Equal(pair.Value, File.ReadAllBytes(Path.Combine(folder["out"], pair.Key))));
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out.zip")]
    public void That_all_VMs_of_the_host_were_listed_is_kept_and_what_the_collection_says_of_them_is_not(string name)
    {
        using var sample = Sample.Copy(Sample.Mixed);
        File.WriteAllText(sample.Place("collector.log"), "VM 12: taken\n");
        using var folder = new TestFolder();
        Export(folder, name, sample.Read());
        Assert.True(Assert.Single(EvidenceReader.Read(folder[name])).HasAllVMs);
        if (name == "out") Assert.DoesNotContain("12", File.ReadAllText(Path.Combine(folder["out"], "collector.log")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_manifest_lists_each_file_with_its_checksum()
    {
        using var folder = new TestFolder();
        var export = Export(folder, "out", Read(Sample.Outage));
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["out"], "manifest.json")));
        var root = manifest.RootElement;
        Assert.Equal((1, false, "esx01.example.com"), (root.GetProperty("schemaVersion").GetInt32(), root.GetProperty("redacted").GetBoolean(), root.GetProperty("hosts")[0].GetString()));
        var listed = root.GetProperty("files").EnumerateArray().ToDictionary(file => file.GetProperty("name").GetString()!, file => file.GetProperty("sha256").GetString()!);
        Assert.Equal(export.Files.ToDictionary(file => file.Name, file => file.Sha256), listed);
        Assert.All(listed, file => Assert.Equal(FileStamp.Of(File.ReadAllBytes(Path.Combine(folder["out"], file.Key))).Sha256, file.Value));
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out.zip")]
    public void Several_hosts_get_a_folder_each(string name)
    {
        using var folder = new TestFolder();
        Export(folder, name, Read(Sample.Outage), Read(Sample.Cookies));
        Assert.Equal(["esx01.example.com", "esx11.example.com"], EvidenceReader.Read(folder[name]).Select(host => host.HostName));
    }

    [Fact]
    public void An_export_can_be_exported_again_from_its_archive()
    {
        using var folder = new TestFolder();
        Export(folder, "one.zip", Read(Sample.Outage), Read(Sample.Cookies));
        EvidenceExporter.Export([.. EvidenceReader.Read(folder["one.zip"])], new ExportOptions { Destination = folder["two"] });
        Assert.Equal(
            EvidenceReader.Read(folder["one.zip"]).Select(EvidenceRedaction.Signature),
            EvidenceReader.Read(folder["two"]).Select(EvidenceRedaction.Signature));
    }

    [Fact]
    public void A_host_without_a_file_that_names_it_keeps_its_name()
    {
        using var sample = Sample.Copy(Sample.Outage);
        using var folder = new TestFolder();
        File.Delete(sample.Place("host.json"));
        Export(folder, "out", sample.Read());
        Assert.Equal(sample.Read().HostName, Assert.Single(EvidenceReader.Read(folder["out"])).HostName);
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out.zip")]
    public void A_machine_without_files_is_kept(string name)
    {
        using var sample = Sample.Copy(Sample.Outage);
        using var folder = new TestFolder();
        Directory.CreateDirectory(sample.Place("vms/empty"));
        Export(folder, name, sample.Read());
        Assert.Contains(Assert.Single(EvidenceReader.Read(folder[name])).VMs!, vm => vm.Name == "empty" && vm.Slots is null);
    }

    [Fact]
    public void Nothing_is_overwritten_unless_forced()
    {
        using var folder = new TestFolder();
        Export(folder, "out", Read(Sample.Outage));
        var before = folder.Snapshot();
        Assert.Equal("ExportDestinationExists", IdOf(() => Export(folder, "out", Read(Sample.Cookies))));
        Assert.Equal(before.Keys.Order(), folder.Snapshot().Keys.Order());
        EvidenceExporter.Export([Read(Sample.Cookies)], new ExportOptions { Destination = folder["out"], Force = true });
        Assert.Equal("esx11.example.com", Assert.Single(EvidenceReader.Read(folder["out"])).HostName);
        Assert.Equal(["out"], folder.Names());
    }

    [Fact]
    public void Force_replaces_no_folder_that_is_not_an_export()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["out"]);
        File.WriteAllText(Path.Combine(folder["out"], "thesis.txt"), "mine");
        Assert.Equal("ExportDestinationForeign", IdOf(() => EvidenceExporter.Export([Read(Sample.Outage)], new ExportOptions { Destination = folder["out"], Force = true })));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder["out"], "thesis.txt")));
    }

    [Fact]
    public void An_export_can_not_go_into_its_own_source()
    {
        using var sample = Sample.Copy(Sample.Outage);
        var before = sample.Content().Keys;
        Assert.Equal("ExportInsideSource", IdOf(() => EvidenceExporter.Export([sample.Read()], new ExportOptions { Destination = sample.Place("out") })));
        Assert.Equal(before, sample.Content().Keys);
    }

    [Fact]
    public void Evidence_whose_files_are_gone_can_not_be_exported()
    {
        using var folder = new TestFolder();
        var sample = Sample.Copy(Sample.Outage);
        var host = sample.Read();
        sample.Dispose();
        Assert.Equal("ExportSourceMissing", IdOf(() => Export(folder, "out", host)));
        Assert.Equal("ExportSourceMissing", IdOf(() => Export(folder, "out", host with { Source = "https://vcenter.example.com/sdk" })));
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void A_stopped_export_leaves_nothing()
    {
        using var folder = new TestFolder();
        Assert.ThrowsAny<OperationCanceledException>(() => EvidenceExporter.Export([Read(Sample.Outage)], new ExportOptions { Destination = folder["out"] }, new CancellationToken(canceled: true)));
        Assert.Empty(folder.Names());
    }
}
