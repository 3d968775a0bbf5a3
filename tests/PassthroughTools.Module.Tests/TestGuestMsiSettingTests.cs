namespace PassthroughTools.Tests;

/// <summary>Test-GuestMsiSetting through the pipeline: plans and runs, as they are and as they come back from a file.</summary>
public sealed class TestGuestMsiSettingTests : IClassFixture<ModuleSession>, IDisposable
{
    private const string Plan = "New-PassthruRemediationPlan $args[0]";
    private const string RunOf = "Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Confirm:$false";
    private const string RoundTrip = " | ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_, 2)) }";

    private readonly WorkFolder _folder = new();
    private readonly ModuleSession _session;

    public TestGuestMsiSettingTests(ModuleSession session)
    {
        _session = session;
        var sample = Path.Combine(Repository.Root, "samples", "lpe12000-outage");
        foreach (var file in Directory.EnumerateFiles(sample, "*", SearchOption.AllDirectories))
            _folder.CopySample(Path.Combine("lpe12000-outage", Path.GetRelativePath(sample, file)), Path.Combine("host", Path.GetRelativePath(sample, file)));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(RoundTrip)]
    public void A_plan_that_is_piped_is_tested_before_and_after_it_was_carried_out(string way)
    {
        _session.Run($"$global:plan = {Plan}{way}", _folder["host"]).ThrowIfFailed();
        var before = Run("$global:plan | Test-GuestMsiSetting").ThrowIfFailed();
        Assert.Equal(4, before.Output.Count);
        Assert.All(before.Output, setting => Assert.Equal("Reset", setting["Status"]!.ToString()));
        Assert.Equal(false, Run("$global:plan | Test-GuestMsiSetting -Quiet").ThrowIfFailed().Single.Value);
        Run(RunOf).ThrowIfFailed();
        Assert.Equal(true, Run("$global:plan | Test-GuestMsiSetting -Quiet").ThrowIfFailed().Single.Value);
    }

    [Theory]
    [InlineData(RunOf)]
    [InlineData("Get-PassthruRemediation -JournalPath $args[1]")]
    [InlineData("Get-PassthruRemediation -JournalPath $args[1]" + RoundTrip)]
    [InlineData("[pscustomobject]@{ RunId = (Get-PassthruRemediation -JournalPath $args[1]).RunId; JournalPath = $args[1] }")]
    public void A_run_that_is_piped_is_tested_as_its_journal_tells(string source)
    {
        if (source != RunOf) Run(RunOf).ThrowIfFailed();
        var script = source == RunOf ? source + " | Test-GuestMsiSetting -JournalPath $args[1]" : source + " | Test-GuestMsiSetting";
        Assert.Equal(4, Run(script).ThrowIfFailed().Output.Count);
        Assert.Equal(true, Run("Get-PassthruRemediation -JournalPath $args[1] | Test-GuestMsiSetting -Quiet").ThrowIfFailed().Single.Value);
    }

    [Theory]
    [InlineData("42 | Test-GuestMsiSetting -Quiet", "PlanNotRecognized")]
    [InlineData("[pscustomobject]@{ Steps = 1 } | Test-GuestMsiSetting -Quiet", "PlanNotRecognized")]
    [InlineData(Plan + " | ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_, 1)) } | Test-GuestMsiSetting -Quiet", "PlanStepsLost")]
    [InlineData("Test-GuestMsiSetting no-such-run -JournalPath $args[1] -Quiet", "RunNotFound")]
    public void What_could_not_be_tested_is_not_in_place(string script, string error)
    {
        var result = Run(script);
        Assert.Equal([error], result.ErrorIds);
        Assert.Equal(false, result.Single.Value);
    }

    [Fact]
    public void Nothing_at_all_is_not_in_place() => Assert.Equal(false, Run("@() | Test-GuestMsiSetting -Quiet").Single.Value);

    private ModuleResult Run(string script) => _session.Run(script, _folder["host"], _folder["journal"]);
}
