using System.Globalization;
using System.Text.RegularExpressions;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vim;

/// <summary>
/// Reads the passthrough devices of a VM: its virtual devices tell what is passed through, <c>config.extraConfig</c> the keys <c>pciPassthruN.*</c>.
/// Which N a device has no property of it says. An entry's id or slot number in the guest proves it; else the device's key does, as far as is known:
/// 13000 + N.
/// </summary>
internal sealed class VimSlotReader
{
    private const int FirstKey = 13000;
    private const int MostSlot = 1000;
    private static readonly Regex EntryKey = new("^pciPassthru(0|[1-9][0-9]{0,4})[.](.+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex BridgeKey = new(@"^pciBridge([0-9]{1,2})\.pciSlotNumber$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private readonly SortedDictionary<int, Dictionary<string, string>> _entries = [];
    private readonly HashSet<(int, string)> _conflicts = [];
    private readonly HashSet<int> _taken = [];
    private readonly Dictionary<int, int?>? _bridges;

    private VimSlotReader(IReadOnlyList<VimData> extraConfig, int? hardwareVersion)
    {
        // The firmware is not asked for, so nothing is derived where it decides.
        if (hardwareVersion < GuestPciPath.FirstOtherLayout) _bridges = [];
        foreach (var option in extraConfig)
        {
            var bridge = BridgeKey.Match(option.Text("key") ?? "");
            if (bridge.Success && _bridges is not null)
                _bridges[int.Parse(bridge.Groups[1].Value, CultureInfo.InvariantCulture)] = int.TryParse(option.Text("value"), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : null;
            var match = EntryKey.Match(option.Text("key") ?? "");
            if (!match.Success) continue;
            var number = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            var name = match.Groups[2].Value;
            if (!_entries.TryGetValue(number, out var entry)) _entries.Add(number, entry = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));
            var value = option.Text("value") ?? "";
            if (entry.TryGetValue(name, out var earlier) && earlier != value) _conflicts.Add((number, name.ToUpperInvariant()));
            entry[name] = value;
        }
    }

    /// <summary>Reads the slots, by N.</summary>
    /// <param name="devices"><c>config.hardware.device</c>.</param>
    /// <param name="extraConfig"><c>config.extraConfig</c>.</param>
    /// <param name="hardwareVersion">Virtual hardware version; null where it is not known.</param>
    public static IReadOnlyList<PassthruSlot> Read(IReadOnlyList<VimData> devices, IReadOnlyList<VimData> extraConfig, int? hardwareVersion)
    {
        var found = devices.Where(device => device.TypeName is "VirtualPCIPassthrough" or "VirtualSriovEthernetCard").ToList();
        return found.Count == 0 ? [] : new VimSlotReader(extraConfig, hardwareVersion).Read(found);
    }

    private List<PassthruSlot> Read(List<VimData> devices)
    {
        var described = devices.ConvertAll(device => (Device: device, Slot: Describe(device)));
        var numbers = new int?[described.Count];
        var inferred = new bool[described.Count];
        for (var i = 0; i < described.Count; i++) numbers[i] = Take(Proven(described[i].Device, described[i].Slot));
        for (var i = 0; i < described.Count; i++)
        {
            if (numbers[i] is not null) continue;
            inferred[i] = true;
            numbers[i] = Take(ByKey(described[i].Device));
        }

        for (var i = 0; i < described.Count; i++) numbers[i] ??= Take(Enumerable.Range(0, int.MaxValue).First(number => !_taken.Contains(number) && !_entries.ContainsKey(number)));
        return [.. described.Select((each, i) => Number(each.Device, each.Slot, numbers[i]!.Value, inferred[i])).OrderBy(slot => slot.Slot)];
    }

    private int? Take(int? number) => number is { } one && _taken.Add(one) ? one : null;

    /// <summary>The one entry that names the device's address, or the place that it has in the guest.</summary>
    private int? Proven(VimData device, PassthruSlot slot)
    {
        var place = device.Number("slotInfo.pciSlotNumber") is > 0 and var at ? at.ToString(CultureInfo.InvariantCulture) : null;
        var fits = _entries.Where(entry => !_taken.Contains(entry.Key)
            && ((slot.Address is not null && Vmx(entry.Value, "id") == slot.Address)
                || (slot.PhysicalFunction is not null && Vmx(entry.Value, "pfId") == slot.PhysicalFunction)
                || (place is not null && entry.Value.TryGetValue("pciSlotNumber", out var number) && number == place))).Select(entry => entry.Key).ToList();
        return fits.Count == 1 ? fits[0] : null;
    }

    private static PciAddress? Vmx(Dictionary<string, string> entry, string name) =>
        entry.TryGetValue(name, out var text) && PciAddress.TryParse(text, PciAddressNotation.Vmx, out var address) ? address : null;

    private static int? ByKey(VimData device) => device.TypeName == "VirtualPCIPassthrough" && device.Number("key") is >= FirstKey and < FirstKey + MostSlot and var key ? (int)key - FirstKey : null;

    private PassthruSlot Number(VimData device, PassthruSlot slot, int number, bool isInferred)
    {
        var keys = _entries.TryGetValue(number, out var entry) ? entry : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var notes = new List<string>(slot.Notes);
        var mode = Mode(number, keys, notes);
        if (isInferred)
        {
            // The entries' values may be another device's: only what they all agree on is certain.
            var others = _entries.Where(each => each.Key != number).Select(each => Mode(each.Key, each.Value, [])).ToList();
            if (others.Exists(other => other != mode) && (mode != PassthruMsiMode.Default || others.Exists(other => other != PassthruMsiMode.Default)))
            {
                mode = PassthruMsiMode.Unknown;
                notes.Add("the entries differ in msiEnabled, and which of them is this device's no property of the API tells");
            }

            notes.Add(FormattableString.Invariant($"that it is pciPassthru{number} follows from the order of the devices, which nothing documents"));
        }

        var place = device.Number("slotInfo.pciSlotNumber") ?? (keys.TryGetValue("pciSlotNumber", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : null);
        return slot with
        {
            Slot = number,
            IsSlotInferred = isInferred,
            MsiMode = mode,
            MsiEnabled = mode switch { PassthruMsiMode.Msi => true, PassthruMsiMode.IoApic => false, _ => null },
            PciSlotNumber = place is > 0 ? (int)place : null,
            GuestPath = GuestPciPath.FromSlotNumber(place, _bridges is null ? null : bridge => _bridges.TryGetValue(bridge, out var found) ? found : null),
            Keys = keys,
            Notes = notes,
        };
    }

    private PassthruMsiMode Mode(int number, Dictionary<string, string> keys, List<string> notes)
    {
        if (!keys.TryGetValue("msiEnabled", out var text) || text.Length == 0) return PassthruMsiMode.Default;
        var value = _conflicts.Contains((number, "MSIENABLED")) ? null : VmxDocument.ParseBoolean(text);
        if (value is null) notes.Add("msiEnabled is neither TRUE nor FALSE, or repeated with different values");
        return value switch { true => PassthruMsiMode.Msi, false => PassthruMsiMode.IoApic, _ => PassthruMsiMode.Unknown };
    }

    private static PassthruSlot Describe(VimData device)
    {
        if (device.TypeName == "VirtualSriovEthernetCard") return Sriov(device);
        var backing = device.Data("backing");
        switch (backing?.TypeName)
        {
            case "VirtualPCIPassthroughDeviceBackingInfo":
                return Plain(backing);
            case "VirtualPCIPassthroughDynamicBackingInfo":
                return Dynamic(backing);
            case "VirtualPCIPassthroughVmiopBackingInfo":
                return Other(FormattableString.Invariant($"a virtual GPU ({backing.Text("vgpu") ?? "no profile"}), not a passed-through function"));
            case "VirtualPCIPassthroughDvxBackingInfo":
                return Other(FormattableString.Invariant($"a DVX device ({backing.Text("deviceClass") ?? "no class"}), not a passed-through function"));
            default:
                return Other(FormattableString.Invariant($"a kind of passthrough that is not known here ({backing?.TypeName ?? "no backing"})"));
        }
    }

    private static PassthruSlot Plain(VimData backing)
    {
        var id = backing.Text("id");
        var address = VimNumbers.Address(id);
        return new PassthruSlot
        {
            Slot = -1,
            Kind = PassthruSlotKind.Passthrough,
            IdText = id,
            Address = address,
            VendorId = VimNumbers.Identifier(backing, "vendorId") is > 0 and var vendor ? vendor : null,
            DeviceId = VimNumbers.HexIdentifier(backing.Text("deviceId")) is > 0 and var device ? device : null,
            SystemId = backing.Text("systemId") is { Length: > 0 } system && !string.Equals(system, "BYPASS", StringComparison.OrdinalIgnoreCase) ? system : null,
            Notes = address is null ? [$"id '{id}' can't be read"] : [],
        };
    }

    private static PassthruSlot Dynamic(VimData backing)
    {
        var allowed = backing.List("allowedDevice")
            .Select(each => (Vendor: VimNumbers.Identifier(each, "vendorId"), Device: VimNumbers.Identifier(each, "deviceId"), Sub: VimNumbers.Identifier(each, "subVendorId"), SubDevice: VimNumbers.Identifier(each, "subDeviceId")))
            .Where(each => each.Vendor is not null && each.Device is not null)
            .Select(each => new AllowedPassthruDevice(each.Vendor!.Value, each.Device!.Value, each.Sub, each.SubDevice)).ToList();
        var assigned = backing.Text("assignedId") is { Length: > 0 } id ? id : null;
        var address = VimNumbers.Address(assigned);
        var kinds = allowed.Select(each => (each.VendorId, each.DeviceId)).Distinct().ToList();
        return new PassthruSlot
        {
            Slot = -1,
            Kind = address is null ? PassthruSlotKind.Unknown : PassthruSlotKind.Passthrough,
            IdText = assigned,
            Address = address,
            VendorId = kinds.Count == 1 ? kinds[0].VendorId : null,
            DeviceId = kinds.Count == 1 ? kinds[0].DeviceId : null,
            IsDynamic = true,
            AllowedDevices = allowed.Count > 0 ? allowed : null,
            HardwareLabel = backing.Text("customLabel") is { Length: > 0 } label ? label : null,
            Notes = address is null ? ["an assignable device: which one is chosen when the VM powers on"] : [],
        };
    }

    private static PassthruSlot Sriov(VimData device)
    {
        var function = device.Data("sriovBacking.virtualFunctionBacking");
        var physical = VimNumbers.Address(device.Text("sriovBacking.physicalFunctionBacking.id"));
        var address = VimNumbers.Address(function?.Text("id"));
        return new PassthruSlot
        {
            Slot = -1,
            Kind = PassthruSlotKind.SriovVf,
            PhysicalFunction = physical,
            // As in a .vmx: before a virtual function is chosen, its place may repeat the physical one's.
            Address = address == physical ? null : address,
            IdText = function?.Text("id"),
            DeviceId = VimNumbers.HexIdentifier(function?.Text("deviceId")) is > 0 and var id ? id : null,
        };
    }

    private static PassthruSlot Other(string note) => new() { Slot = -1, Kind = PassthruSlotKind.Unknown, Notes = [note] };
}
