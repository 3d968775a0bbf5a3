using System.Text;
using CsCheck;
using PassthroughTools.Registry;

namespace PassthroughTools.Tests.Registry;

/// <summary>Generates .reg files: exports as reg.exe writes them, and damaged ones.</summary>
internal static class RegGen
{
    public const string Root = @"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI";

    private static readonly string[] Paths =
    [
        @"\A", @"\A\B", @"\A\B\C", @"\a\b", @"\D", @"\D\E", "",
    ];

    public static readonly Gen<string> Path = Gen.OneOf<string>(Paths).Select(tail => Root + tail);

    public static readonly Gen<string> Name = Gen.OneOf<string>("", "MSISupported", "msisupported", "MessageNumberLimit", "a\"b", @"c\d", "ö日", "x");

    public static readonly Gen<RegData> Data = Gen.OneOf<RegData>(
        Gen.UInt.Select(RegData.Dword),
        Gen.OneOf<string>("", "text", @"C:\path", "say \"hi\"", "two\r\nlines", "日本").Select(RegData.String),
        Gen.Select(Gen.OneOf<uint>(0, 1, 2, 3, 4, 7, 11, 0xffff0007, 0xffff000d), Gen.Byte.Array[0, 60]).Select((type, bytes) => new RegData(type, bytes)));

    /// <summary>An export: each key and value once, parents first, blank lines as reg.exe writes them.</summary>
    public static readonly Gen<RegDocument> Export =
        Gen.Select(Gen.Select(Path, Name, Data).Array[0, 12], Gen.Bool).Select((values, isUtf16) =>
        {
            var document = RegDocument.Create();
            document.AddKey(Root);
            foreach (var (path, name, data) in values)
            {
                if (document.GetValue(path, name) is null) document.SetValue(path, name, data);
            }

            var bytes = document.ToBytes();
            if (!isUtf16) bytes = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2))];
            return RegDocument.Parse(bytes);
        });

    private static readonly Gen<string> Line = Gen.OneOf<string>(
        Path.Select(path => $"[{path}]"),
        Path.Select(path => $"[-{path}]"),
        Gen.Select(Name, Data).Select((name, data) => string.Join("\r\n", RegSyntax.WriteValue(name, data)!)),
        Gen.OneOf<string>(
            "", "; comment", "\"x\"=-", "@=\"default\"", "\"multi\"=\"one", "two\"", "\"hex\"=hex(7):41,00,\\", "  42,00,00,00", "\"bad\"=dword:zz",
            "\"str\"=str(2):\"%x%\"", "garbage", "\"y\" = dword:1 ; why", "[]", "[\\]", "\"cut"));

    private static readonly Gen<byte[]> Text =
        Gen.Select(Gen.OneOf<string>("Windows Registry Editor Version 5.00", "REGEDIT4", "", "\r\nREGEDIT4"), Line.Array[0, 20], Gen.OneOf<string>("\r\n", "\n"), Gen.Int[0, 3])
            .Select((header, lines, end, encoding) =>
            {
                var text = header + end + string.Join(end, lines);
                return encoding switch
                {
                    0 => Encoding.UTF8.GetBytes(text),
                    1 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
                    2 => CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes(text),
                    _ => Encoding.BigEndianUnicode.GetBytes(text),
                };
            });

    /// <summary>Any bytes: files, files with some bytes changed, noise.</summary>
    public static readonly Gen<byte[]> Any = Gen.Frequency<byte[]>(
        (3, Text),
        (3, Export.Select(document => document.ToBytes())),
        (3, Gen.Select(Text, Gen.Select(Gen.Int[0, 4000], Gen.Byte).Array[1, 6]).Select((bytes, hits) =>
        {
            foreach (var (at, value) in hits)
            {
                if (bytes.Length > 0) bytes[at % bytes.Length] = value;
            }

            return bytes;
        })),
        (1, Gen.Byte.Array[0, 200]));
}
