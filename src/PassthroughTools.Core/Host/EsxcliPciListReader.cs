using System.Text.RegularExpressions;
using PassthroughTools.Pci;

namespace PassthroughTools.Host;

/// <summary>
/// Reads <c>esxcli hardware pci list</c> (or <c>localcli</c>) of every ESXi generation. A record begins with its address at the left margin,
/// or with its Address field where a copy has lost that line; indentation does not matter.
/// </summary>
public static class EsxcliPciListReader
{
    private const string Command = "esxcli hardware pci list";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly Regex Heading = new(
        @"^(?:[0-9a-f]{1,5}:)?[0-9a-f]{2,3}:[0-9a-f]{2}\.[0-9a-f]{1,2}$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Patience);

    /// <summary>Reads all records.</summary>
    /// <param name="lines">Lines without their ends.</param>
    /// <param name="source">File name; null for piped text.</param>
    /// <exception cref="PassthruException">
    /// <see cref="InputErrors.NotRecognized"/>, <see cref="HostErrors.FormatterUnsupported"/> or <see cref="HostErrors.PciRecordUnreadable"/>.
    /// </exception>
    public static IReadOnlyList<EsxcliPciDevice> Read(IReadOnlyList<string> lines, string? source)
    {
        EsxcliFormatter.Refuse(lines, source, Command);
        var drafts = Split(lines);
        var fullest = drafts.OrderByDescending(draft => draft.Fields.Count).FirstOrDefault();
        if (fullest is null || fullest.Fields.Count == 0) throw NotRecognized(source);
        var devices = new List<EsxcliPciDevice>(drafts.Count);
        for (var i = 0; i < drafts.Count; i++)
        {
            var draft = drafts[i];
            var isLast = i == drafts.Count - 1;
            if (TryAddress(draft, out var address))
            {
                NameMissing(draft, fullest, isLast);
                devices.Add(Build(draft, address, source));
            }
            else if (isLast && devices.Count > 0)
            {
                // The text was cut off in the last record's address: everything before it is whole.
                var last = devices[devices.Count - 1];
                devices[devices.Count - 1] = last with
                {
                    Warnings = [.. last.Warnings, FormattableString.Invariant($"The text ends within the next record, at line {draft.Line}; that device is left out.")],
                };
            }
            else if (drafts.Count > 1)
            {
                throw HostErrors.PciRecordUnreadable.For(source, HostText.Name(source), draft.Line, draft.Fields.Get("Address") ?? draft.Heading);
            }
        }

        return devices.Count > 0 ? devices : throw NotRecognized(source);
    }

    private static PassthruException NotRecognized(string? source) =>
        InputErrors.NotRecognized.For(source, HostText.Name(source), "a list of PCI devices", Command);

    private static List<Draft> Split(IReadOnlyList<string> lines)
    {
        var drafts = new List<Draft>();
        Draft? current = null;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line.Length > HostText.MaximumLineLength || HostText.IsShellNoise(line)) continue;
            if (line.Length <= 20 && Heading.IsMatch(line))
            {
                drafts.Add(current = new Draft(i + 1) { Heading = line });
                continue;
            }

            var colon = line.IndexOf(':');
            var key = colon < 0 ? "" : line.Substring(0, colon).TrimEnd();
            if (!IsFieldName(key))
            {
                current?.Warnings.Add(FormattableString.Invariant($"Line {i + 1} belongs to no field and was ignored."));
                continue;
            }

            var startsRecord = string.Equals(key, "Address", StringComparison.OrdinalIgnoreCase) && (current is null || current.Fields.Count > 0);
            if (startsRecord) drafts.Add(current = new Draft(i + 1));
            var value = line.Substring(colon + 1).Trim();
            if (current is not null && !current.Fields.TryAdd(key, value))
            {
                current.Warnings.Add(FormattableString.Invariant($"Line {i + 1} repeats the field '{key}'; the first value is used."));
            }
        }

        return drafts;
    }

    // Field names are words; a sentence with a colon in it is a message.
    private static bool IsFieldName(string key) =>
        key.Length is > 0 and <= 40 && char.IsLetter(key[0]) && key.All(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '/' or '_');

    private static bool TryAddress(Draft draft, out PciAddress address)
    {
        var hasText = HostText.TryAddress(draft.Get("Address") ?? draft.Heading, out address);
        if (!hasText && draft.Heading is not null) hasText = HostText.TryAddress(draft.Heading, out address);
        if (HostText.Number(draft.Get("Segment")) is >= 0 and <= 0xffff and var segment && HostText.Number(draft.Get("Bus")) is >= 0 and <= 0xff and var bus
            && HostText.Number(draft.Get("Slot")) is >= 0 and <= 0x1f and var slot && HostText.Number(draft.Get("Function")) is >= 0 and <= 7 and var function)
        {
            // These four say their base (0x), so they win over an address that could be read either way.
            var stated = new PciAddress((int)segment, (int)bus, (int)slot, (int)function);
            if (hasText && stated != address) draft.Warnings.Add($"The address reads as {address}, but segment, bus, slot and function say {stated}; the latter is used.");
            address = stated;
            return true;
        }

        return hasText;
    }

    private static void NameMissing(Draft draft, Draft fullest, bool isLast)
    {
        var missing = fullest.Fields.Keys.Where(key => !draft.Fields.ContainsKey(key)).ToList();
        if (ReferenceEquals(draft, fullest) && draft.Fields.Get("Device ID") is null) missing.Add("Device ID");
        if (missing.Count == 0) return;
        draft.Warnings.Add((isLast ? "The text ends within this record; missing: " : "Missing, unlike in other records: ") + string.Join(", ", missing) + ".");

        // Where the text was cut, the last value may have lost its end: 0xf1 of 0xf100.
        if (isLast) draft.Doubtful = draft.Fields.Keys.LastOrDefault();
    }

    private static EsxcliPciDevice Build(Draft draft, PciAddress address, string? source)
    {
        return new EsxcliPciDevice
        {
            Address = address,
            VMkernelName = draft.Get("VMkernel Name"),
            VendorName = draft.Get("Vendor Name"),
            DeviceName = draft.Get("Device Name"),
            ConfiguredOwner = Owner(draft, "Configured Owner"),
            CurrentOwner = Owner(draft, "Current Owner"),
            VendorId = (ushort?)Bounded(draft, "Vendor ID", 0xffff),
            DeviceId = (ushort?)Bounded(draft, "Device ID", 0xffff),
            SubVendorId = (ushort?)Bounded(draft, "SubVendor ID", 0xffff),
            SubDeviceId = (ushort?)Bounded(draft, "SubDevice ID", 0xffff),
            DeviceClass = (ushort?)Bounded(draft, "Device Class", 0xffff),
            DeviceClassName = draft.Get("Device Class Name"),
            ProgrammingInterface = (byte?)Bounded(draft, "Programming Interface", 0xff),
            RevisionId = (byte?)Bounded(draft, "Revision ID", 0xff),
            InterruptLine = Bounded(draft, "Interrupt Line", 0xff),
            Irq = Bounded(draft, "IRQ", int.MaxValue),
            InterruptVector = Bounded(draft, "Interrupt Vector", int.MaxValue),
            PciPin = Bounded(draft, "PCI Pin", 0xff),
            SpawnedBus = Bounded(draft, "Spawned Bus", 0xff),
            Flags = Bounded(draft, "Flags", int.MaxValue),
            ModuleId = Bounded(draft, "Module ID", int.MaxValue),
            ModuleName = draft.Get("Module Name"),
            Chassis = Bounded(draft, "Chassis", int.MaxValue),
            PhysicalSlot = Bounded(draft, "Physical Slot", int.MaxValue),
            SlotDescription = draft.Get("Slot Description"),
            PassthruCapable = Boolean(draft, "Passthru Capable"),
            ParentDevice = Relative(draft, "Parent Device"),
            DependentDevice = Relative(draft, "Dependent Device"),
            ResetMethod = draft.Get("Reset Method"),
            FptSharable = Boolean(draft, "FPT Sharable"),
            DeviceLayerBusAddress = draft.Get("Device Layer Bus Address"),
            NumaNode = Bounded(draft, "NUMA Node", int.MaxValue),
            ExtendedDeviceId = draft.Get("Extended Device ID"),
            Fields = draft.Fields,
            Source = source,
            Line = draft.Line,
            Warnings = draft.Warnings,
        };
    }

    private static int? Bounded(Draft draft, string field, int maximum)
    {
        var text = draft.Get(field);
        if (text is null || HostText.Number(text) is -1 or uint.MaxValue) return null;
        if (HostText.Number(text) is >= 0 and var value && value <= maximum) return (int)value;
        draft.Warnings.Add($"{field} '{Shorten(text)}' can't be read.");
        return null;
    }

    private static bool? Boolean(Draft draft, string field)
    {
        var text = draft.Get(field);
        var value = HostText.Boolean(text);
        if (text is not null && value is null) draft.Warnings.Add($"{field} '{Shorten(text)}' can't be read.");
        return value;
    }

    private static PciAddress? Relative(Draft draft, string field)
    {
        var text = draft.Get(field);
        if (text is null) return null;
        if (PciAddress.TryParse(text, PciAddressNotation.EsxcliParent, out var address)) return address;
        draft.Warnings.Add($"{field} '{Shorten(text)}' can't be read.");
        return null;
    }

    private static PciOwner Owner(Draft draft, string field)
    {
        var text = draft.Get(field);
        switch (text?.ToUpperInvariant())
        {
            case "VMKERNEL": return PciOwner.VMkernel;
            case "VM PASSTHRU": return PciOwner.VMPassthru;
            case null or "UNKNOWN": return PciOwner.Unknown;
            default:
                draft.Warnings.Add($"{field} '{Shorten(text)}' is not known.");
                return PciOwner.Unknown;
        }
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text.Substring(0, 39) + "…";

    private sealed class Draft(int line)
    {
        public int Line { get; } = line;

        public string? Heading { get; init; }

        public FieldTable Fields { get; } = new();

        public List<string> Warnings { get; } = [];

        public string? Doubtful { get; set; }

        public string? Get(string field) => string.Equals(field, Doubtful, StringComparison.OrdinalIgnoreCase) ? null : Fields.Get(field);
    }
}
