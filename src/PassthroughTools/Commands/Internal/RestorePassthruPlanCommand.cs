using System.Management.Automation;
using PassthroughTools.Planning;

namespace PassthroughTools.Commands.Internal;

/// <summary>Stands a plan that was made anew in for one that came back from another session, if it is the same. Not exported.</summary>
[Cmdlet(VerbsData.Restore, "PassthruPlan")]
[OutputType(typeof(RemediationPlan))]
public sealed class RestorePassthruPlanCommand : PassthruCmdlet
{
    /// <summary>The record that came back.</summary>
    [Parameter(Mandatory = true)]
    public PSObject Given { get; set; } = null!;

    /// <summary>The plan that was made anew.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public RemediationPlan Plan { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var id = LiveReference.Read(Given, nameof(RemediationPlan.Id))?.ToString();
        if (id == Plan.Id) WriteObject(Plan);
        else WriteError(PlanErrors.NotSame.For(Given, id, Plan.HostName, Plan.Id).ToErrorRecord());
    }
}
