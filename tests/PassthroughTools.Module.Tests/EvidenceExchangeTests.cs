namespace PassthroughTools.Tests;

/// <summary>Evidence that travels, as a user sends it, compares it and collects it.</summary>
public sealed class EvidenceExchangeTests(ModuleSession session) : IClassFixture<ModuleSession>, IDisposable
{
    private const string Outage = "samples/lpe12000-outage";
    private readonly string _work = Directory.CreateTempSubdirectory("passthru-exchange-").FullName;

    private string this[string name] => Path.Combine(_work, name);

    public void Dispose() => Directory.Delete(_work, recursive: true);

    [Theory]
    [InlineData("out")]
    [InlineData("out.zip")]
    public void An_export_is_read_as_the_evidence_it_is(string name)
    {
        Assert.Empty(session.Run($"Export-PassthruEvidence {Outage} $args[0]", this[name]).ThrowIfFailed().Output);
        Assert.Empty(session.Run($"Compare-PassthruEvidence {Outage} $args[0]", this[name]).ThrowIfFailed().Output);
        Assert.Equal("Exceeds", session.Run("(Test-HostVectorBudget $args[0] -WarningAction Ignore).Verdict", this[name]).Single.ToString());
    }

    [Fact]
    public void Several_hosts_go_into_one_redacted_export_that_is_described()
    {
        var export = session.Run($"Get-PassthruEvidence {Outage}, samples/esxi8-cookies -WarningAction Ignore | Export-PassthruEvidence -Destination $args[0] -Redact -MapPath $args[1] -PassThru", this["out"], this["map.json"])
            .ThrowIfFailed().Single;
        Assert.Equal(true, export["IsRedacted"]);
        Assert.Equal(["out", "map.json"], Directory.GetFileSystemEntries(_work).Select(Path.GetFileName).OrderDescending(StringComparer.Ordinal));
        var names = session.Run("(Get-PassthruEvidence $args[0] -WarningAction Ignore).HostName", this["out"]).ThrowIfFailed().Output.Select(name => name.ToString()).ToList();
        Assert.Equal(2, names.Count);
        Assert.All(names, name => Assert.DoesNotContain("example.com", name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_support_bundle_is_redacted_unless_asked_otherwise()
    {
        var bundle = session.Run($"New-PassthruSupportBundle {Outage} $args[0] -JournalPath $args[1] -ErrorRecord $args[2]", this["b"], this["journal"], session.Run("Get-PassthruEvidence /nowhere").Errors)
            .ThrowIfFailed().Single;
        Assert.Equal((this["b.zip"], true), (bundle["Path"], bundle["IsRedacted"]));
        Assert.NotEqual("esx01.example.com", session.Run("(Get-PassthruEvidence $args[0] -WarningAction Ignore).HostName", this["b.zip"]).ThrowIfFailed().Single.ToString());
        Assert.Equal(["ExportDestinationExists"], session.Run($"New-PassthruSupportBundle {Outage} $args[0] -JournalPath $args[1]", this["b.zip"], this["journal"]).ErrorIds);
        session.Run($"New-PassthruSupportBundle {Outage} $args[0] -JournalPath $args[1] -NoRedaction -Force", this["b.zip"], this["journal"]).ThrowIfFailed();
        Assert.Equal("esx01.example.com", session.Run("(Get-PassthruEvidence $args[0] -WarningAction Ignore).HostName", this["b.zip"]).ThrowIfFailed().Single.ToString());
    }

    [Fact]
    public void A_support_bundle_under_WhatIf_is_none()
    {
        Assert.Empty(session.Run($"New-PassthruSupportBundle {Outage} $args[0] -MapPath $args[1] -WhatIf", this["b"], this["map.json"]).ThrowIfFailed().Output);
        Assert.Empty(Directory.GetFileSystemEntries(_work));
    }

    [Fact]
    public void WhatIf_writes_nothing_and_outputs_nothing()
    {
        Assert.Empty(session.Run($"Export-PassthruEvidence {Outage} $args[0] -Redact -MapPath $args[1] -PassThru -WhatIf", this["out"], this["map.json"]).ThrowIfFailed().Output);
        Assert.Empty(session.Run("Get-PassthruCollector $args[0] -WhatIf", this["collect.sh"]).ThrowIfFailed().Output);
        Assert.Empty(Directory.GetFileSystemEntries(_work));
    }

    [Fact]
    public void An_existing_destination_is_an_error_unless_forced()
    {
        session.Run($"Export-PassthruEvidence {Outage} $args[0]", this["out"]).ThrowIfFailed();
        Assert.Equal(["ExportDestinationExists"], session.Run($"Export-PassthruEvidence {Outage} $args[0]", this["out"]).ErrorIds);
        session.Run($"Export-PassthruEvidence {Outage} $args[0] -Force", this["out"]).ThrowIfFailed();
    }

    [Fact]
    public void Differences_are_shown_in_100_columns()
    {
        var text = session.Render("Compare-PassthruEvidence samples/lpe12000-mixed samples/lpe12000-outage");
        Assert.Contains("Exceeds", text, StringComparison.Ordinal);
        Assert.Contains("esx01.example.com", text + session.Render($"Compare-PassthruEvidence {Outage} samples/lpe12000-mixed"), StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void What_names_no_host_can_not_be_compared() =>
        Assert.Equal(["HostNotRecognized"], session.Run($"Compare-PassthruEvidence {Outage} 7").ErrorIds);

    [Fact]
    public void The_collector_is_printed_or_written_to_run()
    {
        var printed = session.Run("Get-PassthruCollector").ThrowIfFailed().Single.ToString();
        session.Run("Get-PassthruCollector $args[0]", this["collect.sh"]).ThrowIfFailed();
        Assert.Equal(printed, File.ReadAllText(this["collect.sh"]));
        if (!OperatingSystem.IsWindows()) Assert.Equal(0b111_101_101, (int)File.GetUnixFileMode(this["collect.sh"]));
        Assert.Equal(["FileExists"], session.Run("Get-PassthruCollector $args[0]", this["collect.sh"]).ErrorIds);
    }
}
