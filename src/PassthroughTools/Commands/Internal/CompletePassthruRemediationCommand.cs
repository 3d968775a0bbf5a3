using System.Management.Automation;
using PassthroughTools.Guests;
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
        foreach (var lost in LostLogins(result)) WriteError(lost.ToErrorRecord(result));
    }

    /// <summary>Ports that were logged in to the fabric before, and are not afterwards.</summary>
    private IEnumerable<PassthruException> LostLogins(RemediationResult result)
    {
        if (result.RunId is not { } run || After?.Evidence?.VMs is not { } now) yield break;
        foreach (var before in (Plan!.Before.Evidence?.VMs ?? []).Where(vm => vm.FabricPorts is not null))
        {
            var ports = now.FirstOrDefault(vm => vm.Name == before.Name)?.FabricPorts ?? [];
            if (GuestFabricTest.Of(before.Name, ports, before.FabricPorts).LostAfter(result.HostName, RemediationReport.RunArguments(run, result.JournalPath)) is { } lost) yield return lost;
        }
    }
}
