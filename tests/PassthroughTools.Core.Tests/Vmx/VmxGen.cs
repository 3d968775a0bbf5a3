using System.Text;
using CsCheck;

namespace PassthroughTools.Tests.Vmx;

/// <summary>Generates .vmx files: well-formed ones in many encodings and styles, and damaged ones.</summary>
internal static class VmxGen
{
    private static readonly string[] PlainKeys =
    [
        "displayName", "guestOS", "memSize", "sched.mem.min", "pciPassthru0.id", "pciPassthru0.present", "pciPassthru0.msiEnabled", "pciPassthru17.id",
        "pciPassthru17.pfId", "pciPassthru3.msiEnabled", "scsi0:0.fileName", "uuid.bios", "annotation", ".encoding", "DISPLAYNAME", "x",
    ];

    public static readonly Gen<string> Key = Gen.OneOf<string>(PlainKeys);

    public static readonly Gen<string> Value = Gen.OneOf<string>(
        Gen.OneOf<string>("TRUE", "FALSE", "", "00000:026:01.2", "0000:0d:00.0", "a|22b|7Cc", "|C3|A9", "é", "日本", "a b", " lead", "UTF-8", "windows-1252", "Shift_JIS", "nonsense"),
        Gen.Char[' ', '~'].Array[0, 12].Select(chars => new string(chars)));

    private static readonly Gen<string> Blank = Gen.OneOf<string>("", " ", "\t", "  ", " \t ");

    public static readonly Gen<string> LineEnd = Gen.OneOf<string>("\n", "\r\n", "\r");

    private static readonly Gen<string> Setting =
        Gen.Select(Blank, Key, Blank, Blank, Value, Gen.OneOf<string>("\"{0}\"", "{0}", "\"{0}\"  ", "\"{0}\" # why", "“{0}”", "\"{0}"))
            .Select(t => t.Item1 + t.Item2 + t.Item3 + "=" + t.Item4 + string.Format(t.Item6, t.Item5));

    private static readonly Gen<string> Line = Gen.Frequency<string>(
        (8, Setting), (4, Gen.OneOf<string>("", "# a comment = \"x\"", "garbage", "= \"no key\"")));

    private static readonly Gen<byte[]> Text =
        Gen.Select(Gen.Select(Line, LineEnd).Array[0, 20], Gen.Bool, Gen.Int[0, 4])
            .Select((lines, final, encoding) =>
            {
                var text = string.Concat(lines.Select(line => line.Item1 + line.Item2));
                if (!final) text = text.TrimEnd('\r', '\n');
                return encoding switch
                {
                    0 => Encoding.UTF8.GetBytes(text),
                    1 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
                    2 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
                    3 => CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes(text),
                    _ => Encoding.Latin1.GetBytes(text),
                };
            });

    /// <summary>Any bytes: files, files with some bytes changed, noise.</summary>
    public static readonly Gen<byte[]> Any = Gen.Frequency<byte[]>(
        (6, Text),
        (3, Gen.Select(Text, Gen.Select(Gen.Int[0, 2000], Gen.Byte).Array[1, 6]).Select((bytes, hits) =>
        {
            foreach (var (at, value) in hits)
            {
                if (bytes.Length > 0) bytes[at % bytes.Length] = value;
            }

            return bytes;
        })),
        (1, Gen.Byte.Array[0, 200]));
}
