using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Vectors;

namespace PassthroughTools.Remediation;

/// <summary>What a remediation did to one host.</summary>
public sealed record RemediationResult
{
    /// <summary>Host.</summary>
    public required string HostName { get; init; }

    /// <summary>What came of it.</summary>
    public required RemediationOutcome Outcome { get; init; }

    /// <summary>Run in the journal; null when nothing was written. <c>Undo-PassthruRemediation -RunId</c> takes it.</summary>
    public string? RunId { get; init; }

    /// <summary>Folder of the journal.</summary>
    public string? JournalPath { get; init; }

    /// <summary>Settings that were written.</summary>
    public int Written { get; init; }

    /// <summary>Plan.</summary>
    public RemediationPlan? Plan { get; init; }

    /// <summary>Budget before.</summary>
    public HostVectorBudget? Before { get; init; }

    /// <summary>Budget from evidence read again afterwards; under -WhatIf the projected one.</summary>
    public HostVectorBudget? After { get; init; }

    /// <summary>Steps with what became of each.</summary>
    public IReadOnlyList<RunStepSummary> Steps { get; init; } = [];

    /// <summary>What has to be done or watched next.</summary>
    public IReadOnlyList<string> NextSteps { get; init; } = [];

    /// <summary>The result as text, the way the module's default view prints it.</summary>
    /// <param name="width">Columns of the console.</param>
    public string ToText(int width = 100) => Reports.PlanText.Render(this, width);

    /// <inheritdoc/>
    public override string ToString() => HostName + ": " + Outcome;
}

/// <summary>What came of a remediation.</summary>
public enum RemediationOutcome
{
    /// <summary>Nothing needed to be changed.</summary>
    NothingToDo,

    /// <summary>Changes that would be made (-WhatIf -PassThru).</summary>
    Projected,

    /// <summary>All changes were made and, by fresh evidence, everything fits.</summary>
    Fixed,

    /// <summary>All changes were made; by fresh evidence it is not certain that everything fits.</summary>
    Applied,

    /// <summary>No set of changes makes everything fit; nothing was written.</summary>
    Infeasible,

    /// <summary>A change failed or the run was stopped; the run can be resumed or undone.</summary>
    Failed,
}
