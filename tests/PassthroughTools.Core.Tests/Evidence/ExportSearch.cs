using System.IO.Compression;
using System.Text;

namespace PassthroughTools.Tests.Evidence;

/// <summary>Looks for text anywhere in a folder: in names and contents, as bytes, UTF-8 and UTF-16, within gzip, in any case.</summary>
internal static class ExportSearch
{
    /// <summary>Every form in which content could be read, by file; names are a file of their own.</summary>
    public static IReadOnlyList<(string File, string Text)> Texts(string folder)
    {
        var texts = new List<(string, string)>();
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, path);
            texts.Add((name, name));
            if (Directory.Exists(path)) continue;
            var bytes = File.ReadAllBytes(path);
            if (bytes is [0x1f, 0x8b, ..])
            {
                using var unpacked = new MemoryStream();
                using (var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress)) gzip.CopyTo(unpacked);
                bytes = unpacked.ToArray();
            }

            texts.Add((name, Encoding.UTF8.GetString(bytes)));
            texts.Add((name, Encoding.Latin1.GetString(bytes)));
            texts.Add((name, Encoding.Unicode.GetString(bytes)));
            texts.Add((name, Encoding.Unicode.GetString(bytes.AsSpan(Math.Min(1, bytes.Length)))));
            if (name.EndsWith(".reg", StringComparison.Ordinal)) texts.Add((name, BinaryValues(Encoding.Unicode.GetString(bytes))));
        }

        return texts;
    }

    public static void AssertAbsent(string folder, IEnumerable<string> identifiers)
    {
        var texts = Texts(folder);
        foreach (var identifier in identifiers.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            foreach (var (file, text) in texts)
            {
                var at = text.IndexOf(identifier, StringComparison.OrdinalIgnoreCase);
                Assert.True(at < 0, at < 0 ? "" : $"'{identifier}' in {file}: …{text[Math.Max(0, at - 40)..Math.Min(text.Length, at + 60)]}…");
            }
        }
    }

    public static bool Contains(string folder, string identifier) => Texts(folder).Any(each => each.Text.Contains(identifier, StringComparison.OrdinalIgnoreCase));

    // hex(7):41,00,… of all values, as the text that it is, without joining lines of different values.
    private static string BinaryValues(string text)
    {
        var result = new StringBuilder();
        foreach (var value in text.Replace("\\\r\n  ", "", StringComparison.Ordinal).Split("\r\n"))
        {
            var at = value.IndexOf("=hex", StringComparison.Ordinal);
            if (at < 0) continue;
            var data = value[(value.IndexOf(':', at) + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries);
            result.Append(Encoding.Unicode.GetString([.. data.Select(pair => Convert.ToByte(pair, 16))])).Append('\n').Append(string.Concat(data)).Append('\n');
        }

        return result.ToString();
    }
}
