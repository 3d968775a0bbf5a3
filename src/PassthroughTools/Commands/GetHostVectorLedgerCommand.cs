using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools.Commands;

/// <summary>Lists what the host's own devices held over time, rebuilt from the allocations and releases in the log.</summary>
[Cmdlet(VerbsCommon.Get, "HostVectorLedger", DefaultParameterSetName = "VMHost")]
[OutputType(typeof(LedgerEntry))]
public sealed class GetHostVectorLedgerCommand : EvidenceCmdlet
{
    /// <summary>Lists only the latest entry of each device: what it holds now.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <inheritdoc/>
    protected override void Answer(HostEvidence host)
    {
        if (host.LogEvents is null)
        {
            WriteError(HostReferenceErrors.NoLog.For(host, host.HostName).ToErrorRecord());
            return;
        }

        var ledger = BudgetCalculator.BuildLedger(host, DemandCalculator.Compute(host));
        if (!ledger.IsComplete) WriteWarning(host.HostName + ": the log does not go back to the boot; allocations before its first line are missing.");
        if (Latest) WriteObject(ledger.Entries.GroupBy(entry => entry.Device).OrderBy(group => group.Key).Select(group => group.Last()), enumerateCollection: true);
        else WriteObject(ledger.Entries, enumerateCollection: true);
    }
}
