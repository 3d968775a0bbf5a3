using PassthroughTools.Pci;
using PassthroughTools.Vectors;

namespace PassthroughTools.Planning;

/// <summary>What to change so that every pool of a host fits; a proposal until it is applied.</summary>
public sealed record RemediationPlan
{
    /// <summary>Identifier, the same for the same host and steps.</summary>
    public required string Id { get; init; }

    /// <summary>Host.</summary>
    public required string HostName { get; init; }

    /// <summary>What the plan prefers.</summary>
    public PlanObjective Prefer { get; init; }

    /// <summary>Headroom that it leaves in every pool.</summary>
    public int Headroom { get; init; }

    /// <summary>False when no choice of settings makes every pool fit.</summary>
    public bool IsFeasible { get; init; }

    /// <summary>True when no better plan exists by the preference; false when the search was cut short.</summary>
    public bool IsProvenOptimal { get; init; }

    /// <summary>Changes, in the order in which they are made; empty when nothing needs to be done or nothing helps.</summary>
    public IReadOnlyList<RemediationStep> Steps { get; init; } = [];

    /// <summary>Virtual machines that have to be restarted.</summary>
    public IReadOnlyList<string> VMs => [.. Steps.Select(step => step.VM).Distinct(StringComparer.Ordinal)];

    /// <summary>Budget as it is.</summary>
    public required HostVectorBudget Before { get; init; }

    /// <summary>Budget with all steps applied, as far as the evidence allows to tell.</summary>
    public required HostVectorBudget After { get; init; }

    /// <summary>What the plan takes for granted, and what has to be verified afterwards.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <summary>What can't be done from here but would help: other guests' own parameters, kernel settings, fewer devices.</summary>
    public IReadOnlyList<string> Advice { get; init; } = [];

    /// <summary>Vectors that are missing in each pool that can't be made to fit.</summary>
    public IReadOnlyList<PlanPoolShortfall> Shortfall { get; init; } = [];

    /// <summary>When the plan was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The host at its vSphere server; null where it was read from elsewhere. With <see cref="Source"/> it leads back to the host after remoting, which keeps no steps.</summary>
    public Vim.VimTarget? Vim => Before.Vim;

    /// <summary>Folder, archive or server that the evidence is from.</summary>
    public string? Source => Before.Source;

    /// <summary>The plan as text, the way the module's default view prints it.</summary>
    /// <param name="width">Columns of the console.</param>
    public string ToText(int width = 100) => Reports.PlanText.Render(this, width);

    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>One change of one setting.</summary>
public sealed record RemediationStep
{
    /// <summary>Place in the plan, from 1.</summary>
    public int Number { get; init; }

    /// <summary>Virtual machine.</summary>
    public required string VM { get; init; }

    /// <summary>The VM at its vSphere server (<c>vsphere://server/VirtualMachine-id</c>), where it is live; null where its files are changed.</summary>
    public string? VMPlace { get; init; }

    /// <summary>Device on the host; where the guest's instances can't be told apart, one of those that are alike.</summary>
    public PciAddress? Device { get; init; }

    /// <summary>What the plan does with the device.</summary>
    public required PlanAction Action { get; init; }

    /// <summary>Where the setting is.</summary>
    public required SettingKind Kind { get; init; }

    /// <summary>File (or machine) that holds it.</summary>
    public required string Container { get; init; }

    /// <summary>Key of a .vmx, or key and name of a registry value.</summary>
    public required string Key { get; init; }

    /// <summary>Value now; null when absent.</summary>
    public string? OldValue { get; init; }

    /// <summary>Value afterwards; null when absent.</summary>
    public string? NewValue { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Last part of the key: the name of the setting.</summary>
    public string ShortKey => Key.Substring(Key.LastIndexOf('\\') + 1);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{VM} {Device}: {ShortKey} {OldValue ?? "(absent)"} -> {NewValue ?? "(absent)"}");
}

/// <summary>Where a setting is kept.</summary>
public enum SettingKind
{
    /// <summary>A virtual machine's .vmx.</summary>
    Vmx,

    /// <summary>A Windows guest's registry, or an export of it.</summary>
    GuestRegistry,
}

/// <summary>What is asked of a plan.</summary>
public sealed record RemediationOptions
{
    /// <summary>What the plan prefers.</summary>
    public PlanObjective Prefer { get; init; }

    /// <summary>Vectors to leave in every pool.</summary>
    public int Headroom { get; init; }

    /// <summary>True to plan for the devices of VMs that are off as well.</summary>
    public bool IncludePoweredOff { get; init; }

    /// <summary>True for virtual machines that must not be changed.</summary>
    public Func<string, bool> IsVMExcluded { get; init; } = _ => false;

    /// <summary>Devices that must not be changed.</summary>
    public IReadOnlyCollection<PciAddress> ExcludedDevices { get; init; } = [];

    /// <summary>Least messages to leave a device that keeps MSI or MSI-X. Above 1, MSI is not switched off for any device.</summary>
    public int MinimumPerDevice { get; init; } = 1;
}
