using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Vectors;

namespace PassthroughTools.Remediation;

/// <summary>Puts together what a remediation did, and what must be said of it.</summary>
public static class RemediationReport
{
    /// <summary>Makes the result of a plan.</summary>
    /// <param name="plan">Plan.</param>
    /// <param name="run">Run; null where none was started.</param>
    /// <param name="after">Budget from fresh evidence; null where it was not read.</param>
    /// <param name="isProjection">True for what would be done.</param>
    /// <param name="journalPath">Folder of the journal.</param>
    public static RemediationResult Of(RemediationPlan plan, RunResult? run, HostVectorBudget? after, bool isProjection, string? journalPath) => new()
    {
        HostName = plan.HostName,
        Outcome = Outcome(plan, run, after, isProjection),
        RunId = run?.RunId,
        JournalPath = run?.RunId is null ? null : journalPath,
        Written = run?.Written ?? 0,
        Plan = plan,
        Before = plan.Before,
        After = isProjection ? plan.After : after ?? plan.Before,
        Steps = run?.Steps ?? [],
        NextSteps = run is { Written: > 0 } ? Next(plan, run, journalPath) : [],
    };

    /// <summary>The failure that a result stands for; null when there is none.</summary>
    /// <param name="result">Result.</param>
    public static PassthruException? ErrorOf(RemediationResult result) => result.Outcome switch
    {
        RemediationOutcome.Infeasible => RemediationOutcomeErrors.Infeasible.For(result, result.HostName, string.Join(" ", result.Plan?.Advice ?? [])),
        RemediationOutcome.Failed => RemediationOutcomeErrors.Failed.For(result, result.HostName, result.RunId, result.Written, result.Steps.Count(step => step.Differs), RunArguments(result.RunId, result.JournalPath)),
        RemediationOutcome.Applied when result.After?.Verdict == BudgetVerdict.Exceeds =>
            RemediationOutcomeErrors.NotFixed.For(result, result.HostName, result.After.Verdict, RunArguments(result.RunId, result.JournalPath)),
        _ => null,
    };

    /// <summary>What stands after <c>-RunId</c> or <c>-Resume</c>; a journal that is not where it is by default must be named.</summary>
    /// <param name="runId">Run.</param>
    /// <param name="journalPath">Folder of the journal; null for the default one.</param>
    public static string RunArguments(string? runId, string? journalPath) =>
        journalPath is null || journalPath == Path.GetFullPath(JournalFolder.Default) ? runId ?? "" : $"{runId} -JournalPath '{journalPath.Replace("'", "''")}'";

    private static RemediationOutcome Outcome(RemediationPlan plan, RunResult? run, HostVectorBudget? after, bool isProjection)
    {
        if (run is not null && run.State != RunState.Completed) return RemediationOutcome.Failed;
        if (!plan.IsFeasible) return RemediationOutcome.Infeasible;
        if (isProjection) return plan.Steps.Count == 0 ? RemediationOutcome.NothingToDo : RemediationOutcome.Projected;
        if (plan.Steps.Count == 0 || run is null or { NothingToDo: true }) return RemediationOutcome.NothingToDo;
        return after?.Verdict is BudgetVerdict.Fits or BudgetVerdict.Tight ? RemediationOutcome.Fixed : RemediationOutcome.Applied;
    }

    private static List<string> Next(RemediationPlan plan, RunResult run, string? journalPath)
    {
        var refused = plan.Before.Devices.Where(device => device is { Failure: not null, VM: not null }).Select(device => device.VM!).Except(plan.VMs).Distinct(StringComparer.Ordinal).ToList();
        var next = new List<string>();
        var onFiles = plan.Steps.Where(step => step.VMPlace is null).Select(step => step.VM).Distinct(StringComparer.Ordinal).ToList();
        if (onFiles.Count > 0) next.Add("Bring the changed settings into each VM and its guest, then restart: " + string.Join(", ", onFiles) + ".");
        if (refused.Count > 0) next.Add("Restart as well, so that their devices ask again for what they were refused: " + string.Join(", ", refused) + ".");
        next.Add("Collect the evidence again after the restart: the log must show the new request sizes, and every port must log in.");
        next.Add("To go back: Undo-PassthruRemediation -RunId " + RunArguments(run.RunId, journalPath));
        return next;
    }
}
