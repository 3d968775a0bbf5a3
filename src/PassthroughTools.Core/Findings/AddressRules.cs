using PassthroughTools.Evidence;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;

namespace PassthroughTools.Findings;

/// <summary>Which host device the entries of a .vmx name.</summary>
internal static class AddressRules
{
    public static IEnumerable<FindingDraft> HexadecimalAddress(FindingContext context)
    {
        foreach (var (vm, slot) in context.Slots)
        {
            if (slot is not { IdText: { } id, AddressIfHexadecimal: { } meant } || !HasHexadecimalLetter(id)) continue;
            yield return new FindingDraft(
                FindingSeverity.Error, Provenance.Inferred,
                $"pciPassthru{slot.Slot}.id = \"{id}\" is hexadecimal, and the numbers of a .vmx are decimal: ESXi finds no device, and the VM does not power on"
                + $" (seen elsewhere as \"invalid VM configuration\"). {meant} is spelt {meant.ToVmxString()} there.",
                $"With the VM off, set pciPassthru{slot.Slot}.id = \"{meant.ToVmxString()}\", or remove the device and add it again in the vSphere Client.")
            {
                VM = vm.Name, Slot = slot.Slot, Device = meant, Evidence = [context.KeyReference(vm, slot, "id")],
            };
        }
    }

    public static IEnumerable<FindingDraft> AmbiguousAddress(FindingContext context)
    {
        foreach (var (vm, slot) in context.Slots)
        {
            if (slot is not { IdText: { } id, AddressIfHexadecimal: { } other } || HasHexadecimalLetter(id)) continue;
            if (!PciAddress.TryParse(id, PciAddressNotation.Vmx, out var named) || named == other) continue;
            var fitsNamed = Fits(context, slot, named);
            var fitsOther = Fits(context, slot, other);

            // The host's own list settles it where only the decimal reading names a device of these identifiers.
            if (fitsNamed == true && fitsOther == false) continue;
            var list = fitsNamed == false && fitsOther == true ? $" The host has a device of the entry's identifiers at {other} and none at {named}." : "";
            yield return new FindingDraft(
                FindingSeverity.Warning, Provenance.Inferred,
                $"pciPassthru{slot.Slot}.id = \"{id}\" has the form that esxcli and lspci print. ESXi reads it as decimal, which is {named}; if it was copied from there, {other} was meant, in a .vmx {other.ToVmxString()}.{list}",
                $"Compare with the host's device list. For {named} write \"{named.ToVmxString()}\", for {other} write \"{other.ToVmxString()}\", with the VM off.")
            {
                VM = vm.Name, Slot = slot.Slot, Device = named, Evidence = [context.KeyReference(vm, slot, "id")],
            };
        }
    }

    public static IEnumerable<FindingDraft> AddressNotOnHost(FindingContext context)
    {
        if (context.Host.PciDevices is not { Count: > 0 }) yield break;
        foreach (var (vm, slot) in context.Slots)
        {
            // A virtual function comes and goes; its adapter has to be there.
            var isVirtual = slot.Kind == PassthruSlotKind.SriovVf;
            if ((isVirtual ? slot.PhysicalFunction : slot.Address) is not { } address || context.Host.FindDevice(address) is not null) continue;
            var isOn = vm.PowerState == VMPowerState.PoweredOn;
            yield return new FindingDraft(
                isOn ? FindingSeverity.Warning : FindingSeverity.Error, Provenance.Inferred,
                $"pciPassthru{slot.Slot} names {(isVirtual ? "the physical function " : "")}{address}, and the host's device list has no such device."
                + (isOn ? " The VM is on all the same, so one of the two is older than the other." : " The VM can't get it when it powers on."),
                "Check whether the card was moved or taken out, whether the VM was last used on another host, and whether the list is complete.")
            {
                VM = vm.Name, Slot = slot.Slot, Device = address, Evidence = [context.KeyReference(vm, slot, isVirtual && slot.Keys.ContainsKey("pfId") ? "pfId" : "id")],
            };
        }
    }

    public static IEnumerable<FindingDraft> DeviceChanged(FindingContext context)
    {
        foreach (var (vm, slot) in context.Slots)
        {
            if (slot is not { Kind: PassthruSlotKind.Passthrough, VendorId: { } vendor, DeviceId: { } device, Address: { } address }) continue;
            if (context.Host.FindDevice(address) is not { VendorId: { } actualVendor, DeviceId: { } actualDevice } found) continue;
            if ((vendor, device) == (actualVendor, actualDevice)) continue;
            var elsewhere = context.Host.PciDevices!.Where(each => each.VendorId == vendor && each.DeviceId == device).Select(each => each.Address).ToList();
            yield return new FindingDraft(
                FindingSeverity.Warning, Provenance.Measured,
                $"pciPassthru{slot.Slot} was made for {vendor:x4}:{device:x4}, and the device at {address} is {actualVendor:x4}:{actualDevice:x4} ({found.DeviceName ?? "no name"}): a card was moved or changed."
                + (elsewhere.Count > 0 ? $" Devices of that kind are at {string.Join(", ", elsewhere.Take(8))}." : " The host has no device of that kind."),
                "Remove the entry from the VM and add the device that is meant.")
            {
                VM = vm.Name, Slot = slot.Slot, Device = address,
                Evidence = [context.KeyReference(vm, slot, "deviceId"), context.Reference(found, $"{address}: Vendor ID {actualVendor:x4}, Device ID {actualDevice:x4}")],
            };
        }
    }

    public static IEnumerable<FindingDraft> DeviceInSeveralVMs(FindingContext context)
    {
        foreach (var group in context.Slots.Where(pair => pair.Slot is { Kind: PassthruSlotKind.Passthrough, Address: not null }).GroupBy(pair => pair.Slot.Address!.Value))
        {
            var users = group.ToList();
            if (users.Count < 2) continue;
            var vms = users.Select(user => user.VM).Distinct().ToList();
            var isTwice = users.Count > vms.Count;
            var on = vms.FindAll(vm => vm.PowerState == VMPowerState.PoweredOn);
            var who = string.Join(", ", users.Select(user => $"{user.VM.Name} pciPassthru{user.Slot.Slot}"));
            var consequence = isTwice ? "An entry stands there twice."
                : on.Count > 1 ? $"{string.Join(" and ", on.Select(vm => vm.Name))} are on, and only one VM can have it: part of the evidence is out of date, or the entries are not what is running."
                : "Only one of the VMs can be on at a time.";
            yield return new FindingDraft(
                isTwice || on.Count > 1 ? FindingSeverity.Error : FindingSeverity.Warning, on.Count > 1 || isTwice ? Provenance.Inferred : Provenance.Measured,
                $"{group.Key} is passed through by several entries: {who}. {consequence}",
                "Leave it with one VM, unless the others are meant to take its place.")
            {
                VM = vms.Count == 1 ? vms[0].Name : null, Device = group.Key,
                Evidence = [.. users.Select(user => context.KeyReference(user.VM, user.Slot, "id"))],
            };
        }
    }

    private static bool HasHexadecimalLetter(string id) => id.Any(c => c is (>= 'a' and <= 'f') or (>= 'A' and <= 'F'));

    /// <summary>Whether the host has a device of the slot's identifiers at an address; null where that can't be told.</summary>
    private static bool? Fits(FindingContext context, PassthruSlot slot, PciAddress address)
    {
        if (context.Host.PciDevices is not { Count: > 0 }) return null;
        if (context.Host.FindDevice(address) is not { } device) return false;
        if (slot.VendorId is null || slot.DeviceId is null || device.VendorId is null || device.DeviceId is null) return null;
        return (slot.VendorId, slot.DeviceId) == (device.VendorId, device.DeviceId);
    }
}
