using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Completion;
using PassthroughTools.Evidence;
using PassthroughTools.Pci;
using PassthroughTools.Planning;

namespace PassthroughTools.Commands;

/// <summary>Makes a plan: which settings to change so that every pool of a host fits, disturbing as little as possible. Changes nothing.</summary>
[Cmdlet(VerbsCommon.New, "PassthruRemediationPlan", DefaultParameterSetName = "VMHost")]
[OutputType(typeof(RemediationPlan))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed class NewPassthruRemediationPlanCommand : EvidenceCmdlet
{
    /// <summary>What makes one plan better than another.</summary>
    [Parameter]
    public PlanObjective Prefer { get; set; }

    /// <summary>Vectors to leave in every pool.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public int Headroom { get; set; }

    /// <summary>Virtual machines that must not be changed; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VMNameCompleter))]
    public string[]? ExcludeVM { get; set; }

    /// <summary>Devices that must not be changed, by host address such as 0000:08:00.0.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DeviceAddressCompleter))]
    public PciAddress[]? ExcludeDevice { get; set; }

    /// <summary>Least messages to leave a device; above 1, MSI is not switched off for any.</summary>
    [Parameter]
    [ValidateRange(1, 2048)]
    public int MinimumPerDevice { get; set; } = 1;

    /// <summary>Plans for the devices of VMs that are off as well.</summary>
    [Parameter]
    public SwitchParameter IncludePoweredOff { get; set; }

    /// <inheritdoc/>
    protected override void Answer(HostEvidence host)
    {
        var patterns = (ExcludeVM ?? []).Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase)).ToList();
        var plan = RemediationPlanner.Plan(host, new RemediationOptions
        {
            Prefer = Prefer,
            Headroom = Headroom,
            IncludePoweredOff = IncludePoweredOff,
            IsVMExcluded = name => patterns.Exists(pattern => pattern.IsMatch(name)),
            ExcludedDevices = ExcludeDevice ?? [],
            MinimumPerDevice = MinimumPerDevice,
        }, StopToken);
        WriteObject(plan);
    }
}
