using System.Globalization;
using System.Text.RegularExpressions;
using PassthroughTools.Pci;

namespace PassthroughTools.Host;

/// <summary>Reads <c>lspci -p</c> (<c>vmkvsitools lspci -p</c>) of ESXi 4.x and later.</summary>
public static class LspciTableReader
{
    private const string Command = "lspci -p (or vmkvsitools lspci -p)";
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly Regex Head = new(@"^\s*\S{3,20}\s+Vend:Dvid\s+Subv:Subd\s+ISA/irq/Vect?\b", Options, Patience);

    private static readonly Regex Row = new(
        @"^(?<address>[0-9a-f:]{2,14}\.[0-9a-f]{1,2})\s+(?<v>[0-9a-f]{4}):(?<d>[0-9a-f]{4})(?<rest>(?:\s.*)?)$", Options, Patience);

    private static readonly Regex Rest = new(
        @"^\s*(?:(?<sv>[0-9a-f]{4}):(?<sd>[0-9a-f]{4}))?\s*(?:(?<isa>[0-9]{1,3})?\s*/\s*(?<irq>[0-9]{1,4})?\s*/\s*(?<vec>0x[0-9a-f]{1,4})?)?\s*(?:(?<pin>[A-D@])\s+)?(?<own>[A-Z?-])(?<tail>(?:\s.*)?)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Patience);

    private static readonly Regex DeviceName = new("^vm[a-z]+[0-9]+$", Options, Patience);

    /// <summary>Reads all rows.</summary>
    /// <param name="lines">Lines without their ends.</param>
    /// <param name="source">File name; null for piped text.</param>
    /// <exception cref="PassthruException"><see cref="InputErrors.NotRecognized"/> or <see cref="HostErrors.LspciRowUnreadable"/>.</exception>
    public static IReadOnlyList<LspciTableRow> Read(IReadOnlyList<string> lines, string? source)
    {
        var rows = new List<LspciTableRow>();
        var hasHead = false;
        var nameColumn = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line.Length > HostText.MaximumLineLength || HostText.IsShellNoise(line)) continue;
            if (Head.IsMatch(line))
            {
                hasHead = true;
                nameColumn = line.LastIndexOf("Name", StringComparison.OrdinalIgnoreCase);
            }
            else if (Parse(line, nameColumn) is { } row)
            {
                rows.Add(row with { Source = source, Line = i + 1 });
            }
            else if (rows.Count > 0 && lines.Skip(i + 1).All(rest => rest.Trim().Length == 0 || HostText.IsShellNoise(rest)))
            {
                var last = rows[rows.Count - 1];
                rows[rows.Count - 1] = last with { Warnings = [.. last.Warnings, FormattableString.Invariant($"Line {i + 1}, the last one, is no whole row and was ignored.")] };
            }
            else if (hasHead)
            {
                throw HostErrors.LspciRowUnreadable.For(source, HostText.Name(source), i + 1, line.Length > 80 ? line.Substring(0, 80) + "…" : line);
            }
            else
            {
                break;
            }
        }

        return rows.Count > 0 ? WithAddresses(rows) : throw InputErrors.NotRecognized.For(source, HostText.Name(source), "the table of lspci -p", Command);
    }

    private static LspciTableRow? Parse(string line, int nameColumn)
    {
        // A row has some 80 characters; the patterns below need not cope with more.
        if (line.Length > 300 || Row.Match(line) is not { Success: true } row) return null;
        var rest = Rest.Match(row.Groups["rest"].Value);
        if (!rest.Success) return null;
        var tail = rest.Groups["tail"];
        var (module, name) = ModuleAndName(line, tail.Value, nameColumn);
        return new LspciTableRow
        {
            AddressText = row.Groups["address"].Value,
            VendorId = Id(row.Groups["v"])!.Value,
            DeviceId = Id(row.Groups["d"])!.Value,
            SubVendorId = Id(rest.Groups["sv"]),
            SubDeviceId = Id(rest.Groups["sd"]),
            IsaIrq = (int?)HostText.Number(rest.Groups["isa"].Value),
            Irq = (int?)HostText.Number(rest.Groups["irq"].Value),
            Vector = (int?)HostText.Number(rest.Groups["vec"].Value),
            Pin = rest.Groups["pin"].Value is { Length: 1 } pin and not "@" ? pin.ToUpperInvariant() : null,
            OwnerCode = rest.Groups["own"].Value,
            Module = module,
            Name = name,
        };
    }

    // Either may be blank: the place under the head tells which it is, and where the places are lost, the shape of the name.
    private static (string? Module, string? Name) ModuleAndName(string line, string tail, int nameColumn)
    {
        var words = tail.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return (null, null);
        if (words.Length > 1) return (string.Join(" ", words.Take(words.Length - 1)), words[words.Length - 1]);
        var isName = DeviceName.IsMatch(words[0]) || (nameColumn > 0 && line.Length > nameColumn && line.LastIndexOf(words[0], StringComparison.Ordinal) >= nameColumn);
        return isName ? (null, words[0]) : (words[0], null);
    }

    private static ushort? Id(Group group) =>
        group.Success ? ushort.Parse(group.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : null;

    // A table is in one base throughout. A letter shows hexadecimal; a number too large for hexadecimal (31 as a slot) shows decimal.
    private static List<LspciTableRow> WithAddresses(List<LspciTableRow> rows)
    {
        var isNew = rows.All(row => row.AddressText.Split(':') is { Length: 3 } parts && parts[1].Length == 2);
        var isThreeDigit = rows.All(row => row.AddressText.Split(':') is { Length: >= 2 } parts && parts[parts.Length - 2].Length == 3);
        var hexadecimal = isNew || rows.All(row => PciAddress.TryParse(row.AddressText, PciAddressNotation.Hexadecimal, out _));
        var isDecimal = isThreeDigit || rows.All(row => PciAddress.TryParse(row.AddressText, PciAddressNotation.Vmx, out _));
        for (var i = 0; i < rows.Count; i++)
        {
            var text = rows[i].AddressText;
            var isHex = PciAddress.TryParse(text, PciAddressNotation.Hexadecimal, out var hex);
            var isDec = PciAddress.TryParse(text, PciAddressNotation.Vmx, out var dec);
            PciAddress? address = isNew ? (isHex ? hex : null)
                : isThreeDigit ? (isDec ? dec : null)
                : hexadecimal && !isDecimal ? hex
                : isDecimal && !hexadecimal ? dec
                : isHex && isDec && hex == dec ? hex
                : null;
            rows[i] = address is not null
                ? rows[i] with { Address = address }
                : rows[i] with { Warnings = [.. rows[i].Warnings, $"The address '{text}' can be decimal or hexadecimal, and nothing in the table decides it."] };
        }

        return rows;
    }
}
