using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools.Commands;

/// <summary>Compares a host and its VMs with the vendor's published maxima. Being within them does not prove that vectors suffice.</summary>
[Cmdlet(VerbsDiagnostic.Test, "PassthruConfigMaximum", DefaultParameterSetName = "VMHost")]
[OutputType(typeof(ConfigMaximum), typeof(bool))]
public sealed class TestPassthruConfigMaximumCommand : EvidenceCmdlet
{
    /// <summary>Writes one Boolean a host: true where every count is known to be within its maximum.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    private protected override bool NeedsLimits => true;

    /// <inheritdoc/>
    protected override void Answer(HostEvidence host)
    {
        var rows = ConfigMaximumChecker.Check(host);
        if (Quiet) WriteObject(rows.All(row => row.IsWithin == true));
        else WriteObject(rows, enumerateCollection: true);
    }
}
