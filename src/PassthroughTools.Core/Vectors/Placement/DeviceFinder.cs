using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vectors;

/// <summary>Tells which device of a host a VM's entry would get.</summary>
internal sealed class DeviceFinder(HostEvidence host, Dictionary<PciAddress, string> taken, Dictionary<PciAddress, int> functionsTaken)
{
    /// <summary>VMs that are suspended, by the devices that they had: whether the host keeps them for those nobody says.</summary>
    public IReadOnlyDictionary<PciAddress, string> Suspended { get; init; } = new Dictionary<PciAddress, string>();

    /// <summary>Whether a VM that is on has a virtual function of an adapter that is not known.</summary>
    public bool IsFunctionOfUnknownTaken { get; init; }

    /// <summary>The device, or what stands against it.</summary>
    /// <param name="Address">Device that it would get; null for a virtual function, which the host chooses.</param>
    /// <param name="Problem">What stands against it; null where nothing does.</param>
    /// <param name="Reason">In words.</param>
    internal readonly record struct Found(PciAddress? Address, PlacementProblemKind? Problem, string Reason);

    /// <summary>Finds the device.</summary>
    /// <param name="slot">Entry.</param>
    /// <param name="isHere">Whether the VM is registered on this host.</param>
    /// <param name="vendor">Vendor of the device on the VM's own host.</param>
    /// <param name="device">Device identifier there.</param>
    /// <param name="vm">VM that is to be started.</param>
    public Found Find(PassthruSlot slot, bool isHere, ushort? vendor, ushort? device, string vm) => slot switch
    {
        { IsDynamic: true } => Together(Assignable(slot, vendor, device), vm),
        { Kind: PassthruSlotKind.SriovVf } => VirtualFunction(slot),
        { Kind: PassthruSlotKind.Passthrough, Address: { } address } => Together(Fixed(address, isHere, vendor, device), vm),
        _ => new Found(null, PlacementProblemKind.Unknown, "which device of the host it would get is not known"),
    };

    private Found Fixed(PciAddress address, bool isHere, ushort? vendor, ushort? device)
    {
        if (taken.TryGetValue(address, out var user)) return new Found(null, PlacementProblemKind.DeviceTaken, $"{address} is in use by {user}{Like(vendor, device)}");
        if (Suspended.TryGetValue(address, out var sleeper)) return new Found(null, PlacementProblemKind.Unknown, $"{address} belongs to {sleeper}, which is suspended, and whether it is free meanwhile is not known");
        if (host.PciDevices is null) return new Found(null, PlacementProblemKind.Unknown, "the host's devices are not known");
        if (host.FindDevice(address) is not { } found) return new Found(null, PlacementProblemKind.NoSuchDevice, $"the host has no device at {address}{Like(vendor, device)}");
        if (!isHere && (vendor is null || device is null)) return new Found(null, PlacementProblemKind.Unknown, $"what device the VM expects at {address} is not known");
        if (!isHere && (found.VendorId != vendor || found.DeviceId != device))
            return new Found(null, PlacementProblemKind.NoSuchDevice, FormattableString.Invariant($"the host has another device at {address} ({found.VendorId:x4}:{found.DeviceId:x4}, not {vendor:x4}:{device:x4}){Like(vendor, device)}"));
        return IsSetAside(found) switch
        {
            true => new Found(address, null, ""),
            false => new Found(null, PlacementProblemKind.NotEnabled, $"{address} is there and not set aside for passthrough"),
            null => new Found(null, PlacementProblemKind.Unknown, $"whether {address} is set aside for passthrough is not known"),
        };
    }

    /// <summary>Devices of one dependency group go to one VM, unless the host says that they can be shared.</summary>
    private Found Together(Found found, string vm)
    {
        if (found.Address is not { } address || host.FindDevice(address) is not { DependentDevice: { } group, FptSharable: not true }) return found;
        var other = host.PciDevices!.FirstOrDefault(each => each.Address != address && (each.DependentDevice == group || each.Address == group) && taken.TryGetValue(each.Address, out var user) && user != vm);
        return other is null ? found
            : new Found(null, PlacementProblemKind.Unknown, $"{address} and {other.Address}, which {taken[other.Address]} has, depend on the same device ({group}), and whether they can be in different VMs is not known");
    }

    private Found Assignable(PassthruSlot slot, ushort? vendor, ushort? device)
    {
        if (slot.AllowedDevices is not { Count: > 0 } allowed) return new Found(null, PlacementProblemKind.Unknown, "which devices it may be assigned is not known");
        if (host.PciDevices is null) return new Found(null, PlacementProblemKind.Unknown, "the host's devices are not known");
        var all = host.PciDevices.Where(each => allowed.Any(kind => Meets(each, kind))).ToList();
        if (slot.HardwareLabel is { } label)
        {
            if (all.Count > 0 && !(host.PassthruDevices ?? []).Any(each => each.HardwareLabel is not null)) return new Found(null, PlacementProblemKind.Unknown, $"it asks for the label '{label}', and the labels of the host's devices are not known");
            all = all.FindAll(each => (host.PassthruDevices ?? []).Any(info => info.Address == each.Address && info.HardwareLabel == label));
        }

        if (all.Count == 0) return new Found(null, PlacementProblemKind.NoSuchDevice, "the host has no device of those that it may be assigned");
        var ready = all.FindAll(each => IsSetAside(each) == true);
        var free = ready.FindAll(each => !taken.ContainsKey(each.Address) && !Suspended.ContainsKey(each.Address));
        if (free.Count == 0 && ready.Exists(each => Suspended.ContainsKey(each.Address))) return new Found(null, PlacementProblemKind.Unknown, "what it may be assigned belongs to VMs that are suspended or on, and whether the former keep it is not known");
        if (free.Count == 0 && all.Exists(each => IsSetAside(each) is null)) return new Found(null, PlacementProblemKind.Unknown, "whether a device that it may be assigned is set aside is not known");
        if (ready.Count == 0) return new Found(null, PlacementProblemKind.NotEnabled, "no device that it may be assigned is set aside for passthrough");
        if (free.Count == 0) return new Found(null, PlacementProblemKind.DeviceTaken, "every device that it may be assigned is in use");

        // Kinds that differ may ask for different numbers of vectors; which one the host takes is its own choice.
        if (free.Select(each => (each.VendorId, each.DeviceId)).Distinct().Count() > 1)
            return new Found(null, PlacementProblemKind.Unknown, "devices of several kinds are free for it, and which one the host would choose is not known");
        return (free[0].VendorId, free[0].DeviceId) == (vendor, device) ? new Found(free[0].Address, null, "")
            : new Found(null, PlacementProblemKind.Unknown, "what is free for it is of another kind than it had, and what its driver asks for there is not known");
    }

    private Found VirtualFunction(PassthruSlot slot)
    {
        if (slot.PhysicalFunction is not { } physical) return new Found(null, PlacementProblemKind.Unknown, "the adapter that it takes a virtual function of is not known");
        var all = (host.PassthruDevices ?? []).FirstOrDefault(each => each.Address == physical)?.VirtualFunctions
            ?? (host.FindConfigSpace(physical)?.Sriov is { } sriov ? sriov.IsEnabled ? sriov.NumVfs : 0 : null);
        if (host.PciDevices is not null && host.FindDevice(physical) is null) return new Found(null, PlacementProblemKind.NoSuchDevice, $"the host has no adapter at {physical}");
        if (all is null) return new Found(null, PlacementProblemKind.Unknown, $"how many virtual functions {physical} has is not known");
        var used = functionsTaken.TryGetValue(physical, out var count) ? count : 0;
        if (all == 0) return new Found(null, PlacementProblemKind.NotEnabled, $"{physical} has no virtual functions enabled");
        if (IsFunctionOfUnknownTaken && used < all) return new Found(null, PlacementProblemKind.Unknown, $"a VM that is on has a virtual function of an adapter that is not known, so how many of {physical} are free is not known");
        if (used >= all) return new Found(null, PlacementProblemKind.DeviceTaken, FormattableString.Invariant($"all {all} virtual functions of {physical} are in use"));
        functionsTaken[physical] = used + 1;
        return default;
    }

    private static bool Meets(EsxcliPciDevice device, AllowedPassthruDevice kind) =>
        device.VendorId == kind.VendorId && device.DeviceId == kind.DeviceId
        && (kind.SubVendorId is null or 0 || device.SubVendorId == kind.SubVendorId) && (kind.SubDeviceId is null or 0 || device.SubDeviceId == kind.SubDeviceId);

    private bool? IsSetAside(EsxcliPciDevice device) =>
        device.CurrentOwner == PciOwner.VMPassthru ? true
        : device.CurrentOwner == PciOwner.VMkernel || (host.PassthruDevices is { } list && list.All(each => each.Address != device.Address || !each.Enabled)) ? false
        : null;

    /// <summary>Devices of the kind that are free: the VM would have to be pointed at one of them first.</summary>
    private string Like(ushort? vendor, ushort? device)
    {
        var free = vendor is null ? [] : (host.PciDevices ?? []).Where(each => each.VendorId == vendor && each.DeviceId == device && IsSetAside(each) == true && !taken.ContainsKey(each.Address)).ToList();
        return free.Count == 0 ? "" : FormattableString.Invariant($"; free and of the same kind: {string.Join(", ", free.Take(4).Select(each => each.Address))}, after the VM was changed to use it");
    }
}
