using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Remediation;
using PassthroughTools.Tests.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools.Tests.Remediation;

/// <summary>What a remediation came to is an error where it did not do what was asked.</summary>
public sealed class RemediationOutcomeTests : IDisposable
{
    private readonly Sample _sample = Sample.Copy(Sample.Outage);

    public void Dispose() => _sample.Dispose();

    private RemediationPlan Plan => RemediationPlanner.Plan(_sample.Read(), new RemediationOptions(), TestContext.Current.CancellationToken);

    private static RunResult Run(RunState state) => new() { RunId = "run", State = state, Steps = [], Written = 1 };

    [Fact]
    public void A_run_that_stopped_halfway_is_an_error() =>
        Assert.Equal("RemediationFailed", RemediationReport.ErrorOf(RemediationReport.Of(Plan, Run(RunState.Failed), null, false, "journal"))?.ErrorId);

    [Fact]
    public void Changes_that_did_not_help_are_an_error()
    {
        var plan = Plan;
        // Fresh evidence that still exceeds: as if someone had added a device meanwhile.
        var result = RemediationReport.Of(plan, Run(RunState.Completed), plan.Before, false, "journal");
        Assert.Equal("RemediationNotVerified", RemediationReport.ErrorOf(result)?.ErrorId);
    }

    [Fact]
    public void A_host_that_fits_afterwards_is_none()
    {
        var plan = Plan;
        Assert.Equal(BudgetVerdict.Fits, plan.After.Verdict);
        Assert.Null(RemediationReport.ErrorOf(RemediationReport.Of(plan, Run(RunState.Completed), plan.After, false, "journal")));
    }
}
