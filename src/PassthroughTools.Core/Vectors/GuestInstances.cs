using PassthroughTools.Registry;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vectors;

/// <summary>The device instances of a Windows guest that may stand behind one slot of its VM.</summary>
/// <param name="Instances">Instances; empty where the guest lists none, or fewer than there are slots.</param>
/// <param name="IsShared">True when the same instances stand for several slots, because which is which is not known and there are more than slots.</param>
/// <param name="IsInterchangeable">True when an instance was chosen among several for slots that are alike: the sum over all of them is right.</param>
/// <param name="IsIncomplete">True when the guest lists fewer instances than the VM has slots.</param>
internal sealed record GuestInstances(IReadOnlyList<GuestMsiSetting> Instances, bool IsShared, bool IsInterchangeable, bool IsIncomplete)
{
    /// <summary>Nothing is known of the guest.</summary>
    public static readonly GuestInstances None = new([], false, false, false);

    /// <summary>True when the one instance is this slot's for sure.</summary>
    public bool IsCertain => Instances.Count == 1 && !IsShared && !IsInterchangeable;

    /// <summary>
    /// Assigns instances to slots: by the slot where it is known of the instance, the others by hardware identifier. As many instances as alike slots are
    /// taken one each, since the sum is the same however they are assigned; where there are more, all of them stand for every slot, since the stale
    /// instance of a slot used earlier can't be told from a live one.
    /// </summary>
    /// <param name="settings">The guest's instances; null when not given.</param>
    /// <param name="slots">The VM's slots.</param>
    /// <param name="idsOf">Vendor and device identifier of a slot.</param>
    /// <param name="asksOf">Vectors that a slot's driver asks for.</param>
    public static IReadOnlyDictionary<int, GuestInstances> Assign(
        IReadOnlyList<GuestMsiSetting>? settings, IReadOnlyList<PassthruSlot> slots, Func<PassthruSlot, (ushort? Vendor, ushort? Device)> idsOf, Func<PassthruSlot, int?> asksOf)
    {
        var result = slots.ToDictionary(slot => slot.Slot, _ => None);
        if (settings is not { Count: > 0 }) return result;
        foreach (var group in slots.GroupBy(idsOf))
        {
            var (vendor, device) = group.Key;
            var like = group.OrderBy(slot => slot.Slot).ToList();
            var instances = settings
                .Where(each => each.VendorId == vendor && each.DeviceId == device && each.IsPresent != false)
                .OrderBy(each => each.GuestLocation).ThenBy(each => each.InstanceId, StringComparer.OrdinalIgnoreCase)
                .ToList();
            if (vendor is null || device is null || instances.Count == 0) continue;

            // What is known by its slot is nobody else's.
            foreach (var slot in like.ToList())
            {
                if (instances.FindAll(each => each.Slot == slot.Slot) is not [var own]) continue;
                result[slot.Slot] = new GuestInstances([own], false, false, false);
                like.Remove(slot);
                instances.Remove(own);
            }

            var areAlike = instances.Count == like.Count && like.Select(slot => (asksOf(slot), slot.MsiEnabled)).Distinct().Count() == 1;
            for (var i = 0; i < like.Count; i++)
            {
                result[like[i].Slot] =
                    instances.Count < like.Count ? new GuestInstances([], false, false, true)
                    : areAlike ? new GuestInstances([instances[i]], false, like.Count > 1, false)
                    : new GuestInstances(instances, like.Count > 1 || instances.Count > 1, false, false);
            }
        }

        return result;
    }
}
