using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools.Commands;

/// <summary>Lists for each VM the hosts that it could be started on, and why the others will not do.</summary>
[Cmdlet(VerbsCommon.Find, "PassthruHost", DefaultParameterSetName = "VMHost")]
[OutputType(typeof(PassthruHostFit))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed class FindPassthruHostCommand : EvidenceCmdlet
{
    private readonly List<HostEvidence> _hosts = [];

    /// <summary>VMs: of Get-PassthruEvidence or PowerCLI, or names on the hosts or at the connected servers; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public VMReference[] VM { get; set; } = [];

    /// <summary>Vectors that should be left in every pool.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public int Headroom { get; set; }

    /// <summary>Lists only the hosts that fit.</summary>
    [Parameter]
    public SwitchParameter FitOnly { get; set; }

    // A VM may be on any of the hosts, so that all are known before the first is judged.
    /// <inheritdoc/>
    protected override void Answer(HostEvidence host) => _hosts.Add(host);

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_hosts.Count == 0) return;
        foreach (var reference in VM)
        {
            Guard(() =>
            {
                foreach (var vm in new StartedVMs(this, [reference], FindSessions(), StopToken).Resolve(_hosts)) Judge(vm);
            }, reference.Value);
        }
    }

    private void Judge(StartedVM vm)
    {
        foreach (var host in _hosts)
        {
            StopToken.ThrowIfCancellationRequested();
            var fit = PassthruHostFit.Compute(host, vm, Headroom);
            if (!FitOnly || fit.Verdict == PlacementVerdict.Fits) WriteObject(fit);
        }
    }
}
