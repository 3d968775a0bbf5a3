using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools.Commands;

/// <summary>Lists the interrupt pools that a host has, by its version, with what each holds and what the host itself takes.</summary>
[Cmdlet(VerbsCommon.Get, "HostVectorCapacity", DefaultParameterSetName = "VMHost")]
[OutputType(typeof(HostVectorPool))]
public sealed class GetHostVectorCapacityCommand : EvidenceCmdlet
{
    /// <summary>Pools to list; all that apply when absent.</summary>
    [Parameter]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public InterruptPool[]? Pool { get; set; }

    /// <inheritdoc/>
    protected override void Answer(HostEvidence host)
    {
        var pools = BudgetCalculator.Compute(host).Pools;
        if (pools.Count == 0) WriteError(HostReferenceErrors.VersionUnknown.For(host, host.HostName).ToErrorRecord());
        foreach (var pool in pools)
        {
            if (Pool is null || Array.IndexOf(Pool, pool.Pool) >= 0) WriteObject(pool);
        }
    }
}
