using System.Text;

namespace PassthroughTools.Text;

/// <summary>
/// Reads the small text files of the evidence (not logs) in whatever encoding an admin's shell left them in: UTF-8, UTF-16 with or without
/// a byte-order mark (PowerShell's redirection), Latin-1 as a last resort; LF, CRLF or CR line ends.
/// </summary>
public static class TextFile
{
    private const int ProbeLength = 4096;

    /// <summary>Reads all text of a file.</summary>
    /// <param name="path">File to read.</param>
    /// <exception cref="PassthruException"><see cref="InputErrors.NotFound"/>, <see cref="InputErrors.Unreadable"/> or <see cref="InputErrors.Binary"/>.</exception>
    public static string ReadAllText(string path)
    {
        try
        {
            return Decode(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InputErrors.NotFound.Because(e, path, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(path)) throw InputErrors.IsFolder.Because(e, path, path);
            throw InputErrors.Unreadable.Because(e, path, path, e.Message);
        }
    }

    /// <summary>Reads the lines of a file, without their ends.</summary>
    /// <param name="path">File to read.</param>
    /// <exception cref="PassthruException">As <see cref="ReadAllText"/>.</exception>
    public static IReadOnlyList<string> ReadAllLines(string path) => SplitLines(ReadAllText(path));

    /// <summary>Splits text at LF, CRLF or CR; a final line end makes no empty line.</summary>
    /// <param name="text">Text to split.</param>
    public static IReadOnlyList<string> SplitLines(string text)
    {
        var lines = new List<string>();
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } line) lines.Add(line);
        return lines;
    }

    /// <summary>Decodes bytes as text.</summary>
    /// <param name="bytes">Content of the file.</param>
    /// <param name="name">File name, for the error.</param>
    /// <exception cref="PassthruException"><see cref="InputErrors.Binary"/>.</exception>
    public static string Decode(byte[] bytes, string name)
    {
        var encoding = Detect(bytes, out var preamble);
        if (encoding is UTF8Encoding)
        {
            var zero = Array.IndexOf(bytes, (byte)0);
            if (zero >= 0) throw InputErrors.Binary.For(name, name, zero);
            try
            {
                return encoding.GetString(bytes, preamble, bytes.Length - preamble);
            }
            catch (DecoderFallbackException)
            {
                return Encoding.GetEncoding("iso-8859-1").GetString(bytes);
            }
        }

        return encoding.GetString(bytes, preamble, bytes.Length - preamble);
    }

    /// <summary>Finds the encoding by byte-order mark, else by where the zero bytes stand.</summary>
    /// <param name="bytes">The first bytes of the file, or all.</param>
    /// <param name="preamble">Length of the byte-order mark.</param>
    public static Encoding Detect(byte[] bytes, out int preamble)
    {
        preamble = 0;
        if (bytes is [0xEF, 0xBB, 0xBF, ..])
        {
            preamble = 3;
        }
        else if (bytes is [0xFF, 0xFE, ..])
        {
            preamble = 2;
            return Encoding.Unicode;
        }
        else if (bytes is [0xFE, 0xFF, ..])
        {
            preamble = 2;
            return Encoding.BigEndianUnicode;
        }
        else
        {
            int even = 0, odd = 0, probed = Math.Min(bytes.Length, ProbeLength) & ~1;
            for (var i = 0; i < probed; i += 2)
            {
                if (bytes[i] == 0) even++;
                if (bytes[i + 1] == 0) odd++;
            }

            // ASCII text in UTF-16 has a zero in nearly every second byte, and in none of the others.
            if (probed >= 4 && even == 0 && odd > probed * 2 / 5) return Encoding.Unicode;
            if (probed >= 4 && odd == 0 && even > probed * 2 / 5) return Encoding.BigEndianUnicode;
        }

        return new UTF8Encoding(false, throwOnInvalidBytes: true);
    }
}
