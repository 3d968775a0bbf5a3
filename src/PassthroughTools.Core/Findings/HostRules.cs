using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Text;
using PassthroughTools.Vectors;
using PassthroughTools.Vmx;

namespace PassthroughTools.Findings;

/// <summary>Kernel settings of the host and owners of its devices.</summary>
internal static class HostRules
{
    private const int DefaultFirstMsixVector = 0x70;
    private const int LastMsixVector = 0xf0;
    private const int MostCookies = 4096;

    /// <summary>Settings that bear on interrupts or on passthrough.</summary>
    private static readonly HashSet<string> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        "maxIntrCookies", "intrFirstMsixVector", "iovDisableIR", "disableMSI", "disablePciPassthrough", "intrBalancingEnabled", "intrVectRetireTimeMS",
        "vtdEnablePostedIntr", "iovEnablePostedIntr", "vtdMaxDomains", "noIOMMU", "maxPCPUS", "disableACSCheck",
    };

    public static IEnumerable<FindingDraft> InterruptRemappingOff(FindingContext context)
    {
        if (context.Host.FindSetting("iovDisableIR") is not { } setting || HostText.Boolean(setting.Runtime ?? setting.Configured) != true) yield break;
        var isDefault = HostText.Boolean(setting.Default) == true;
        yield return new FindingDraft(
            isDefault ? FindingSeverity.Information : FindingSeverity.Warning, Provenance.Documented,
            "iovDisableIR is TRUE: interrupt remapping of the IOMMU is off" + (isDefault ? ", the default of this release." : ", and the default of this release is FALSE.")
            + " KB 2149592 ties that to interrupts on invalid vectors and crashes in older patches. Advisories of server vendors have asked for it as well as against it.",
            "Ask for the server's current advisory before changing it; a change needs a reboot. This module never changes it.")
        {
            Evidence = [context.Reference(setting)],
        };
    }

    public static IEnumerable<FindingDraft> SettingPending(FindingContext context)
    {
        foreach (var setting in (context.Host.KernelSettings ?? []).Where(each => each.RebootPending && Settings.Contains(each.Name)))
        {
            yield return new FindingDraft(
                FindingSeverity.Warning, Provenance.Measured,
                $"{setting.Name} is configured as {setting.Configured}, and the running host has {setting.Runtime}. The configured value takes effect with the next reboot; the budget goes by the running one.",
                $"Reboot the host, or set the value back: esxcli system settings kernel set -s {setting.Name} -v {setting.Runtime}")
            {
                Evidence = [context.Reference(setting)],
            };
        }
    }

    public static IEnumerable<FindingDraft> HostMsiDisabled(FindingContext context)
    {
        if (context.Host.FindSetting("disableMSI") is not { } setting || HostText.Boolean(setting.Runtime ?? setting.Configured) != true) yield break;
        yield return new FindingDraft(
            FindingSeverity.Warning, Provenance.Documented,
            "disableMSI is TRUE: by the setting's own description the whole host uses neither MSI nor MSI-X. The budget does not reckon with that.",
            "Find out why it was set. Without a reason: esxcli system settings kernel set -s disableMSI -v FALSE, then reboot the host.")
        {
            Evidence = [context.Reference(setting)],
        };
    }

    public static IEnumerable<FindingDraft> CookieLimitLow(FindingContext context)
    {
        if (context.Budget.Pools.FirstOrDefault(pool => pool.Pool == InterruptPool.InterruptCookies) is not { Capacity: > 0 and < MostCookies and int capacity } row) yield break;
        var seen = context.Budget.Exhaustions.Where(entry => entry.Kind == LogEventKind.CookiesExhausted).ToList();
        var setting = context.Host.FindSetting("maxIntrCookies");
        var isKnown = row.CapacityFigure.Provenance != Provenance.Assumed;
        var least = (row.HostUseFigure.Minimum ?? 0) + (row.DemandFigure.Minimum ?? 0);
        var likely = (row.HostUseFigure.Value ?? row.HostUseFigure.Minimum ?? 0) + (row.DemandFigure.Value ?? row.DemandFigure.Minimum ?? 0);
        var isOver = row.Verdict == BudgetVerdict.Exceeds || least > row.CapacityFigure.Maximum;
        if (seen.Count == 0 && !isOver && (!isKnown || likely < capacity - capacity / 4)) yield break;
        var limit = setting is not null ? $"maxIntrCookies is {capacity}"
            : isKnown ? $"maxIntrCookies is {capacity} by the default of this release (the host's own setting was not given)"
            : $"maxIntrCookies is {row.CapacityFigure.Minimum} or more (neither the host's setting nor its update is known)";
        var isPending = setting is { RebootPending: true, ConfiguredNumber: { } configured } && configured > capacity;
        yield return new FindingDraft(
            seen.Count > 0 || isOver ? FindingSeverity.Error : FindingSeverity.Warning,
            seen.Count > 0 ? Provenance.Documented : Provenance.Inferred,
            $"{limit}; host and passthrough devices take {least} or more."
            + (seen.Count > 0 ? $" Since the last boot the log says {Wording.Times(seen.Count)} that no interrupt number was free." : "")
            + " Every MSI, MSI-X or line-based interrupt is taken to need one.",
            isPending ? $"{setting!.Configured} are configured: reboot the host."
                : "Raise it, 4096 at the most (KB 312151): esxcli system settings kernel set -s maxIntrCookies -v 4096, then reboot the host. 4096 is the default from 8.0 U3 on.")
        {
            Evidence =
            [
                setting is null ? row.CapacityFigure.Evidence.Count > 0 ? row.CapacityFigure.Evidence[0] : new SourceReference("KB 312151") : context.Reference(setting),
                .. FindingContext.References(seen),
            ],
        };
    }

    public static IEnumerable<FindingDraft> FirstMsixVectorChanged(FindingContext context)
    {
        if (!context.IsAtLeast(8, 0, 1) || context.Host.FindSetting("intrFirstMsixVector") is not { } setting) yield break;
        if ((setting.RuntimeNumber ?? setting.ConfiguredNumber) is not (> DefaultFirstMsixVector and < LastMsixVector and long first)) yield break;
        yield return new FindingDraft(
            FindingSeverity.Warning, Provenance.Inferred,
            $"intrFirstMsixVector is 0x{first:x2}, not 0x70. KB 313395 asks for that on 7.0 U1 to 8.0 only; 8.0 U1 and later do not need it, and it leaves {LastMsixVector - first} instead of {LastMsixVector - DefaultFirstMsixVector} MSI-X vectors a CPU (the range's upper end is inferred).",
            "Set it back: esxcli system settings kernel set -s intrFirstMsixVector -v 0x70, then reboot the host.")
        {
            Evidence = [context.Reference(setting)],
        };
    }

    public static IEnumerable<FindingDraft> DeviceUnused(FindingContext context)
    {
        // A VM whose devices are not known, or are chosen at power-on, may be the one that uses it.
        if (context.Host.VMs is null || context.VMs.Any(vm => vm.Slots is null)) yield break;
        if (context.Slots.Any(pair => pair.Slot is { Kind: not PassthruSlotKind.SriovVf, Address: null, AddressIfHexadecimal: null })) yield break;
        var used = new HashSet<PciAddress>(context.Slots.SelectMany(pair => new[] { pair.Slot.Address, pair.Slot.AddressIfHexadecimal }).OfType<PciAddress>());
        var tied = new HashSet<PciAddress>((context.Host.PciDevices ?? []).Where(device => used.Contains(device.Address)).Select(device => device.DependentDevice ?? device.Address));
        foreach (var address in context.Budget.Devices.Where(row => row is { VM: null, IsCounted: false }).Select(row => row.Address).OfType<PciAddress>())
        {
            if (context.Host.FindDevice(address) is not { } device || used.Contains(address) || context.IsVirtualFunction(address)) continue;
            if (tied.Contains(device.DependentDevice ?? address)) continue;
            yield return new FindingDraft(
                FindingSeverity.Information, Provenance.Measured,
                $"{address} ({device.DeviceName ?? "no name"}) is set aside for passthrough, and no VM of the evidence uses it. It is not counted in the budget.",
                "Give it back to the host if no VM is to have it, or check that the evidence holds all VMs of the host.")
            {
                Device = address, Evidence = [context.Reference(device, $"{address}: Current Owner {Name(device.CurrentOwner)}")],
            };
        }
    }

    public static IEnumerable<FindingDraft> OwnerPending(FindingContext context)
    {
        foreach (var device in context.Host.PciDevices ?? [])
        {
            if (device.ConfiguredOwner == PciOwner.Unknown || device.CurrentOwner == PciOwner.Unknown || device.ConfiguredOwner == device.CurrentOwner) continue;
            var users = context.Slots.Where(pair => pair.Slot.Address == device.Address).ToList();
            var who = users.Count == 0 ? "" : $" It is in the configuration of {string.Join(", ", users.Select(user => user.VM.Name).Distinct())}.";
            yield return new FindingDraft(
                FindingSeverity.Warning, Provenance.Inferred,
                $"{device.Address} ({device.DeviceName ?? "no name"}) is configured for {Name(device.ConfiguredOwner)} and owned by {Name(device.CurrentOwner)}: the change is thought to wait for a reboot.{who}",
                "Reboot the host, or configure the device as it is owned now.")
            {
                VM = users.Count == 1 ? users[0].VM.Name : null, Slot = users.Count == 1 ? users[0].Slot.Slot : null, Device = device.Address,
                Evidence = [context.Reference(device, $"{device.Address}: Configured Owner {Name(device.ConfiguredOwner)}, Current Owner {Name(device.CurrentOwner)}")],
            };
        }
    }

    private static string Name(PciOwner owner) => owner == PciOwner.VMPassthru ? "VM Passthru" : owner.ToString();
}
