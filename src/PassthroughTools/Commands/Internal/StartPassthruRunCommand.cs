using System.Management.Automation;
using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Remediation;

namespace PassthroughTools.Commands.Internal;

/// <summary>Carries out or resumes a run. Not exported: <c>Invoke-PassthruRemediation</c> asks and confirms before it calls this.</summary>
[Cmdlet(VerbsLifecycle.Start, "PassthruRun", DefaultParameterSetName = "Plan")]
[OutputType(typeof(RunResult))]
public sealed class StartPassthruRunCommand : RunCmdlet
{
    /// <summary>Plan to carry out.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Plan")]
    public RemediationPlan? Plan { get; set; }

    /// <summary>Run to go on with.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Resume")]
    public string? Resume { get; set; }

    /// <summary>Reads what the plan would change, and writes nothing.</summary>
    [Parameter(ParameterSetName = "Plan")]
    public SwitchParameter Project { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guard(() =>
    {
        var runner = OpenRunner(OpenJournal());
        if (Project)
        {
            WriteObject(runner.Project(Plan!), enumerateCollection: true);
            return;
        }

        var result = Resume is null ? runner.Apply(Plan!, ShowProgress("Applying plan " + Plan!.Id), StopToken) : runner.Resume(Resume, ShowProgress("Resuming " + Resume), StopToken);
        WriteErrors(result);
        WriteObject(result);
    }, (object?)Plan ?? Resume);
}
