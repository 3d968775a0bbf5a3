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
    /// <summary>Exclusions that matched something; one that matches nothing protects nothing, which a typing error does not show.</summary>
    private readonly HashSet<object> _matched = [];
    private readonly List<string> _hosts = [];

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
        var (headroom, includePoweredOff) = AskedOf(host, Headroom, IncludePoweredOff);
        var plan = RemediationPlanner.Plan(host, new RemediationOptions
        {
            Prefer = Prefer,
            Headroom = headroom,
            IncludePoweredOff = includePoweredOff,
            IsVMExcluded = name => patterns.Exists(pattern => pattern.IsMatch(name)),
            ExcludedDevices = ExcludeDevice ?? [],
            MinimumPerDevice = MinimumPerDevice,
        }, StopToken);
        WriteObject(plan);

        _hosts.Add(host.HostName);
        foreach (var name in (ExcludeVM ?? []).Where(name => (host.VMs ?? []).Any(vm => new WildcardPattern(name, WildcardOptions.IgnoreCase).IsMatch(vm.Name)))) _matched.Add(name);
        foreach (var device in (ExcludeDevice ?? []).Where(device => plan.Before.Devices.Any(one => one.Address == device))) _matched.Add(device);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_hosts.Count == 0) return;
        var where = _hosts.Count == 1 ? _hosts[0] : FormattableString.Invariant($"the {_hosts.Count} hosts");
        foreach (var name in (ExcludeVM ?? []).Where(name => !_matched.Contains(name))) WriteWarning($"-ExcludeVM '{name}' matches no VM of {where}, and keeps none there from being changed.");
        foreach (var device in (ExcludeDevice ?? []).Where(device => !_matched.Contains(device)))
            WriteWarning($"-ExcludeDevice {device} is no passthrough device of {where}, and keeps none there from being changed. Addresses are hexadecimal.");
    }
}
