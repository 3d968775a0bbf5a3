using System.Globalization;
using System.Text.RegularExpressions;
using PassthroughTools.Pci;

namespace PassthroughTools.Registry;

/// <summary>Reads the interrupt settings of a Windows guest's PCI devices from an export of <c>Enum\PCI</c>.</summary>
public static class GuestMsiReader
{
    /// <summary>Key of the MSI settings, below an instance's key.</summary>
    internal const string MsiKey = InterruptKey + @"\MessageSignaledInterruptProperties";

    /// <summary>Value that switches MSI and MSI-X.</summary>
    internal const string SupportedName = "MSISupported";

    /// <summary>Value that limits the messages.</summary>
    internal const string LimitName = "MessageNumberLimit";

    /// <summary>Key of interrupt settings, below an instance's key.</summary>
    internal const string InterruptKey = @"Device Parameters\Interrupt Management";

    /// <summary>Key of the affinity policy, below an instance's key.</summary>
    internal const string AffinityKey = InterruptKey + @"\Affinity Policy";

    /// <summary>Value that guides name from memory.</summary>
    internal const string LegacyName = "MSIEnabled";

    /// <summary>Windows' property set of PCI devices; 14 is InterruptSupport, 15 InterruptMessageMaximum.</summary>
    internal const string PciProperties = @"Properties\{3ab22e31-8264-4b4e-9af5-a8d2d8e33e62}\";

    private static readonly Regex ControlSet = new("^(CurrentControlSet|ControlSet([0-9]{3}))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex Identifiers = new(
        "^VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})(?:&SUBSYS_([0-9A-F]{4})([0-9A-F]{4}))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Three numbers in plain words in whatever language, or behind the words of the indirect form.</summary>
    private static readonly Regex Location = new(
        "^[^@]*?([0-9]{1,5})[^0-9]+([0-9]{1,3})[^0-9]+([0-9]{1,3})[^0-9]*$|\\(([0-9]{1,5}),([0-9]{1,3}),([0-9]{1,3})\\)$", RegexOptions.CultureInvariant);

    /// <summary>Reads every device instance.</summary>
    /// <param name="export">Export of <c>Enum\PCI</c> or of a key above it.</param>
    /// <param name="vm">Virtual machine that it comes from, where known.</param>
    /// <exception cref="PassthruException">
    /// <see cref="RegErrors.NotReg"/>, <see cref="GuestMsiErrors.NoPciDevices"/> or <see cref="GuestMsiErrors.AmbiguousControlSet"/>.
    /// </exception>
    public static IReadOnlyList<GuestMsiSetting> Read(RegDocument export, string? vm = null)
    {
        var name = export.Source ?? ".reg";
        if (!export.IsRecognized) throw RegErrors.NotReg.For(export.Source, name);
        if (FindEnumPci(export) is not { } pci) throw GuestMsiErrors.NoPciDevices.For(export.Source, name);
        var settings = new List<GuestMsiSetting>();
        foreach (var device in pci.Children)
        {
            var match = Identifiers.Match(device.Name);
            if (!match.Success) continue;
            foreach (var instance in device.Children) settings.Add(Read(instance, device.Name, match, vm, export.Source));
        }

        return settings.Count > 0 ? settings : throw GuestMsiErrors.NoPciDevices.For(export.Source, name);
    }

    /// <summary>
    /// The export's <c>Enum\PCI</c>: of CurrentControlSet where that is there, else of the set that <c>Select\Current</c> names, else of the only set.
    /// </summary>
    internal static RegNode? FindEnumPci(RegDocument export)
    {
        var found = new List<(RegNode Pci, int? Number, RegNode? System)>();
        foreach (var set in Descend(export.Root, 4))
        {
            var match = ControlSet.Match(set.Name);
            if (!match.Success || set.Child("Enum")?.Child("PCI") is not { } pci) continue;
            found.Add((pci, match.Groups[2].Success ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : null, set.Parent));
        }

        // Which of several numbered sets is in use can't be guessed.
        var chosen = found.Find(item => item.Number is null).Pci
            ?? found.Find(item => item.System?.Child("Select")?.Value("Current") is [.., { Data: { } current }] && current.AsNumber() == (ulong?)item.Number).Pci;
        if (chosen is not null || found.Count <= 1) return chosen ?? found.FirstOrDefault().Pci;
        var sets = string.Join(", ", found.Select(item => item.Pci.Parent!.Parent!.Name));
        throw GuestMsiErrors.AmbiguousControlSet.For(export.Source, export.Source ?? ".reg", sets);
    }

    private static IEnumerable<RegNode> Descend(RegNode node, int depth) =>
        depth == 0 ? [] : node.Children.SelectMany(child => Descend(child, depth - 1).Prepend(child));

    private static GuestMsiSetting Read(RegNode instance, string hardware, Match ids, string? vm, string? source)
    {
        var values = new Values(instance);
        var supported = values.Number(MsiKey, SupportedName);
        if (supported > 1)
        {
            values.Doubt(SupportedName, $"{SupportedName} is {supported}, neither 0 nor 1");
            supported = null;
        }

        var limit = values.Number(MsiKey, LimitName);
        if (limit is 0 or > 2048) values.Warnings.Add($"{LimitName} is {limit}; Windows documents 1 to 2048");
        var maximum = values.Property(PciProperties, 15);
        var support = values.Property(PciProperties, 14);
        var legacy = instance.Find(InterruptKey)?.Subtree()
            .Select(node => node.Value(LegacyName)).FirstOrDefault(lines => lines.Count > 0) is [.., { Data: { } data }] ? data.AsNumber() : null;
        if (legacy is not null)
            values.Warnings.Add($"a value {LegacyName} is set; Windows documents no such value, and {SupportedName} is the one that counts");

        return new GuestMsiSetting
        {
            VM = vm,
            Source = source,
            KeyPath = instance.Path,
            Device = Friendly(values.Text("FriendlyName")) ?? Friendly(values.Text("DeviceDesc")),
            InstanceId = $@"PCI\{hardware}\{instance.Name}",
            HardwareId = $@"PCI\{hardware}",
            VendorId = Hex(ids.Groups[1]),
            DeviceId = Hex(ids.Groups[2]),
            SubsystemId = Hex(ids.Groups[3]),
            SubsystemVendorId = Hex(ids.Groups[4]),
            Class = Friendly(values.Text("Class")),
            Service = values.Text("Service"),
            Driver = values.Text("Driver"),
            GuestLocation = ReadLocation(values.Text("LocationInformation")),
            MsiSupported = supported is null ? null : supported == 1,
            MessageNumberLimit = Small(limit),
            DevicePriority = Small(values.Number(AffinityKey, "DevicePriority")),
            AffinityPolicy = Small(values.Number(AffinityKey, "DevicePolicy")),
            LegacyMsiEnabled = legacy is null ? null : legacy != 0,
            InterruptMessageMaximum = maximum is > 0 and <= 2048 ? (int)maximum : null,
            InterruptSupport = support is >= 0 and <= 7 ? (GuestInterruptSupport)(int)support : null,
            WrongType = values.WrongType,
            Unreadable = values.Unreadable,
            Warnings = values.Warnings,
        };
    }

    /// <summary>Text of <c>@oem12.inf,%name%;Text</c>, whose resource can't be looked up here.</summary>
    private static string? Friendly(string? text)
    {
        if (text?.StartsWith("@", StringComparison.Ordinal) != true) return text;
        var at = text.IndexOf(';');
        return at < 0 ? text : text.Substring(at + 1);
    }

    private static PciAddress? ReadLocation(string? text)
    {
        if (text is null || text.Length > 260 || Location.Match(text) is not { Success: true } match) return null;
        var first = match.Groups[1].Success ? 1 : 4;
        var numbers = Enumerable.Range(first, 3).Select(i => int.Parse(match.Groups[i].Value, CultureInfo.InvariantCulture)).ToArray();

        // Windows packs the segment above the bus where there is one.
        return numbers[1] <= 0x1f && numbers[2] <= 7 ? new PciAddress(numbers[0] >> 8, numbers[0] & 0xff, numbers[1], numbers[2]) : null;
    }

    private static int? Small(long? number) => number is { } value ? (int)Math.Min(value, int.MaxValue) : null;

    private static ushort? Hex(Group group) =>
        group.Success ? ushort.Parse(group.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : null;

    private sealed class Values(RegNode instance)
    {
        public List<string> WrongType { get; } = [];

        public List<string> Unreadable { get; } = [];

        public List<string> Warnings { get; } = [];

        public string? Text(string name) =>
            instance.Value(name) is [.., { Data: { } data }] && data.AsText() is { } text && text.Trim().Length > 0 ? text.Trim() : null;

        /// <summary>A number that is written as REG_DWORD, or as something else that can mean only one number.</summary>
        public long? Number(string key, string name)
        {
            var lines = instance.Find(key)?.Value(name) ?? [];
            if (lines.Count == 0) return null;
            if (lines.Any(line => !Equals(line.Data, lines[0].Data)))
            {
                Doubt(name, $"{name} is there {lines.Count} times with different values");
                return null;
            }

            var data = lines[0].Data!;
            if (data.Type == Guests.GuestValues.UnreadableType)
            {
                Doubt(name, $"{name} is there but could not be read, for lack of permission or because its type is unknown");
                return null;
            }

            var number = data.Type == RegData.StringType ? ParseText(data.AsText()) : (long?)data.AsNumber();
            if (number is < 0 or > uint.MaxValue) number = null;
            if (data.Type == RegData.DwordType && data.Bytes.Count == 4) return number;
            if (number is null || data.Type is not (RegData.StringType or RegData.BinaryType or RegData.BigEndianDwordType or RegData.QwordType))
            {
                Doubt(name, $"{name} is {data.TypeName} and can't be read as a number");
                return null;
            }

            WrongType.Add(name);
            Warnings.Add($"{name} is {data.TypeName}, not REG_DWORD; it reads as {number}, but whether Windows honours it is not known");
            return number;
        }

        /// <summary>A device property: the form of Windows 8 and later, or that of Windows 7 (type and data as values of a key).</summary>
        public long? Property(string set, int id)
        {
            var now = set + id.ToString("X4", CultureInfo.InvariantCulture);
            var seven = set + id.ToString("X8", CultureInfo.InvariantCulture) + @"\00000000";
            var data = (instance.Find(now)?.Value("") is [.., { Data: { } found }] ? found : null)
                ?? (instance.Find(seven)?.Value("Data") is [.., { Data: { } older }] ? older : null);

            // 7 is DEVPROP_TYPE_UINT32; the registry marks property types with the high bits.
            return data is not null && data.Bytes.Count == 4 && (data.Type & 0xffff) is 7 or RegData.BinaryType ? (long?)data.AsNumber() : null;
        }

        public void Doubt(string name, string why)
        {
            Unreadable.Add(name);
            Warnings.Add(why);
        }

        private static long? ParseText(string? text)
        {
            text = (text ?? "").Trim();
            var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
            return long.TryParse(isHex ? text.Substring(2) : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;
        }
    }
}
