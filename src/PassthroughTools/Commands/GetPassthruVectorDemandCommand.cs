using System.Management.Automation;
using PassthroughTools.Completion;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools.Commands;

/// <summary>Lists what each passthrough device and virtual function of a host asks for, and in which mode it runs.</summary>
[Cmdlet(VerbsCommon.Get, "PassthruVectorDemand", DefaultParameterSetName = "VMHost")]
[OutputType(typeof(VectorDemand))]
public sealed class GetPassthruVectorDemandCommand : EvidenceCmdlet
{
    /// <summary>Lists the devices of these VMs only; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    [ArgumentCompleter(typeof(VMNameCompleter))]
    public string[]? VM { get; set; }

    /// <summary>Counts the devices of VMs that are off as well.</summary>
    [Parameter]
    public SwitchParameter IncludePoweredOff { get; set; }

    /// <inheritdoc/>
    protected override void Answer(HostEvidence host)
    {
        var patterns = VM?.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase)).ToList();
        foreach (var device in DemandCalculator.Compute(host, IncludePoweredOff))
        {
            if (patterns is null || patterns.Exists(pattern => device.VM is not null && pattern.IsMatch(device.VM))) WriteObject(device);
        }
    }
}
