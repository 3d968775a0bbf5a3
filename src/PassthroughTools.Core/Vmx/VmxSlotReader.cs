using System.Globalization;
using System.Text.RegularExpressions;
using PassthroughTools.Pci;

namespace PassthroughTools.Vmx;

/// <summary>Reads the <c>pciPassthruN</c> entries of a .vmx.</summary>
internal static class VmxSlotReader
{
    private const string Bypass = "BYPASS";

    private static readonly Regex SlotKey = new("^pciPassthru(0|[1-9][0-9]{0,4})[.](.+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>The shape that esxcli and lspci print, which an admin pastes: four, two, two digits.</summary>
    private static readonly Regex HostToolShape = new("^[0-9]{4}:[0-9]{2}:[0-9]{2}[.][0-7]$", RegexOptions.CultureInvariant);

    /// <summary>Reads all entries.</summary>
    /// <param name="document">The configuration.</param>
    public static IReadOnlyList<PassthruSlot> Read(VmxDocument document)
    {
        var slots = new SortedDictionary<int, Fields>();
        foreach (var entry in document.Entries)
        {
            var match = SlotKey.Match(entry.Key);
            if (!match.Success) continue;
            var number = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            if (!slots.TryGetValue(number, out var fields)) slots.Add(number, fields = new Fields(document.GetMsiMode(number)));
            fields.Add(match.Groups[2].Value, entry);
        }

        var bridge = Bridges(document);
        return [.. slots.Select(pair => Read(pair.Key, pair.Value)).Select(slot => slot with { GuestPath = GuestPciPath.FromSlotNumber(slot.PciSlotNumber, bridge) })];
    }

    /// <summary>Slot numbers of the VM's bridges; null where the layout is another one, or not known.</summary>
    private static Func<int, int?>? Bridges(VmxDocument document)
    {
        var isKnown = Single("virtualHW.version") is { } version
            && (version < GuestPciPath.FirstOtherLayout || document.Find("firmware").All(entry => entry.Value.Equals("bios", StringComparison.OrdinalIgnoreCase)));
        return isKnown ? number => Single(FormattableString.Invariant($"pciBridge{number}.pciSlotNumber")) : null;

        int? Single(string key)
        {
            var values = document.Find(key).Select(entry => entry.Value.Trim()).Distinct(StringComparer.Ordinal).ToList();
            return values.Count == 1 && int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
    }

    private static PassthruSlot Read(int number, Fields fields)
    {
        var id = fields.Text("id");
        var pfId = fields.Text("pfId");
        var isVf = fields.Has("pfId") || string.Equals(fields.Text("systemId"), Bypass, StringComparison.OrdinalIgnoreCase)
            || (fields.Number("vendorId") == 0 && fields.Number("deviceId") == 0);
        var isHex = id is not null && HasHexLetters(id) && PciAddress.TryParse(id, PciAddressNotation.Hexadecimal, out _);
        var address = isHex ? null : Address(id);
        var physical = Address(pfId);
        if (isVf)
        {
            // Before a virtual function is chosen, id repeats the physical function: that is not the device passed through.
            physical ??= pfId is null ? address : null;
            if (address == physical) address = null;
        }

        if (isHex) fields.Note($"id '{id}' is hexadecimal; ESXi reads it as decimal and finds no device");
        else if (id is not null && Address(id) is null) fields.Note($"id '{id}' can't be read");
        PciAddress? ifHex = id is not null && (isHex || HostToolShape.IsMatch(id)) && PciAddress.TryParse(id, PciAddressNotation.Hexadecimal, out var hex) ? hex : null;
        if (ifHex == Address(id)) ifHex = null;
        if (!isHex && ifHex is not null)
            fields.Note($"id '{id}' looks copied from esxcli or lspci; it was read as decimal, {Address(id)}");

        var kind = isVf ? PassthruSlotKind.SriovVf : fields.Has("id") ? PassthruSlotKind.Passthrough : PassthruSlotKind.Unknown;
        if (kind == PassthruSlotKind.Unknown) fields.Note(UnknownReason(fields));
        var mode = fields.MsiMode;
        if (mode == PassthruMsiMode.Unknown) fields.Note("msiEnabled is neither TRUE nor FALSE, or repeated with different values");
        var present = VmxDocument.ParseBoolean(fields.Text("present"));
        if (present is null) fields.Note(fields.Has("present") ? "present can't be read; counted as present" : "there is no present key; counted as present");

        return new PassthruSlot
        {
            Slot = number,
            Kind = kind,
            Address = address,
            IdText = id,
            IsIdHexadecimal = isHex,
            AddressIfHexadecimal = ifHex,
            PhysicalFunction = isVf ? physical : null,
            VendorId = Identifier(fields, "vendorId"),
            DeviceId = Identifier(fields, "deviceId"),
            SubsystemVendorId = Identifier(fields, "subVendorId"),
            SubsystemId = Identifier(fields, "subDeviceId"),
            SystemId = string.Equals(fields.Text("systemId"), Bypass, StringComparison.OrdinalIgnoreCase) ? null : fields.Text("systemId"),
            Present = present ?? true,
            PciSlotNumber = int.TryParse(fields.Text("pciSlotNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var pciSlot) ? pciSlot : null,
            MsiMode = mode,
            MsiEnabled = mode switch { PassthruMsiMode.Msi => true, PassthruMsiMode.IoApic => false, _ => null },
            IsDynamic = fields.Has("allowedDevices"),
            Keys = fields.All,
            Notes = fields.Notes,
        };
    }

    private static string UnknownReason(Fields fields) =>
        fields.Has("allowedDevices") ? "an assignable device: which one is chosen when the VM powers on"
        : fields.Has("vgpu") ? "a virtual GPU, not a passed-through function"
        : "neither an id nor a physical function";

    /// <summary>Letters are certain to be hexadecimal; <c>0000:08:00.0</c> is read as ESXi reads it, in decimal.</summary>
    private static bool HasHexLetters(string id) => id.Any(c => c is (>= 'a' and <= 'f') or (>= 'A' and <= 'F'));

    private static PciAddress? Address(string? text) => PciAddress.TryParse(text, PciAddressNotation.Vmx, out var address) ? address : null;

    private static ushort? Identifier(Fields fields, string name)
    {
        var number = fields.Number(name);
        if (number is null && fields.Text(name) is { } text) fields.Note($"{name} '{text}' can't be read");
        return number is > 0 ? (ushort)number : null;
    }

    private sealed class Fields(PassthruMsiMode mode)
    {
        private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
        private readonly HashSet<string> _conflicts = new(StringComparer.OrdinalIgnoreCase);

        public PassthruMsiMode MsiMode => mode;

        public IReadOnlyDictionary<string, string> All => _values;

        public List<string> Notes { get; } = [];

        public void Add(string name, VmxEntry entry)
        {
            if (_values.TryGetValue(name, out var earlier) && earlier != entry.Value && _conflicts.Add(name))
                Note($"{name} stands there twice with different values");
            if (entry.Problem is not null) Note($"{name}: {entry.Problem}");
            _values[name] = entry.Value;
        }

        public bool Has(string name) => _values.ContainsKey(name);

        /// <summary>Value of a key; null where it is absent or contradicts itself.</summary>
        public string? Text(string name) => !_conflicts.Contains(name) && _values.TryGetValue(name, out var value) ? value.Trim() : null;

        /// <summary>A 16-bit identifier: hexadecimal with or without <c>0x</c>.</summary>
        public int? Number(string name)
        {
            var text = Text(name) ?? "";
            if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) text = text.Substring(2);
            return text.Length is > 0 and <= 4 && int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;
        }

        public void Note(string text) => Notes.Add(text);
    }
}
