using System.Text.RegularExpressions;

namespace PassthroughTools.Evidence.Export;

/// <summary>Shapes by which identifiers are recognised wherever they stand, and places where a name stands.</summary>
internal static class IdentifierPatterns
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Compiled;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// UUIDs in the spellings of ESXi, VMFS volumes and .vmx files; bytes in pairs (MAC addresses, world-wide names, device serial numbers, thumbprints);
    /// IP addresses; iSCSI, NVMe and T10 names; long hexadecimal numbers.
    /// </summary>
    public const string Shapes =
        @"(?<uuid>(?<![0-9a-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}|(?:[0-9a-f]{2} ){7}[0-9a-f]{2}-(?:[0-9a-f]{2} ){7}[0-9a-f]{2})(?![0-9a-z]))"
        + @"|(?<pairs>(?<![0-9a-z])(?:0x)?[0-9a-f]{2}(?<s>[:-])(?:[0-9a-f]{2}\k<s>){4,63}[0-9a-f]{2}(?![0-9a-z]))"
        + @"|(?<dotted>(?<![0-9a-z.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![0-9a-z.]))"
        + @"|(?<ip6>(?<![0-9a-z:.])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}|(?:[0-9a-f]{1,4}:){1,7}:|::[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})(?![0-9a-z:]|\.[0-9]))"
        + @"|(?<ip4>(?<![0-9.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?![0-9]|\.[0-9]))"
        + @"|(?<storage>\b(?:iqn|eui|naa|nqn)\.[0-9]{4}-[0-9]{2}\.[^\s"",;'<>)\]]+|\bt10\.[^\s"",;'<>)\]]+)"
        + @"|(?<hex>(?<![0-9a-z])(?:0x)?[0-9a-f]{12,128}(?![0-9a-z]))";

    /// <summary>What stands before a four-part number that is a version and no address.</summary>
    public static readonly Regex BeforeVersion = new(@"(?:version|ver|driver|firmware|fw|rev|revision|release|build|\bv)[""']?[\s:=""'.]{0,4}\z", Options | RegexOptions.RightToLeft, Patience);

    /// <summary>Values of a .vmx, or of the copy that vmware.log prints, that name or describe the machine.</summary>
    public static readonly Regex VmxValue = new(
        @"(?:^|\bDICT)[ \t]*(?:(?<vm>displayName)|(?<net>ethernet[0-9]+\.(?:networkName|dvs\.portId|dvs\.portgroupId))|(?<text>annotation|guestinfo\.[^\s=]+|machine\.id|vmname)|(?<serial>smbios\.[^\s=]*(?:serial|asset)[^\s=]*|board-id[^\s=]*)|(?<number>vmci[0-9]+\.id))[ \t]*=[ \t]*""(?<value>[^""\r\n]*)""",
        Options | RegexOptions.Multiline, Patience);

    /// <summary>A name in host.json or vm.json.</summary>
    public static readonly Regex JsonName = new(@"""name""\s*:\s*""(?<value>(?:\\.|[^""\\])*)""", Options, Patience);

    /// <summary>Paths on datastores: /vmfs/volumes/STORE/FOLDER/ and [STORE] FOLDER/.</summary>
    public static readonly Regex DatastorePath = new(
        @"/vmfs/volumes/(?<store>[^/""\r\n\\]{1,80})(?:/(?<folder>[^/""\r\n\\]{1,80})(?=/))?|\[(?<store>[^\]/""\r\n]{1,80})\] (?<folder>[^/""\r\n]{1,80})(?=/[^/""\r\n]{1,100}\.(?:vmx|vmdk|log|nvram))", Options, Patience);

    /// <summary>Serial numbers and asset tags that are named as such.</summary>
    public static readonly Regex Serial = new(
        @"(?:\bserial[ _]?(?:number|no\.?|num)?|\bS/N|\[SN\]|service ?tag|asset ?tag|enclosure id)[""']?[ \t]*(?:serial number)?[ \t]*[:=][ \t]*[""']?(?<value>[a-z0-9][a-z0-9._/-]{3,63})", Options, Patience);

    /// <summary>User names, where the words around them say so.</summary>
    public static readonly Regex User = new(
        @"\b(?:user(?:name)?|login|account)[""']?[ \t]*[:=][ \t]*[""']?(?<value>[a-z0-9_.@\\$-]{2,64})|\b(?:for|by|from) user [""']?(?<value>[a-z0-9_.@\\$-]{2,64})|\bUser [""']?(?<value>[a-z0-9_.\\$-]{2,64})(?=@)|(?<![a-z0-9._%+@-])(?<value>[a-z0-9._%+-]{2,64})@(?=[a-z0-9-]+(?:\.[a-z0-9-]+)+)|\b(?:accepted|failed) (?:password|publickey|keyboard-interactive(?:/pam)?) for (?:invalid user )?(?<value>[a-z0-9_.@\\$-]{2,64})",
        Options, Patience);

    /// <summary>Makes a pattern in the style of these.</summary>
    public static Regex Make(string pattern) => new(pattern, Options, Patience);
}
