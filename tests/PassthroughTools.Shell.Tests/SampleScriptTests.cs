namespace PassthroughTools.Tests;

/// <summary>The scripts in samples run as they are.</summary>
public sealed class SampleScriptTests : IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("passthru-sample-").FullName;

    public void Dispose() => Directory.Delete(_work, recursive: true);

    [Fact]
    public void The_daily_audit_reports_measures_and_tells_of_hosts_that_exceed_a_pool()
    {
        var outcome = Audit(Path.Combine(Passthru.Repository, "samples"));
        Assert.True(outcome.ExitCode == 2, outcome.Output + outcome.Error);
        Assert.Equal(["passthru.prom", "report.html", "report.json"], Directory.GetFiles(_work).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal(4, outcome.Lines.Length);
    }

    [Theory]
    [InlineData("lookalikes", 0)]
    [InlineData("nowhere", 1)]
    public void The_daily_audits_exit_code_tells_how_a_host_fares(string sample, int code)
    {
        var outcome = Audit(Path.Combine(Passthru.Repository, "samples", sample));
        Assert.True(outcome.ExitCode == code, outcome.Output + outcome.Error);
    }

    private Outcome Audit(string evidence) => Passthru.Run(
        "-NonInteractive", "-File", Path.Combine(Passthru.Repository, "samples", "daily-audit.ps1"), "-Evidence", evidence, "-OutputFolder", _work);
}
