using System.Globalization;
using System.Text.RegularExpressions;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Pci;

/// <summary>What <c>lspci -D -n -vvv</c> printed of one device; only for tests.</summary>
internal sealed partial class LspciDevice
{
    private static readonly (string Prefix, int Id)[] Standard =
    [
        ("Null", 0x00), ("Power Management version", 0x01), ("AGP version", 0x02), ("Vital Product Data", 0x03), ("Slot ID:", 0x04), ("MSI: ", 0x05),
        ("CompactPCI hot-swap", 0x06), ("PCI-X ", 0x07), ("HyperTransport:", 0x08), ("Vendor Specific Information", 0x09), ("Debug port:", 0x0a),
        ("CompactPCI central", 0x0b), ("Hot-plug capable", 0x0c), ("Subsystem:", 0x0d), ("AGP3", 0x0e), ("Secure device", 0x0f), ("Express ", 0x10),
        ("MSI-X: ", 0x11), ("SATA HBA", 0x12), ("PCI Advanced Features", 0x13), ("Enhanced Allocation", 0x14),
    ];

    private static readonly (string Prefix, int Id)[] Extended =
    [
        ("Null", 0x00), ("Advanced Error Reporting", 0x01), ("Device Serial Number", 0x03), ("Power Budgeting", 0x04),
        ("Vendor Specific Information", 0x0b), ("Access Control Services", 0x0d), ("Alternative Routing-ID", 0x0e), ("Address Translation Service", 0x0f),
        ("Single Root I/O Virtualization", 0x10), ("Page Request Interface", 0x13), ("Latency Tolerance Reporting", 0x18), ("L1 PM Substates", 0x1e),
        ("Data Link Feature", 0x25), ("Lane Margining at the Receiver", 0x27), ("FRS Queueing", 0x21),
    ];

    private static readonly (string Prefix, PciExpressType Type)[] ExpressTypes =
    [
        ("Endpoint", PciExpressType.Endpoint), ("Legacy Endpoint", PciExpressType.LegacyEndpoint), ("Root Port", PciExpressType.RootPort),
        ("Upstream Port", PciExpressType.UpstreamPort), ("Downstream Port", PciExpressType.DownstreamPort),
        ("PCI-Express to PCI/PCI-X Bridge", PciExpressType.PcieToPciBridge), ("PCI/PCI-X to PCI-Express Bridge", PciExpressType.PciToPcieBridge),
        ("Root Complex Integrated Endpoint", PciExpressType.RootComplexEndpoint), ("Root Complex Event Collector", PciExpressType.RootComplexEventCollector),
    ];

    public required PciAddress Address { get; init; }

    public required string HardwareId { get; init; }

    public int ClassCode { get; init; }

    public int Revision { get; private set; }

    public int ProgrammingInterface { get; private set; }

    public string? Subsystem { get; private set; }

    public char Pin { get; private set; } = '?';

    public bool HasUnknownHeader { get; private set; }

    public bool IsLooped { get; private set; }

    public bool IsBroken { get; private set; }

    public bool IsDenied { get; private set; }

    public bool IsExtendedLooped { get; private set; }

    public List<LspciCapability> Capabilities { get; } = [];

    public List<LspciCapability> ExtendedCapabilities { get; } = [];

    public static Dictionary<PciAddress, LspciDevice> ParseAll(IEnumerable<string> lines)
    {
        var devices = new Dictionary<PciAddress, LspciDevice>();
        LspciDevice? device = null;

        // lspci leaves out the line end behind some capabilities that the dump cuts short.
        foreach (var line in lines.SelectMany(line => line.Replace("\tCapabilities: ", "\n\tCapabilities: ", StringComparison.Ordinal).TrimStart('\n').Split('\n')))
        {
            if (Heading().Match(line) is { Success: true } heading)
            {
                device = new LspciDevice
                {
                    Address = PciAddress.Parse(heading.Groups[1].Value),
                    ClassCode = Hex(heading.Groups[2].Value),
                    HardwareId = heading.Groups[3].Value,
                    Revision = heading.Groups[4].Success ? Hex(heading.Groups[4].Value) : 0,
                    ProgrammingInterface = heading.Groups[5].Success ? Hex(heading.Groups[5].Value) : 0,
                };
                devices.Add(device.Address, device);
            }
            else
            {
                device?.Add(line);
            }
        }

        return devices;
    }

    private void Add(string line)
    {
        if (Capability().Match(line) is { Success: true } match)
        {
            var isExtended = match.Groups[2].Success;
            var text = match.Groups[3].Value;
            if (text == "<chain looped>" && isExtended) IsExtendedLooped = true;
            else if (text == "<chain looped>") IsLooped = true;
            else if (text == "<chain broken>") IsBroken = true;
            else
            {
                (isExtended ? ExtendedCapabilities : Capabilities).Add(new LspciCapability(
                    Hex(match.Groups[1].Value), Identify(text, isExtended), isExtended ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : 0, [text]));
            }
        }
        else if (line == "\tCapabilities: <access denied>") IsDenied = true;
        else if (line.StartsWith("\t!!! Unknown header type", StringComparison.Ordinal)) HasUnknownHeader = true;
        else if (line.StartsWith("\tSubsystem: ", StringComparison.Ordinal)) Subsystem = line[12..];
        else if (line.StartsWith("\tInterrupt: pin ", StringComparison.Ordinal)) Pin = line.Length > 16 ? line[16] : '?';
        else if (line.StartsWith("\t\t", StringComparison.Ordinal))
            (ExtendedCapabilities.Count > 0 ? ExtendedCapabilities : Capabilities).LastOrDefault()?.Lines.Add(line.Trim());
    }

    private static int? Identify(string text, bool isExtended)
    {
        if (Numbered().Match(text) is { Success: true } match) return match.Groups[1].Value == "0" ? 0 : Hex(match.Groups[1].Value[2..]);
        foreach (var (prefix, id) in isExtended ? Extended : Standard)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal)) return id;
        }

        return null;
    }

    internal static PciExpressType? ExpressType(string text)
    {
        text = Version().Replace(text, "");
        foreach (var (prefix, type) in ExpressTypes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal)) return type;
        }

        return null;
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) ([0-9a-f]{4}): ([0-9a-f]{4}:[0-9a-f]{4})(?: \(rev ([0-9a-f]{2})\))?(?: \(prog-if ([0-9a-f]{2}).*\))?$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\tCapabilities: \[([0-9a-f]{2,3})(?: v(\d+))?\] (.*)$")]
    private static partial Regex Capability();

    [GeneratedRegex(@"^(?:Extended )?Capability ID (0x[0-9a-f]+|0)\b")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^Express \(v\d+\) ")]
    private static partial Regex Version();
}

/// <summary>A capability as lspci shows it.</summary>
/// <param name="Offset">Its place.</param>
/// <param name="Id">Its identifier; null where the name is not one that the tests know.</param>
/// <param name="Version">Version of an extended capability.</param>
/// <param name="Lines">Its text, title first.</param>
internal sealed record LspciCapability(int Offset, int? Id, int Version, List<string> Lines);
