using System.IO.Compression;
using System.Text.Json;
using CsCheck;
using PassthroughTools.Evidence;
using PassthroughTools.Evidence.Export;
using PassthroughTools.Evidence.Support;
using PassthroughTools.Journal;

namespace PassthroughTools.Tests.Evidence;

/// <summary>A bundle that is sent to strangers says what happened and not to whom.</summary>
public sealed class SupportBundleTests : IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("passthru-support-").FullName;

    private string this[string name] => Path.Combine(_work, name);

    public void Dispose() => Directory.Delete(_work, recursive: true);

    [Fact]
    public void No_original_identifier_is_anywhere_in_it() => RedactionCase.Gen.Sample(
        each =>
        {
            var folder = Directory.CreateDirectory(this[Guid.NewGuid().ToString("N")]).FullName;
            each.Write(Path.Combine(folder, "host"));
            var hosts = EvidenceReader.Read(Path.Combine(folder, "host"), TestContext.Current.CancellationToken).ToList();
            SupportBundle.Create(hosts, Options(Path.Combine(folder, "b.zip"), Run(each.Host + "." + each.Domain, each.VM, "/home/" + each.User)), TestContext.Current.CancellationToken);
            ZipFile.ExtractToDirectory(Path.Combine(folder, "b.zip"), Path.Combine(folder, "out"));
            ExportSearch.AssertAbsent(Path.Combine(folder, "out"), each.Spellings);
        },
        iter: 20, threads: 1);

    [Fact]
    public void The_journal_of_the_hosts_is_in_it_and_no_others()
    {
        var journal = Extract(redact: false, Run("esx01.example.com", "win01", "/e"), Run("other.example.com", "secret", "/e")).RootElement.GetProperty("runs");
        var run = Assert.Single(journal.EnumerateArray());
        Assert.Equal("esx01.example.com", run.GetProperty("host").GetString());
        Assert.Equal("JournalStepFailed", Assert.Single(run.GetProperty("steps").EnumerateArray()).GetProperty("errorId").GetString());
    }

    [Fact]
    public void It_reads_back_as_the_evidence_it_holds()
    {
        Extract(redact: true, Run("esx01.example.com", "win01", "/e"));
        var host = Assert.Single(EvidenceReader.Read(this["b.zip"], TestContext.Current.CancellationToken));
        Assert.Equal(4, host.VMs!.Count);
    }

    [Fact]
    public void Errors_are_explained_from_the_catalogue()
    {
        Extract(redact: true);
        using var errors = JsonDocument.Parse(File.ReadAllText(this["out/support/errors.json"]));
        var error = Assert.Single(errors.RootElement.GetProperty("errors").EnumerateArray());
        Assert.Equal((InputErrors.NotFound.Id, InputErrors.NotFound.Advice), (error.GetProperty("id").GetString(), error.GetProperty("advice").GetString()));
    }

    [Fact]
    public void The_manifest_lists_every_file_with_its_checksum()
    {
        Extract(redact: true);
        using var manifest = JsonDocument.Parse(File.ReadAllText(this["out/manifest.json"]));
        var listed = manifest.RootElement.GetProperty("files").EnumerateArray().ToDictionary(file => file.GetProperty("name").GetString()!, file => file.GetProperty("sha256").GetString());
        var files = Directory.GetFiles(this["out"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(this["out"], file).Replace('\\', '/')).Where(name => name != "manifest.json");
        Assert.Equal(files.Order(StringComparer.Ordinal), listed.Keys.Order(StringComparer.Ordinal));
        Assert.All(listed, pair => Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(this["out"], pair.Key)))), pair.Value));
    }

    private JsonDocument Extract(bool redact, params RunSummary[] runs)
    {
        var hosts = EvidenceReader.Read(Sample.Original(Sample.Outage), TestContext.Current.CancellationToken).ToList();
        var options = Options(this["b.zip"], runs);
        SupportBundle.Create(hosts, options with { Export = options.Export with { Redact = redact }, ErrorIds = runs.Length == 0 ? [InputErrors.NotFound.Id] : [] }, TestContext.Current.CancellationToken);
        ZipFile.ExtractToDirectory(this["b.zip"], this["out"]);
        return JsonDocument.Parse(File.ReadAllText(this["out/support/journal.json"]));
    }

    private static SupportBundleOptions Options(string destination, params RunSummary[] runs) =>
        new() { Export = new ExportOptions { Destination = destination, Redact = true }, Runs = runs, Versions = new Dictionary<string, string> { ["module"] = "0.1.0" } };

    private static RunSummary Run(string host, string vm, string folder) => new()
    {
        RunId = "20240101T000000000Z-00000000",
        State = RunState.Failed,
        HostName = host,
        JournalFile = folder + "/journal/run.jsonl",
        Steps =
        [
            new()
            {
                Index = 0,
                Target = new() { Kind = "vmx-file", Container = folder + "/" + vm + ".vmx", Key = "pciPassthru0.msiEnabled", Display = vm + " 0000:05:00.0" },
                Before = SettingValue.Absent,
                Ours = SettingValue.Of("FALSE"),
                ErrorId = "JournalStepFailed",
                Message = folder + " is full",
            },
        ],
    };
}
