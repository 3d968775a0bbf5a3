using System.Management.Automation;
using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Remediation;
using PassthroughTools.Vectors;

namespace PassthroughTools.Commands.Internal;

/// <summary>Makes the result of a remediation and raises what it stands for. Not exported: <c>Invoke-PassthruRemediation</c> calls it.</summary>
[Cmdlet(VerbsLifecycle.Complete, "PassthruRemediation")]
[OutputType(typeof(RemediationResult))]
public sealed class CompletePassthruRemediationCommand : JournalCmdlet
{
    /// <summary>Plan.</summary>
    [Parameter(Mandatory = true)]
    public RemediationPlan? Plan { get; set; }

    /// <summary>Run, where one was started.</summary>
    [Parameter]
    public RunResult? Run { get; set; }

    /// <summary>Budget from fresh evidence.</summary>
    [Parameter]
    public HostVectorBudget? After { get; set; }

    /// <summary>Makes the result of what would be done.</summary>
    [Parameter]
    public SwitchParameter Projected { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var result = RemediationReport.Of(Plan!, Run, After, Projected, OpenJournal().Folder);
        WriteObject(result);
        if (RemediationReport.ErrorOf(result) is { } error) WriteError(error.ToErrorRecord(result));
    }
}
