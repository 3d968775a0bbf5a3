using System.Management.Automation;

namespace PassthroughTools.Tests;

/// <summary>Tab completion, as the engine asks for it: out of files that the command line names, never out of anything else.</summary>
public sealed class CompletionTests : IClassFixture<ModuleSession>, IDisposable
{
    private const string Outage = "samples/lpe12000-outage";
    private readonly WorkFolder _work = new();
    private readonly ModuleSession _session;

    public CompletionTests(ModuleSession session)
    {
        // A completer gives up after two seconds, and the first reading in a process compiles the reader: on a busy machine that alone takes as long.
        _session = session;
        _session.Run("Get-PassthruEvidence $args[0]", Outage).ThrowIfFailed();
    }

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData($"Get-PassthruVectorDemand -Path {Outage} -VM ")]
    [InlineData($"Get-PassthruVectorDemand {Outage} -VM ")]
    [InlineData($"New-PassthruRemediationPlan -LiteralPath {Outage} -ExcludeVM ")]
    [InlineData($"Invoke-PassthruRemediation -Path {Outage} -ExcludeVM ")]
    [InlineData($"Invoke-PassthruRemediation {Outage} -ExcludeVM ")]
    public void VMs_of_the_evidence_are_offered(string line) => Assert.Equal(["win01", "win02", "win03", "win04"], Complete(line));

    [Fact]
    public void Only_what_begins_as_the_word_does_is_offered() => Assert.Equal(["win03"], Complete($"Get-PassthruVectorDemand -Path {Outage} -VM win03"));

    [Fact]
    public void A_word_in_quotes_is_completed() => Assert.Equal(["win03"], Complete($"Get-PassthruVectorDemand -Path {Outage} -VM 'win03"));

    [Fact]
    public void Devices_of_the_evidence_are_offered() =>
        Assert.Equal(["0000:05:00.0", "0000:05:00.1"], Complete($"New-PassthruRemediationPlan {Outage} -ExcludeDevice 0000:05"));

    [Fact]
    public void A_name_that_PowerShell_would_split_comes_quoted()
    {
        _work.Write("host/vms/db o'one/vm.json", """{ "schemaVersion": 1, "name": "db o'one" }""");
        Assert.Equal(["'db o''one'"], Complete($"Get-PassthruVectorDemand -Path '{_work["host"]}' -VM d"));
    }

    [Fact]
    public void Instances_of_a_guests_export_are_offered()
    {
        var all = Complete($"Get-GuestMsiSetting {Outage}/vms/win01/guest-pci.reg -Device ");
        Assert.NotEmpty(all);
        Assert.All(all, name => Assert.StartsWith("'PCI", name, StringComparison.Ordinal));
        Assert.Equal(all, Complete($"Set-GuestMsiSetting -Path {Outage}/vms/win01/guest-pci.reg -InstanceId "));
    }

    [Theory]
    [InlineData("Get-PassthruRemediation -JournalPath {0} -RunId ")]
    [InlineData("Undo-PassthruRemediation -JournalPath {0} -RunId ")]
    public void Runs_of_the_journal_are_offered(string line)
    {
        var run = Remediate();
        Assert.Equal([run], Complete(string.Format(System.Globalization.CultureInfo.InvariantCulture, line, _work["journal"])));
    }

    [Fact]
    public void Hosts_of_the_journal_are_offered()
    {
        Remediate();
        Assert.Equal(["esx01.example.com"], Complete($"Get-PassthruRemediation -JournalPath {_work["journal"]} -HostName "));
    }

    [Fact]
    public void A_finished_run_is_not_offered_for_resuming()
    {
        Remediate();
        Assert.DoesNotContain(Complete($"Invoke-PassthruRemediation -JournalPath {_work["journal"]} -Resume "), text => text.StartsWith("20", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_was_interrupted_is_offered_for_resuming()
    {
        var run = Remediate();
        var journal = Path.Combine(_work["journal"], run + ".jsonl");
        File.WriteAllLines(journal, File.ReadAllLines(journal)[..^1]); // as if the process had ended before it wrote that it is done
        Assert.Contains(run, Complete($"Invoke-PassthruRemediation -JournalPath {_work["journal"]} -Resume {run[..8]}"));
    }

    [Theory]
    [InlineData("Get-PassthruVectorDemand -Path /nowhere -VM ")]
    [InlineData("Get-PassthruVectorDemand -Path LICENSE -VM ")]
    public void Evidence_that_is_not_there_is_no_error(string line) => Assert.DoesNotContain("win01", Complete(line));

    private string Remediate()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, Outage), "*", SearchOption.AllDirectories))
            _work.Write("host/" + Path.GetRelativePath(Path.Combine(Repository.Root, Outage), file), "");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, Outage), "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(_work["host"], Path.GetRelativePath(Path.Combine(Repository.Root, Outage), file)), overwrite: true);
        return (string)_session.Run("(Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Confirm:$false).RunId", _work["host"], _work["journal"]).ThrowIfFailed().Single.Value!;
    }

    private IReadOnlyList<string> Complete(string line)
    {
        var result = _session.Run("[System.Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null)", line).ThrowIfFailed();
        return [.. ((CommandCompletion)result.Single.Value!).CompletionMatches.Select(match => match.CompletionText)];
    }
}
