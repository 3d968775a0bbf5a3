using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace PassthroughTools.Evidence.Export;

/// <summary>Finds the identifiers of text, and replaces them once all of them are known.</summary>
internal sealed class Redactor(RedactionMap map, NameTable names)
{
    private static readonly Regex Shape = IdentifierPatterns.Make(IdentifierPatterns.Shapes);
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private Regex? _everything;
    private Dictionary<string, string> _spellings = [];
    private Dictionary<string, string> _bounded = [];

    /// <summary>Looks for identifiers.</summary>
    /// <param name="text">Text of a file, or a part of it that ends with a line.</param>
    /// <param name="isLog">True where words of a log may tell user names.</param>
    public void Learn(string text, bool isLog)
    {
        foreach (Match match in Shape.Matches(text))
        {
            if (match.Groups["ip4"].Success || match.Groups["ip6"].Success)
            {
                if (!IsVersion(match, text) && IsOwnAddress(match.Value, out var address)) map.KnownAddresses.Add(address.ToString());
            }
            else if (!match.Groups["storage"].Success && HexOf(match) is { } digits && IsIdentifier(match, digits))
            {
                map.Known.Add(digits);
            }
        }

        foreach (Match match in IdentifierPatterns.VmxValue.Matches(text))
        {
            var value = Decode(Unescape(match.Groups["value"].Value));
            if (match.Groups["vm"].Success) names.Add(NameKind.VM, value);
            else if (match.Groups["net"].Success) names.Add(NameKind.Network, value);
            else if (match.Groups["serial"].Success) names.Add(NameKind.Serial, value);
        }

        foreach (Match match in IdentifierPatterns.DatastorePath.Matches(text))
        {
            names.Add(NameKind.Datastore, Decode(match.Groups["store"].Value));
            if (match.Groups["folder"].Success) names.Add(NameKind.VM, Decode(match.Groups["folder"].Value));
        }

        foreach (Match match in IdentifierPatterns.Serial.Matches(text)) names.Add(NameKind.Serial, match.Groups["value"].Value);
        if (!isLog) return;
        foreach (Match match in IdentifierPatterns.User.Matches(text)) names.Add(NameKind.User, match.Groups["value"].Value.TrimEnd('.'));
    }

    /// <summary>Everything is known: names get their aliases.</summary>
    public void Freeze()
    {
        names.Freeze(map);
        _spellings = names.Spellings(bounded: false);
        _bounded = names.Spellings(bounded: true);
        var pattern = new StringBuilder(IdentifierPatterns.Shapes);

        // Other machines of a host's domain: the vCenter Server, mail and log servers.
        var domains = names.All.Where(each => each.Kind == NameKind.Domain).Select(each => each.Name).ToList();
        if (domains.Count > 0) pattern.Append(@"|(?<fqdn>(?<![a-z0-9._-])(?<labels>(?:[a-z0-9_-]{1,63}\.){1,8}?)(?<domain>").Append(Alternatives(domains)).Append(")(?![a-z0-9-]))");
        if (_spellings.Count > 0) pattern.Append("|(?<name>").Append(Alternatives(_spellings.Keys)).Append(')');
        if (_bounded.Count > 0) pattern.Append("|(?<word>(?<![a-z0-9_&]|[0-9a-f]{4}:)(?:").Append(Alternatives(_bounded.Keys)).Append(")(?![a-z0-9]))");
        _everything = IdentifierPatterns.Make(pattern.ToString());
    }

    /// <summary>Replaces the identifiers of text.</summary>
    public string Replace(string text)
    {
        text = IdentifierPatterns.VmxValue.Replace(text, WithValue);
        text = IdentifierPatterns.DatastorePath.Replace(text, WithPath);
        return _everything!.Replace(text, match => Replacement(match, text));
    }

    /// <summary>Replaces the name in host.json or vm.json, then the rest.</summary>
    public string ReplaceJson(string text, bool isHost) => Replace(IdentifierPatterns.JsonName.Replace(text, match =>
    {
        var group = match.Groups["value"];
        var name = FromJson(group.Value);
        var alias = isHost ? HostName(Decode(name)) : Find(name);
        return alias is null ? match.Value : Splice(match, group, alias);
    }));

    /// <summary>Replaces a host's name, FQDN or not.</summary>
    public string HostName(string name)
    {
        var dot = name.IndexOf('.');
        if (names.Find(name) is { } whole) return whole;
        return dot > 0 && names.Find(name.Substring(0, dot)) is { } host && names.Find(name.Substring(dot + 1)) is { } domain ? host + "." + domain : Replace(name);
    }

    /// <summary>Replaces a file's or folder's name.</summary>
    public string FileName(string name)
    {
        if (names.Find(name) is { } whole) return whole;
        var dot = name.LastIndexOf('.');
        return dot > 0 && names.Find(name.Substring(0, dot)) is { } stem ? stem + name.Substring(dot) : Replace(name);
    }

    /// <summary>Digits that replace a hexadecimal identifier, for readers of binary content.</summary>
    public string Hex(string digits) => map.Hex(digits);

    /// <summary>Notes an identifier that was found in binary content.</summary>
    public void LearnHex(string digits)
    {
        if (!RedactionMap.IsConstant(digits)) map.Known.Add(digits);
    }

    /// <summary>Identifiers of a length, in lower case, without separators.</summary>
    public IEnumerable<string> KnownHex(params int[] lengths) => map.Known.Where(digits => lengths.Contains(digits.Length));

    private static string Alternatives(IEnumerable<string> spellings) =>
        string.Join("|", spellings.OrderByDescending(spelling => spelling.Length).ThenBy(spelling => spelling, StringComparer.Ordinal).Select(Regex.Escape));

    private string Replacement(Match match, string text)
    {
        if (match.Groups["fqdn"].Success)
        {
            var labels = match.Groups["labels"].Value.TrimEnd('.');
            var host = names.Find(labels) ?? map.Text("Host", labels, 8, digits => "host-x" + digits);
            return host + "." + names.Find(match.Groups["domain"].Value);
        }

        if (match.Groups["name"].Success) return _spellings[match.Value];
        if (match.Groups["word"].Success) return _bounded[match.Value];
        if (match.Groups["storage"].Success)
        {
            var kind = match.Value.Substring(0, 3).ToLowerInvariant();
            return map.Text("StorageName", match.Value, 16, digits => kind is "t10" ? "t10." + digits : kind + ".2000-01.invalid:" + digits);
        }

        if (match.Groups["ip4"].Success || match.Groups["ip6"].Success)
        {
            if (!IsOwnAddress(match.Value, out var address)) return match.Value;
            return map.KnownAddresses.Contains(address.ToString()) ? map.Address(address) : match.Value;
        }

        var digitsOf = HexOf(match);
        return map.Known.Contains(digitsOf) ? Spread(match.Value, map.Hex(digitsOf)) : match.Value;
    }

    /// <summary>Puts digits in the places of the original's, in the original's case.</summary>
    private static string Spread(string original, string digits)
    {
        var result = original.ToCharArray();
        var start = original.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
        var isUpper = original.Skip(start).Any(character => character is >= 'A' and <= 'F');
        var next = 0;
        for (var i = start; i < result.Length; i++)
        {
            if (Pci.HexDigit.ValueOf(result[i]) < 0) continue;
            result[i] = isUpper ? char.ToUpperInvariant(digits[next]) : digits[next];
            next++;
        }

        return new string(result);
    }

    private static string HexOf(Match match)
    {
        var digits = new StringBuilder(match.Length);
        for (var i = match.Value.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? 2 : 0; i < match.Length; i++)
        {
            if (Pci.HexDigit.ValueOf(match.Value[i]) >= 0) digits.Append(char.ToLowerInvariant(match.Value[i]));
        }

        return digits.ToString();
    }

    private static bool IsIdentifier(Match match, string digits)
    {
        if (RedactionMap.IsConstant(digits)) return false;
        if (!match.Groups["hex"].Success) return true;

        // Shorter numbers, and decimal ones, count only where they were also met in a form that is unmistakable.
        return digits.Length >= 16 && (match.Value.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || digits.Any(char.IsLetter));
    }

    private static bool IsVersion(Match match, string text) =>
        match.Groups["ip4"].Success && IdentifierPatterns.BeforeVersion.IsMatch(text.Substring(Math.Max(0, match.Index - 16), Math.Min(16, match.Index)));

    private static bool IsOwnAddress(string text, out IPAddress address)
    {
        if (!IPAddress.TryParse(text, out address!)) return false;
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? bytes[0] is not (0 or 127 or 255) : !IPAddress.IsLoopback(address) && bytes.Any(part => part != 0);
    }

    private string WithValue(Match match)
    {
        var group = match.Groups["value"];
        if (match.Groups["text"].Success) return group.Length == 0 ? match.Value : Splice(match, group, "redacted");
        if (match.Groups["number"].Success)
        {
            return group.Length == 0 ? match.Value
                : Splice(match, group, map.Text("Number", group.Value, 7, digits => Convert.ToInt32(digits, 16).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        return Find(Unescape(group.Value)) is { } alias ? Splice(match, group, alias) : match.Value;
    }

    private string WithPath(Match match)
    {
        var text = match.Value;
        foreach (var group in new[] { match.Groups["folder"], match.Groups["store"] })
        {
            if (group.Success && Find(group.Value) is { } alias) text = text.Substring(0, group.Index - match.Index) + alias + text.Substring(group.Index - match.Index + group.Length);
        }

        return text;
    }

    private static string Splice(Match match, Group group, string text) =>
        match.Value.Substring(0, group.Index - match.Index) + text + match.Value.Substring(group.Index - match.Index + group.Length);

    // |22 is how a .vmx writes a quotation mark.
    private static string Unescape(string value) => value.IndexOf('|') < 0 ? value
        : Regex.Replace(value, @"\|([0-9A-Fa-f]{2})", match => ((char)Convert.ToInt32(match.Groups[1].Value, 16)).ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));

    private static string FromJson(string text)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse("\"" + text + "\"");
            return document.RootElement.GetString()!;
        }
        catch (System.Text.Json.JsonException)
        {
            return text;
        }
    }

    private string? Find(string text) => names.Find(text) ?? names.Find(Decode(text));

    /// <summary>Eight-bit files are read as Latin-1, so that every byte survives; a name in them is UTF-8 nearly always.</summary>
    private static string Decode(string text)
    {
        if (text.All(character => character < 0x80) || text.Any(character => character > 0xff)) return text;
        try
        {
            return Strict.GetString(Encoding.GetEncoding("iso-8859-1").GetBytes(text));
        }
        catch (DecoderFallbackException)
        {
            return text;
        }
    }
}
