using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools.Commands;

/// <summary>Tells whether what the passthrough devices of a host ask for fits into each of its interrupt pools.</summary>
[Cmdlet(VerbsDiagnostic.Test, "HostVectorBudget", DefaultParameterSetName = "VMHost")]
[OutputType(typeof(HostVectorBudget), typeof(bool))]
public sealed class TestHostVectorBudgetCommand : EvidenceCmdlet
{
    /// <summary>Vectors that should be left in every pool; with fewer left the verdict is Tight.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public int Headroom { get; set; }

    /// <summary>Counts the devices of VMs that are off as well.</summary>
    [Parameter]
    public SwitchParameter IncludePoweredOff { get; set; }

    /// <summary>
    /// Thinks of these VMs as started on each host: VMs of Get-PassthruEvidence or PowerCLI, names (wildcards are allowed), or hosts and folders of hosts
    /// to be evacuated, which stand for their VMs that are on.
    /// </summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public VMReference[]? WithVM { get; set; }

    /// <summary>Writes true where the verdict is Fits, else false: Tight, Exceeds and Unknown are false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private StartedVMs? _started;

    /// <inheritdoc/>
    protected override void Answer(HostEvidence host)
    {
        var budget = BudgetCalculator.Compute(host, new BudgetOptions { Headroom = Headroom, IncludePoweredOff = IncludePoweredOff, Placement = PlacementOn(host) });
        if (Quiet) WriteObject(budget.Verdict == BudgetVerdict.Fits);
        else WriteObject(budget);
    }

    private HostPlacement? PlacementOn(HostEvidence host)
    {
        if (WithVM is null) return null;
        _started ??= new StartedVMs(this, WithVM, FindSessions(), StopToken);
        return PlacementCalculator.Compute(host, _started.Resolve([host]));
    }
}
