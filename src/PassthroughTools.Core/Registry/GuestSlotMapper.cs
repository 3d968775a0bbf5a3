using PassthroughTools.Vmx;

namespace PassthroughTools.Registry;

/// <summary>How sure it is which device instance of the guest is behind a slot.</summary>
public enum GuestSlotCertainty
{
    /// <summary>No instance of the guest has the slot's identifiers, or the slot has none.</summary>
    None,

    /// <summary>Several are possible, with different settings.</summary>
    Ambiguous,

    /// <summary>Concluded from the order of the guest's buses and of the slots.</summary>
    Inferred,

    /// <summary>Which instance it is can't be told, but all candidates have the same settings, so the slot's settings are certain.</summary>
    Interchangeable,

    /// <summary>One instance and one slot have these identifiers, or they are at the same place of the guest's buses.</summary>
    Certain,
}

/// <summary>A slot with the guest's device behind it.</summary>
public sealed record GuestSlotMatch
{
    /// <summary>Slot of the .vmx.</summary>
    public required PassthruSlot Slot { get; init; }

    /// <summary>The device instance, where one can be named.</summary>
    public GuestMsiSetting? Setting { get; init; }

    /// <summary>All instances that it may be.</summary>
    public IReadOnlyList<GuestMsiSetting> Candidates { get; init; } = [];

    /// <summary>How sure it is.</summary>
    public GuestSlotCertainty Certainty { get; init; }

    /// <summary>True when the settings that apply to the slot are sure, whichever instance it is.</summary>
    public bool AreSettingsCertain => Certainty is GuestSlotCertainty.Certain or GuestSlotCertainty.Interchangeable;

    /// <summary>The reasoning in words.</summary>
    public string Explanation { get; init; } = "";
}

/// <summary>Slots with the guest's devices, and the devices that belong to no slot.</summary>
public sealed record GuestSlotMap
{
    /// <summary>A match for each slot, in the order given.</summary>
    public IReadOnlyList<GuestSlotMatch> Slots { get; init; } = [];

    /// <summary>Instances whose identifiers no slot has: emulated devices, or devices that were taken away.</summary>
    public IReadOnlyList<GuestMsiSetting> Unmatched { get; init; } = [];
}

/// <summary>Finds out which device instance of a guest stands behind which slot of its VM. Never guesses: what isn't sure is labelled.</summary>
public static class GuestSlotMapper
{
    /// <summary>Maps one VM.</summary>
    /// <param name="settings">The guest's device instances.</param>
    /// <param name="slots">The VM's slots.</param>
    public static GuestSlotMap Map(IReadOnlyList<GuestMsiSetting> settings, IReadOnlyList<PassthruSlot> slots)
    {
        // Any instance may belong to a slot that does not name its device. Not so an SR-IOV network adapter's: its virtual function has identifiers of its own.
        var hasUnknown = slots.Any(slot => slot.Present && slot.Kind != PassthruSlotKind.SriovVf && !IsUsable(slot));
        var matches = new Dictionary<PassthruSlot, GuestSlotMatch>();
        foreach (var group in slots.Where(IsUsable).GroupBy(slot => (slot.VendorId, slot.DeviceId)))
        {
            var candidates = settings.Where(setting => (setting.VendorId, setting.DeviceId) == group.Key && setting.IsPresent != false).ToList();
            var present = group.OrderBy(slot => slot.Slot).ToList();
            foreach (var match in MatchPlaces(present, candidates, slots).Concat(Match(present, candidates, hasUnknown))) matches[match.Slot] = match;
        }

        var identifiers = new HashSet<(ushort?, ushort?)>(slots.Where(IsUsable).Select(slot => (slot.VendorId, slot.DeviceId)));
        return new GuestSlotMap
        {
            Slots = [.. slots.Select(slot => matches.TryGetValue(slot, out var match) ? match : NoMatch(slot, Reason(slot)))],
            Unmatched = [.. settings.Where(setting => !identifiers.Contains((setting.VendorId, setting.DeviceId)))],
        };
    }

    /// <summary>The settings with their slots, where these are certain, and the reasoning in words.</summary>
    /// <param name="settings">The guest's device instances.</param>
    /// <param name="slots">The VM's slots; null where they are not known.</param>
    public static IReadOnlyList<GuestMsiSetting> Number(IReadOnlyList<GuestMsiSetting> settings, IReadOnlyList<PassthruSlot>? slots)
    {
        if (slots is null) return settings;
        var matches = Map(settings, slots).Slots;
        return [.. settings.Select(setting => Number(setting, matches.Where(match => match.Setting?.InstanceId == setting.InstanceId || match.Candidates.Contains(setting)).ToList()))];
    }

    /// <summary>The slot that puts a device at a place of the guest's buses, with its explanation.</summary>
    /// <param name="slots">The VM's slots.</param>
    /// <param name="path">Place, as <see cref="PassthruSlot.GuestPath"/>; null where the guest does not tell.</param>
    /// <param name="vendor">Vendor identifier of the device.</param>
    /// <param name="device">Device identifier.</param>
    public static (int? Slot, string Note) ByPlace(IReadOnlyList<PassthruSlot> slots, string? path, ushort? vendor, ushort? device)
    {
        var alike = slots.Where(slot => IsUsable(slot) && (slot.VendorId, slot.DeviceId) == (vendor, device)).ToList();
        if (alike.Count == 0) return (null, "no slot of the VM names this device");
        if (path is null) return (null, "the guest does not tell where the device is plugged in");
        var there = slots.Where(slot => slot.Present && slot.GuestPath == path).ToList();
        return there.Count != 1 || !alike.Contains(there[0]) ? (null, "no slot of the VM is known to be at " + path)
            : there[0].IsSlotInferred ? (null, InferredNumber)
            : (there[0].Slot, AtPlace + path);
    }

    private const string AtPlace = "the slot's pciSlotNumber and the guest both say ";
    private const string InferredNumber = "which N its pciPassthruN has is itself a guess";

    private static GuestMsiSetting Number(GuestMsiSetting setting, List<GuestSlotMatch> matches)
    {
        if (setting.IsPresent == false) return setting with { SlotNote = "the device is not present" };
        if (matches.Count == 0) return setting with { SlotNote = "no slot of the VM names this device" };
        var own = matches.Find(match => match is { Certainty: GuestSlotCertainty.Certain, Setting: not null });
        return own is null ? setting with { SlotNote = matches[0].Explanation }
            : own.Slot.IsSlotInferred ? setting with { SlotNote = InferredNumber }
            : setting with { Slot = own.Slot.Slot, SlotNote = own.Explanation };
    }

    private static bool IsUsable(PassthruSlot slot) => slot is { Present: true, VendorId: not null, DeviceId: not null };

    private static string Reason(PassthruSlot slot) =>
        slot.Present ? "the slot does not name vendor and device" : "the slot is not present";

    /// <summary>Takes out what is at the same place on both sides, and nothing else is.</summary>
    private static List<GuestSlotMatch> MatchPlaces(List<PassthruSlot> slots, List<GuestMsiSetting> candidates, IReadOnlyList<PassthruSlot> all)
    {
        var found = new List<GuestSlotMatch>();
        foreach (var slot in slots.Where(slot => slot.GuestPath is { } place && all.Count(other => other.Present && other.GuestPath == place) == 1))
        {
            if (candidates.FindAll(candidate => candidate.BusPath == slot.GuestPath) is [var there])
                found.Add(new GuestSlotMatch { Slot = slot, Setting = there with { Slot = slot.Slot }, Candidates = [there], Certainty = GuestSlotCertainty.Certain, Explanation = AtPlace + slot.GuestPath });
        }

        slots.RemoveAll(slot => found.Exists(match => match.Slot == slot));
        candidates.RemoveAll(candidate => found.Exists(match => match.Candidates[0] == candidate));
        return found;
    }

    private static IEnumerable<GuestSlotMatch> Match(List<PassthruSlot> slots, List<GuestMsiSetting> candidates, bool hasUnknown)
    {
        if (slots.Count == 0) return [];
        if (candidates.Count == 0) return slots.Select(slot => NoMatch(slot, "the guest has no device with these identifiers"));
        var ids = $"{slots[0].VendorId:x4}:{slots[0].DeviceId:x4}";
        var counts = $"{Count(candidates.Count, "instance")} in the guest and {Count(slots.Count, "slot")} have {ids}";
        var same = candidates.TrueForAll(candidate => SameSettings(candidate, candidates[0]));
        if (candidates.Count < slots.Count)
            return slots.Select(slot => Unsure(slot, counts + ": a device was not found by the guest, or the export is older"));
        if (candidates.Count > slots.Count)
        {
            var leftovers = counts + ": some are leftovers of earlier devices";
            return slots.Select(slot => same
                ? Unsure(slot, leftovers + ", but all have the same settings", GuestSlotCertainty.Interchangeable)
                : Unsure(slot, leftovers + ", and their settings differ"));
        }

        if (slots.Exists(slot => slot.GuestPath is not null) && candidates.Exists(candidate => candidate.BusPath is not null))
            return slots.Select(slot => Unsure(slot, counts + ", and their places in the guest are not those that pciSlotNumber says"));
        if (slots.Count == 1)
        {
            return hasUnknown
                ? [Sure(slots[0], candidates[0], GuestSlotCertainty.Inferred, counts + ", but another slot does not name its device")]
                : [Sure(slots[0], candidates[0], GuestSlotCertainty.Certain, counts)];
        }

        if (same && !hasUnknown) return slots.Select(slot => Unsure(slot, counts + ", all with the same settings", GuestSlotCertainty.Interchangeable));
        if (hasUnknown || !InOrder(slots) || candidates.Exists(candidate => candidate.GuestLocation is null)
            || candidates.Select(candidate => candidate.GuestLocation).Distinct().Count() < candidates.Count)
        {
            return slots.Select(slot => Unsure(slot, counts + ", and their order can't be told"));
        }

        var ordered = candidates.OrderBy(candidate => candidate.GuestLocation).ToList();
        return slots.Select((slot, i) =>
            Sure(slot, ordered[i], GuestSlotCertainty.Inferred, counts + "; taken in the order of the guest's buses"));

        GuestSlotMatch Unsure(PassthruSlot slot, string why, GuestSlotCertainty certainty = GuestSlotCertainty.Ambiguous) =>
            new() { Slot = slot, Candidates = candidates, Certainty = certainty, Explanation = why };
        GuestSlotMatch Sure(PassthruSlot slot, GuestMsiSetting setting, GuestSlotCertainty certainty, string why) =>
            new() { Slot = slot, Setting = setting with { Slot = slot.Slot }, Candidates = [setting], Certainty = certainty, Explanation = why };
    }

    /// <summary>Where the .vmx gives the slots' places on the guest's bus, they must rise with N for the order to mean anything.</summary>
    private static bool InOrder(List<PassthruSlot> slots)
    {
        var places = slots.ConvertAll(slot => slot.PciSlotNumber);
        return places.TrueForAll(place => place is null)
            || Enumerable.Range(1, places.Count - 1).All(i => places[i - 1] is { } before && places[i] is { } after && before < after);
    }

    private static bool SameSettings(GuestMsiSetting one, GuestMsiSetting other) =>
        one.MsiSupported == other.MsiSupported && one.MessageNumberLimit == other.MessageNumberLimit
        && one.Unreadable.Count == 0 && other.Unreadable.Count == 0 && one.WrongType.Count == 0 && other.WrongType.Count == 0;

    private static GuestSlotMatch NoMatch(PassthruSlot slot, string why) => new() { Slot = slot, Explanation = why };

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
