using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vectors;

/// <summary>What a configuration maximum counts.</summary>
public enum ConfigMaximumItem
{
    /// <summary>Passthrough devices in use on a host.</summary>
    PassthruDevicesPerHost,

    /// <summary>Passthrough devices of a VM.</summary>
    PassthruDevicesPerVM,

    /// <summary>SR-IOV virtual functions in use on a host.</summary>
    VirtualFunctionsPerHost,
}

/// <summary>One count against the vendor's maximum.</summary>
public sealed record ConfigMaximum
{
    /// <summary>Host.</summary>
    public required string HostName { get; init; }

    /// <summary>Virtual machine; null for the host's own maxima.</summary>
    public string? VM { get; init; }

    /// <summary>What is counted.</summary>
    public required ConfigMaximumItem Item { get; init; }

    /// <summary>How many there are.</summary>
    public required int Count { get; init; }

    /// <summary>How many the vendor allows; null where no source says.</summary>
    public int? Maximum => MaximumFigure.Value;

    /// <summary>Where <see cref="Maximum"/> comes from.</summary>
    public required Figure MaximumFigure { get; init; }

    /// <summary>Whether the count is allowed; null where no source says.</summary>
    public bool? IsWithin => MaximumFigure.Value is { } maximum ? Count <= maximum : null;

    /// <summary>The document.</summary>
    public string? Source => MaximumFigure.Evidence.Count > 0 ? MaximumFigure.Evidence[0].Source : null;

    /// <summary>How sure the maximum is.</summary>
    public Provenance Provenance => MaximumFigure.Provenance;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{VM ?? HostName} {Item}: {Count} of {Maximum?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}");
}

/// <summary>Compares a host with the vendor's configuration maxima. Being within them proves nothing about vectors.</summary>
public static class ConfigMaximumChecker
{
    private const string Kb = "KB 309986";

    /// <summary>A row for the host's devices, one for its virtual functions, one for each VM with passthrough devices.</summary>
    /// <param name="host">Evidence.</param>
    public static IReadOnlyList<ConfigMaximum> Check(HostEvidence host)
    {
        var devices = DemandCalculator.Compute(host, includePoweredOff: true);
        var inUse = devices.Where(device => device.PowerState is VMPowerState.PoweredOn or VMPowerState.Unknown && (device.VM is not null || device.IsCounted)).ToList();
        var rows = new List<ConfigMaximum>
        {
            new()
            {
                HostName = host.HostName,
                Item = ConfigMaximumItem.PassthruDevicesPerHost,
                Count = inUse.Count(device => device.Kind != PassthruSlotKind.SriovVf),
                MaximumFigure = PerHost(host.Version),
            },
        };
        if (inUse.Exists(device => device.Kind == PassthruSlotKind.SriovVf))
        {
            rows.Add(new ConfigMaximum
            {
                HostName = host.HostName,
                Item = ConfigMaximumItem.VirtualFunctionsPerHost,
                Count = inUse.Count(device => device.Kind == PassthruSlotKind.SriovVf),
                MaximumFigure = VirtualFunctions(host.Version),
            });
        }

        foreach (var vm in devices.Where(device => device.VM is not null).GroupBy(device => device.VM, StringComparer.Ordinal))
        {
            rows.Add(new ConfigMaximum
            {
                HostName = host.HostName,
                VM = vm.Key,
                Item = ConfigMaximumItem.PassthruDevicesPerVM,
                Count = vm.Count(),
                MaximumFigure = PerVM(host, host.VMs?.FirstOrDefault(each => each.Name == vm.Key)?.HardwareVersion),
            });
        }

        return rows;
    }

    private static Figure PerHost(EsxVersion? version) => version switch
    {
        { Major: 5, Minor: 0 } => Documented(8, "Configuration Maximums, vSphere 5.0"),
        { Major: 5, Minor: 1 } => Figure.Of(8, Provenance.Assumed, "Told by a third party of the vSphere 5.1 maxima.", new SourceReference("Configuration Maximums, vSphere 5.1, second hand")),
        _ => Figure.Unknown("No published figure for this version is known here."),
    };

    private static Figure VirtualFunctions(EsxVersion? version) => version switch
    {
        { Major: 6, Minor: 0 } => Documented(1024, "Configuration Maximums, vSphere 6.0"),
        _ => Figure.Unknown("No published figure for this version is known here."),
    };

    /// <summary>The host's own word where it holds for the VM's hardware version; of an older one no more than that.</summary>
    private static Figure PerVM(HostEvidence host, int? hardware)
    {
        var published = PerVM(host.Version, hardware);
        if (host.VMLimit is not { } own) return published;
        return hardware is null || own.HardwareVersion is null || hardware < own.HardwareVersion
            ? published.Value <= own.Devices ? published : Figure.Of(own.Devices, Provenance.Inferred, "What the host gives to a VM of its newest hardware version; one of an older has this at most.", OwnWord(host))
            : Figure.Of(own.Devices, Provenance.Measured, "What the host itself says that it gives to a VM.", OwnWord(host));
    }

    private static SourceReference OwnWord(HostEvidence host) => new(host.Source + " numPCIPassthroughDevices");

    private static Figure PerVM(EsxVersion? version, int? hardware)
    {
        // A VM keeps the limit of its hardware version on a newer host.
        if (version is { Major: >= 7 } && hardware is < 20) return Documented(16, Kb);
        return version switch
        {
            { Major: 4, Minor: 0 } => Documented(2, "vSphere 4 documentation, fixed passthrough"),
            { Major: 5, Minor: 0 } => Documented(4, "Configuration Maximums, vSphere 5.0"),
            { Major: 6, Minor: 0 } => Documented(16, "Configuration Maximums, vSphere 6.0"),
            { Major: 6 } => Figure.Of(16, Provenance.Inferred, "The figure for hardware versions 13 to 19.", new SourceReference(Kb)),
            { Major: 7 } => Documented(16, Kb),
            { Major: 8, Minor: 0, Update: 0 } => Documented(32, Kb),
            { Major: 8, Minor: 0, Update: 1 } => Documented(64, Kb),
            { Major: 8, Minor: 0, Update: 2 } => hardware is 20 ? Documented(64, Kb) : Documented(128, Kb),
            { Major: 8 } => Figure.Of(128, Provenance.Inferred, "The figure for 8.0 U2; none is published for this update.", new SourceReference(Kb)),
            _ => Figure.Unknown("No published figure for this version is known here."),
        };
    }

    private static Figure Documented(int value, string source) => Figure.Of(value, Provenance.Documented, "Published maximum.", new SourceReference(source));
}
