using PassthroughTools.Evidence;
using PassthroughTools.Registry;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vectors;

/// <summary>What the guest's registry allows one device.</summary>
internal sealed record GuestLimits(bool? MsiSupported, int? MessageNumberLimit, IReadOnlyList<SourceReference> Evidence, IReadOnlyList<string> Notes)
{
    /// <summary>Nothing is known, so nothing is limited.</summary>
    public static readonly GuestLimits None = new(null, null, [], []);

    /// <summary>
    /// Assigns the guest's device instances to the VM's slots. They can be matched by hardware identifier only. Where all instances of one
    /// identifier are set alike it does not matter which is which; where there are as many as slots and the slots are alike, the sum is the
    /// same however they are assigned; else the most permissive setting is taken for every slot, since the stale instance of a slot used
    /// earlier can't be told from a live one.
    /// </summary>
    /// <param name="vm">Virtual machine.</param>
    /// <param name="slots">Its slots.</param>
    /// <param name="idsOf">Vendor and device identifier of a slot.</param>
    /// <param name="asksOf">Vectors that a slot's driver asks for.</param>
    public static IReadOnlyDictionary<int, GuestLimits> Assign(
        VMEvidence vm, IReadOnlyList<PassthruSlot> slots, Func<PassthruSlot, (ushort? Vendor, ushort? Device)> idsOf, Func<PassthruSlot, int?> asksOf)
    {
        var result = slots.ToDictionary(slot => slot.Slot, _ => None);
        if (vm.GuestSettings is not { Count: > 0 } settings) return result;
        foreach (var group in slots.GroupBy(idsOf))
        {
            var (vendor, device) = group.Key;
            var like = group.ToList();
            var instances = settings.Where(each => each.VendorId == vendor && each.DeviceId == device).OrderBy(each => each.InstanceId, StringComparer.OrdinalIgnoreCase).ToList();
            if (vendor is null || device is null || instances.Count == 0) continue;
            var isSumTheSame = instances.Count == like.Count && like.Select(slot => (asksOf(slot), slot.MsiEnabled)).Distinct().Count() == 1;
            for (var i = 0; i < like.Count; i++)
            {
                var own = instances.Where(each => each.Slot == like[i].Slot).ToList();
                result[like[i].Slot] = own.Count == 1 ? Of(vm, own, false)
                    : isSumTheSame ? OneOf(vm, instances, i)
                    : Of(vm, instances, instances.Count < like.Count);
            }
        }

        return result;
    }

    private static GuestLimits OneOf(VMEvidence vm, List<GuestMsiSetting> instances, int index)
    {
        var limits = Of(vm, [instances[index]], false);
        return instances.TrueForAll(each => each.MsiSupported == instances[0].MsiSupported && each.MessageNumberLimit == instances[0].MessageNumberLimit)
            ? limits
            : limits with { Notes = ["The guest's instances of this device are set differently. Which one is this slot is not known; the sum over all of them is the same."] };
    }

    private static GuestLimits Of(VMEvidence vm, List<GuestMsiSetting> instances, bool someMissing)
    {
        var supported = instances.Select(each => each.MsiSupported).Distinct().ToList();
        var limits = instances.Select(each => each.MessageNumberLimit).Distinct().ToList();
        var notes = new List<string>();
        if (someMissing)
            return None with { Notes = ["The guest lists fewer instances of this device than the VM has slots: its limits are not taken into account."] };
        if (supported.Count > 1 || limits.Count > 1)
            notes.Add("The guest's instances of this device are set differently, and which one is this slot is not known: the most permissive setting counts.");

        // Off only when it is off for every instance; limited only when every instance is, by the largest limit.
        var off = supported.TrueForAll(value => value == false);
        var limit = limits.TrueForAll(value => value is > 0) ? limits.Max() : null;
        return new GuestLimits(
            off ? false : supported.Contains(true) ? true : null,
            off ? null : limit,
            [.. instances.Select(each => new SourceReference(vm.RegistryPath ?? vm.Name + " registry", null, each.InstanceId))],
            notes);
    }
}
