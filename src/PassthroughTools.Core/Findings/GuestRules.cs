using PassthroughTools.Evidence;
using PassthroughTools.Pci;
using PassthroughTools.Registry;
using PassthroughTools.Text;
using PassthroughTools.Vectors;
using PassthroughTools.Vmx;

namespace PassthroughTools.Findings;

/// <summary>Interrupt settings in the registry of Windows guests, for the devices that are passed through.</summary>
internal static class GuestRules
{
    public static IEnumerable<FindingDraft> LegacyMsiEnabled(FindingContext context)
    {
        foreach (var group in Groups(context))
        {
            var found = group.Instances.FindAll(each => each.LegacyMsiEnabled is not null);
            if (found.Count == 0) continue;
            yield return Draft(
                context, group, found, each => "MSIEnabled = " + (each.LegacyMsiEnabled == true ? "1" : "0"), FindingSeverity.Warning, Provenance.Documented,
                $"{Count(found, group)} of {group.Name} have a value MSIEnabled, which guides give from memory. Windows documents no such value; MSISupported is the one that switches MSI and MSI-X.",
                "Set MSISupported instead (Set-GuestMsiSetting), restart the guest, and remove MSIEnabled.");
        }
    }

    public static IEnumerable<FindingDraft> MsiSupportedAbsent(FindingContext context)
    {
        foreach (var group in Groups(context))
        {
            var found = group.Instances.FindAll(each => each.MsiSupported is null && !each.Unreadable.Contains("MSISupported", StringComparer.OrdinalIgnoreCase));
            if (found.Count == 0) continue;
            yield return Draft(
                context, group, found, _ => "MSISupported is absent", FindingSeverity.Information, Provenance.Unknown,
                $"{Count(found, group)} of {group.Name} have no value MSISupported: the registry does not tell whether the driver runs the device with MSI or MSI-X. The log or the hardware decides what is counted.",
                "Nothing, unless MSI is to be switched off or limited; then write the value (Set-GuestMsiSetting).");
        }
    }

    public static IEnumerable<FindingDraft> MsiSupportedOff(FindingContext context)
    {
        foreach (var group in Groups(context))
        {
            var found = group.Instances.FindAll(each => each.MsiSupported == false);
            if (found.Count == 0) continue;
            yield return Draft(
                context, group, found, _ => "MSISupported = 0", FindingSeverity.Information, Provenance.Documented,
                $"MSI is switched off for {Count(found, group)} of {group.Name}: such a device takes one line-based interrupt.",
                "Where the budget allows it, MSISupported = 1 with a MessageNumberLimit keeps MSI-X with few vectors (Set-GuestMsiSetting); verify that the driver takes the limit.");
        }
    }

    public static IEnumerable<FindingDraft> LimitAboveHardware(FindingContext context)
    {
        foreach (var group in Groups(context))
        {
            var tables = group.Slots.Select(slot => context.Host.FindConfigSpace(slot.Address) is { } config ? config.MsiXTableSize ?? config.MsiVectors : null).Distinct().ToList();
            var table = tables.Count == 1 ? tables[0] : null;
            var found = group.Instances.FindAll(each => each.MessageNumberLimit > (each.InterruptMessageMaximum ?? table));
            if (found.Count == 0) continue;
            yield return Draft(
                context, group, found, each => $"MessageNumberLimit = {each.MessageNumberLimit}, the hardware offers {each.InterruptMessageMaximum ?? table}",
                FindingSeverity.Information, Provenance.Measured,
                $"MessageNumberLimit of {Count(found, group)} of {group.Name} is above what the hardware offers, so it limits nothing.",
                "Set a limit below that number, or remove it.");
        }
    }

    public static IEnumerable<FindingDraft> LimitExceededInLog(FindingContext context)
    {
        foreach (var (vm, slot) in context.Slots)
        {
            if (context.DemandOf(vm, slot) is not { MessageNumberLimit: { } limit, RequestedFigure: { Provenance: Provenance.Measured, Value: { } asked } figure } || asked <= limit) continue;
            var settings = (vm.GuestSettings ?? []).Where(each => each.MessageNumberLimit == limit).Take(4);
            yield return new FindingDraft(
                FindingSeverity.Information, Provenance.Inferred,
                $"The latest request in the log is for {Wording.Count(asked, "vector")}, and the guest's MessageNumberLimit is {limit}. Either the limit was set after that start of the guest, or the driver does not honour it; the evidence does not tell which.",
                "Restart the guest and look at the request again. A driver that still asks for more has to be switched to MSISupported = 0, or limited by means of its own.")
            {
                VM = vm.Name, Slot = slot.Slot, Device = slot.Address,
                Evidence = [.. figure.Evidence, .. settings.Select(each => context.Reference(vm, each, $"MessageNumberLimit = {limit}"))],
            };
        }
    }

    public static IEnumerable<FindingDraft> StaleInstances(FindingContext context)
    {
        foreach (var group in Groups(context))
        {
            // A slot without identifiers may be the one that an instance belongs to.
            if (group.Instances.Count <= group.Slots.Count || group.VM.Slots!.Any(slot => slot.Present && slot.Kind == PassthruSlotKind.Unknown)) continue;
            var differ = Differ(group.Instances);
            yield return Draft(
                context, group, group.Instances, Describe, differ ? FindingSeverity.Warning : FindingSeverity.Information, Provenance.Inferred,
                $"The guest lists {group.Instances.Count} instances of {group.Name} for {group.Slots.Count} slots: some are left over from earlier slots, which an export does not tell apart."
                + (differ ? " They are set differently, so which setting holds is not known; the most permissive one is counted." : " They are all set alike."),
                "Set all instances alike (Set-GuestMsiSetting), or remove the absent devices in the guest.");
        }
    }

    public static IEnumerable<FindingDraft> MissingInstances(FindingContext context)
    {
        foreach (var group in Groups(context))
        {
            if (group.Instances.Count >= group.Slots.Count) continue;
            yield return Draft(
                context, group, group.Instances, Describe, FindingSeverity.Warning, Provenance.Measured,
                $"The guest lists {group.Instances.Count} instances of {group.Name} for {group.Slots.Count} slots: the guest does not see a device, or the export is older than the slots. Its limits are not counted.",
                "Export Enum\\PCI again while the VM runs with all its devices; a device that was added anew starts without its earlier settings.");
        }
    }

    public static IEnumerable<FindingDraft> UnequalInstances(FindingContext context)
    {
        foreach (var group in Groups(context))
        {
            if (group.Instances.Count != group.Slots.Count || !Differ(group.Instances)) continue;
            yield return Draft(
                context, group, group.Instances, Describe, FindingSeverity.Information, Provenance.Measured,
                $"The {group.Instances.Count} instances of {group.Name} are set differently. That may be meant, or one has lost its setting: a driver's update or a changed slot starts with the driver's own.",
                "If it is not meant, set all instances alike (Set-GuestMsiSetting).");
        }
    }

    private static string Describe(GuestMsiSetting each) =>
        $"MSISupported {(each.MsiSupported switch { true => "= 1", false => "= 0", null => "absent" })}, MessageNumberLimit {(each.MessageNumberLimit is { } limit ? "= " + limit : "absent")}";

    private static bool Differ(List<GuestMsiSetting> instances) =>
        instances.Select(each => (each.MsiSupported, each.MessageNumberLimit)).Distinct().Count() > 1;

    private static string Count(List<GuestMsiSetting> found, Group group) =>
        found.Count == group.Instances.Count && found.Count == 1 ? "the instance" : $"{found.Count} of {group.Instances.Count} instances";

    private static FindingDraft Draft(
        FindingContext context, Group group, List<GuestMsiSetting> instances, Func<GuestMsiSetting, string> text, FindingSeverity severity, Provenance provenance, string message, string advice) =>
        new(severity, provenance, message, advice)
        {
            VM = group.VM.Name,
            Slot = group.Slots.Count == 1 ? group.Slots[0].Slot : null,
            Device = group.Slots.Count == 1 ? group.Slots[0].Address : null,
            Evidence = instances.Count > 0
                ? [.. instances.Select(each => context.Reference(group.VM, each, text(each)))]
                : [.. group.Slots.Select(slot => context.KeyReference(group.VM, slot, "deviceId"))],
        };

    /// <summary>Slots of a VM with the same identifiers, and the guest's instances that have them too.</summary>
    private static IEnumerable<Group> Groups(FindingContext context)
    {
        foreach (var vm in context.VMs)
        {
            if (vm.GuestSettings is not { Count: > 0 } settings || vm.Slots is null) continue;
            var slots = vm.Slots.Where(slot => slot is { Present: true, Kind: PassthruSlotKind.Passthrough });
            foreach (var group in slots.GroupBy(slot => context.DemandOf(vm, slot) is { } row ? (row.VendorId, row.DeviceId) : (slot.VendorId, slot.DeviceId)))
            {
                if (group.Key is not ({ } vendor, { } device)) continue;
                var instances = settings.Where(each => each.VendorId == vendor && each.DeviceId == device && each.IsPresent != false).ToList();
                yield return new Group(vm, $"{vendor:x4}:{device:x4}", [.. group.OrderBy(slot => slot.Slot)], instances);
            }
        }
    }

    private sealed record Group(VMEvidence VM, string Name, IReadOnlyList<PassthruSlot> Slots, List<GuestMsiSetting> Instances);
}
