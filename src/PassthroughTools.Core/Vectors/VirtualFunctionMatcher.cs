using PassthroughTools.Evidence;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vectors;

/// <summary>
/// Finds the address of a VM's virtual function. The .vmx names only the physical function; its configuration space tells which addresses its
/// virtual functions have, and the log which of them asked for vectors. Where several VMs use virtual functions of one adapter, which request
/// is whose is not known: the sum is the same.
/// </summary>
internal static class VirtualFunctionMatcher
{
    /// <summary>Gives addresses to the slots of virtual functions, as far as requests in the log allow.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="requests">Devices that asked for vectors.</param>
    /// <returns>The VMs, with those slots' addresses filled in.</returns>
    public static IReadOnlyList<VMEvidence> Match(HostEvidence host, IEnumerable<PciAddress> requests)
    {
        var vms = host.VMs ?? [];
        if (!vms.Any(vm => vm.Slots?.Any(IsOpen) == true)) return vms;
        var taken = new HashSet<PciAddress>(vms.SelectMany(vm => vm.Slots ?? []).Select(slot => slot.Address).OfType<PciAddress>());
        var free = new SortedSet<PciAddress>(requests.Where(address => !taken.Contains(address)));
        var matched = vms.ToList();

        // What a VM that is on asked for must not be put down to one that is off and does not count.
        foreach (var i in Enumerable.Range(0, matched.Count).OrderBy(i => matched[i].PowerState is VMPowerState.PoweredOff or VMPowerState.Suspended))
        {
            if (matched[i].Slots is { } slots) matched[i] = matched[i] with { Slots = [.. slots.Select(slot => IsOpen(slot) ? Fill(host, slot, free) : slot)] };
        }

        return matched;
    }

    private static bool IsOpen(PassthruSlot slot) => slot is { Kind: PassthruSlotKind.SriovVf, Address: null, PhysicalFunction: not null, Present: true };

    private static PassthruSlot Fill(HostEvidence host, PassthruSlot slot, SortedSet<PciAddress> free)
    {
        foreach (var address in AddressesOf(host.FindConfigSpace(slot.PhysicalFunction)))
        {
            if (free.Remove(address)) return slot with { Address = address };
        }

        return slot;
    }

    /// <summary>Configuration space of any virtual function of a slot's adapter: they are all alike.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="slot">Slot of a virtual function.</param>
    public static PciConfigSpace? ConfigOfAny(HostEvidence host, PassthruSlot slot) =>
        AddressesOf(host.FindConfigSpace(slot.PhysicalFunction)).Select(address => host.FindConfigSpace(address)).FirstOrDefault(config => config is not null);

    /// <summary>Requests of the virtual functions of a slot's adapter.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="slot">Slot of a virtual function.</param>
    /// <param name="requests">The latest request of each device.</param>
    public static IEnumerable<PassthruLogEvent> RequestsOf(HostEvidence host, PassthruSlot slot, IReadOnlyDictionary<PciAddress, PassthruLogEvent> requests) =>
        AddressesOf(host.FindConfigSpace(slot.PhysicalFunction)).Where(requests.ContainsKey).Select(address => requests[address]);

    /// <summary>Addresses of a physical function's virtual functions: routing ID plus offset plus multiples of the stride.</summary>
    private static IEnumerable<PciAddress> AddressesOf(PciConfigSpace? physical)
    {
        if (physical?.Sriov is not { IsEnabled: true } sriov) yield break;
        var routing = (physical.Address.Bus << 8) | (physical.Address.Device << 3) | physical.Address.Function;
        for (var n = 0; n < sriov.NumVfs; n++)
        {
            var id = routing + sriov.VfOffset + n * sriov.VfStride;
            if (id > 0xffff) yield break;
            yield return new PciAddress(physical.Address.Segment, id >> 8, (id >> 3) & 0x1f, id & 7);
        }
    }
}
