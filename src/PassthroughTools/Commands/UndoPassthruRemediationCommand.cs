using System.Management.Automation;
using PassthroughTools.Completion;
using PassthroughTools.Journal;
using PassthroughTools.Remediation;

namespace PassthroughTools.Commands;

/// <summary>Brings back what was there before a remediation. A value that someone else changed since is reported and left.</summary>
[Cmdlet(VerbsCommon.Undo, "PassthruRemediation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(RunSummary))]
public sealed class UndoPassthruRemediationCommand : RunCmdlet
{
    /// <summary>Run to undo.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public string[] RunId { get; set; } = [];

    /// <summary>Closes the run although someone else changed values since; those stay as they are.</summary>
    [Parameter]
    public SwitchParameter KeepConflicts { get; set; }

    /// <summary>Writes the run as it is afterwards; under -WhatIf, as it is now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var id in RunId) Guard(() => Undo(id), id);
    }

    private void Undo(string id)
    {
        var store = OpenJournal();
        var run = store.Get(id);
        if (run.State == RunState.Undone) throw JournalErrors.RunSealed.For(id, id);
        var changes = run.Steps.Where(step => step.Differs).ToList();
        var words = FormattableString.Invariant($"undo {changes.Count} changes: ") + string.Join("; ", changes.Select(step => FormattableString.Invariant($"{step.Target}: {step.Ours} -> {step.Before}")));
        if (ShouldProcess((run.HostName ?? "host") + ", run " + id, words))
        {
            var result = OpenRunner(store).Undo(id, new UndoOptions { KeepConflicts = KeepConflicts }, ShowProgress("Undoing " + id), StopToken);
            WriteErrors(result);
            if (PassThru) WriteObject(store.Get(id));
        }
        else if (PassThru)
        {
            WriteObject(run);
        }
    }
}
