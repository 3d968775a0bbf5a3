using System.Management.Automation;
using PassthroughTools.Planning;

namespace PassthroughTools.Commands.Internal;

/// <summary>Stands a plan that was made anew in for one that came back from another session, if it is the same; says what is no plan. Not exported.</summary>
[Cmdlet(VerbsData.Restore, "PassthruPlan")]
[OutputType(typeof(RemediationPlan))]
public sealed class RestorePassthruPlanCommand : PassthruCmdlet
{
    /// <summary>The record that came back.</summary>
    [Parameter(Mandatory = true)]
    public PSObject Given { get; set; } = null!;

    /// <summary>The plan that was made anew; none where what was given is no plan.</summary>
    [Parameter(ValueFromPipeline = true)]
    public RemediationPlan? Plan { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Plan is null)
        {
            WriteError(PlanReferenceErrors.NotAPlan.For(Given, Given, Given.BaseObject.GetType().Name).ToErrorRecord());
            return;
        }

        var id = LiveReference.Read(Given, nameof(RemediationPlan.Id))?.ToString();
        if (id == Plan.Id) WriteObject(Plan);
        else WriteError(PlanErrors.NotSame.For(Given, id, Plan.HostName, Plan.Id).ToErrorRecord());
    }
}
