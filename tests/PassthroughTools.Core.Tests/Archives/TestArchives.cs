using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace PassthroughTools.Tests.Archives;

/// <summary>A folder of its own for each test, and ways to make good and bad archives in it.</summary>
public sealed class TestArchives : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("passthru-test-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Tgz(params (string Path, string Content)[] files) => Write("good.tgz", Gzip(Tar(TarEntryFormat.Pax, files)));

    public string Raw(params byte[][] parts) => Write("raw.tar", Concat([.. parts, new byte[1024]]));

    public string Zip(params (string Path, string Content, int Attributes)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content, attributes) in files)
            {
                var entry = zip.CreateEntry(path);
                entry.ExternalAttributes = attributes;
                using var stream = entry.Open();
                stream.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return Write("test.zip", bytes.ToArray());
    }

    public static byte[] Tar(TarEntryFormat format, params (string Path, string Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, format, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                var type = format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
                TarEntry entry = format switch
                {
                    TarEntryFormat.V7 => new V7TarEntry(type, path),
                    TarEntryFormat.Ustar => new UstarTarEntry(type, path),
                    TarEntryFormat.Gnu => new GnuTarEntry(type, path),
                    _ => new PaxTarEntry(type, path),
                };
                entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
                writer.WriteEntry(entry);
            }
        }

        return bytes.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A tar entry byte for byte, as no honest tool would write it.</summary>
    public static byte[] Entry(string path, string content = "", char type = '0', string link = "", string? size = null, bool gnu = false)
    {
        var data = Encoding.Latin1.GetBytes(content);
        var head = new byte[512];
        Put(path, 0);
        Put("0000644\0", 100);
        Put(size ?? Convert.ToString(data.Length, 8).PadLeft(11, '0') + "\0", 124);
        Put("00000000000\0", 136);
        Put("        ", 148);
        head[156] = (byte)type;
        Put(link, 157);
        Put(gnu ? "ustar  \0" : "ustar\0" + "00", 257);
        if (gnu) Put("14712345670\0", 345);
        var sum = head.Sum(value => value);
        Put(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", 148);
        return Concat(head, data, new byte[(512 - (data.Length % 512)) % 512]);

        void Put(string text, int at) => Encoding.Latin1.GetBytes(text).CopyTo(head, at);
    }

    public static byte[] Pax(string key, string value)
    {
        var body = $" {key}={value}\n";
        var length = body.Length + 1;
        while (length != body.Length + length.ToString().Length) length++;
        return Entry("PaxHeader", length + body, 'x');
    }

    public static byte[] Concat(params byte[][] parts) => [.. parts.SelectMany(part => part)];
}
