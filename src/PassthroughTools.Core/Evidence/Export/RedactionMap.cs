using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace PassthroughTools.Evidence.Export;

/// <summary>
/// What is replaced by what, over all files and hosts of one export. Replacements come from a salt that is drawn at random for each export and never
/// written, so they tell nothing of the original and can't be compared with another export's.
/// </summary>
internal sealed class RedactionMap
{
    private readonly byte[] _salt;
    private readonly Dictionary<string, string> _hex = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _other = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _addresses = new(StringComparer.OrdinalIgnoreCase);

    public RedactionMap(byte[]? salt = null)
    {
        _salt = salt ?? new byte[32];
        if (salt is not null) return;
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(_salt);
    }

    /// <summary>Hexadecimal identifiers that were met, in lower case without separators.</summary>
    public HashSet<string> Known { get; } = new(StringComparer.Ordinal);

    /// <summary>Addresses that were met.</summary>
    public HashSet<string> KnownAddresses { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Everything that was replaced, original first.</summary>
    public IEnumerable<(string Kind, string Original, string Replacement)> Entries =>
        _hex.Select(pair => ("Hexadecimal", pair.Key, pair.Value)).Concat(_other.Select(pair => (pair.Key.Substring(0, pair.Key.IndexOf('\n')), pair.Key.Substring(pair.Key.IndexOf('\n') + 1), pair.Value)));

    /// <summary>True for numbers that are the same everywhere: all zeros, all ones, the GUIDs of device and property classes.</summary>
    public static bool IsConstant(string digits) =>
        digits.All(digit => digit == digits[0])
        || digits.EndsWith("bfc108002be10318", StringComparison.Ordinal)
        || digits is "0000000000000000ffffffffffffffff" or "ffffffff00000000" or "3ab22e3182644b4e9af5a8d2d8e33e62";

    /// <summary>As many hexadecimal digits as the original has, in lower case.</summary>
    public string Hex(string digits)
    {
        if (_hex.TryGetValue(digits, out var known)) return known;
        var replacement = "";
        for (var n = 0; replacement.Length == 0 || Known.Contains(replacement); n++) replacement = Digits(FormattableString.Invariant($"hex {n} {digits}"), digits.Length);

        // A MAC address stays one of a single station, and a locally administered one; a world-wide name keeps its format's digit.
        if (digits.Length == 12) replacement = "02" + replacement.Substring(2);
        if (digits.Length == 16) replacement = digits[0] + replacement.Substring(1);
        return _hex[digits] = replacement;
    }

    /// <summary>An address of a range that no network uses.</summary>
    public string Address(IPAddress address)
    {
        var text = address.ToString();
        if (_other.TryGetValue("Address\n" + text, out var known)) return known;
        for (var n = 0; ; n++)
        {
            var digits = Digits(FormattableString.Invariant($"address {n} {text}"), 24);
            var replacement = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
                ? FormattableString.Invariant($"24{Convert.ToInt32(digits.Substring(0, 2), 16) % 10}.{Convert.ToInt32(digits.Substring(2, 2), 16)}.{Convert.ToInt32(digits.Substring(4, 2), 16)}.{Convert.ToInt32(digits.Substring(6, 2), 16)}")
                : "2001:db8:" + string.Join(":", Enumerable.Range(0, 6).Select(i => "a" + digits.Substring(4 * i, 3)));
            if (KnownAddresses.Contains(replacement) || !_addresses.Add(replacement)) continue;
            return _other["Address\n" + text] = replacement;
        }
    }

    /// <summary>Any other text, by what makes its replacement of some digits.</summary>
    public string Text(string kind, string original, int length, Func<string, string> make)
    {
        var key = kind + "\n" + original;
        return _other.TryGetValue(key, out var known) ? known : _other[key] = make(Digits(key.ToUpperInvariant(), length));
    }

    /// <summary>Notes a name, which gets its alias elsewhere.</summary>
    public void Note(string kind, string original, string alias) => _other[kind + "\n" + original] = alias;

    /// <summary>Digits that depend on the salt and the words.</summary>
    public string Digits(string words, int length)
    {
        using var hash = new HMACSHA256(_salt);
        var digits = new StringBuilder();
        for (var n = 0; digits.Length < length; n++) digits.Append(IO.FileStamp.Hex(hash.ComputeHash(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{n} {words}"))), 32));
        return digits.ToString(0, length);
    }
}
