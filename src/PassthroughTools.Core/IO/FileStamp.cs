using System.Security.Cryptography;

namespace PassthroughTools.IO;

/// <summary>What a file held when it was read: enough to tell later whether it is still the same.</summary>
/// <param name="Length">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of the content, 64 lower-case hexadecimal digits.</param>
public readonly record struct FileStamp(long Length, string Sha256)
{
    /// <summary>Stamp of a content.</summary>
    /// <param name="content">Content of a file.</param>
    public static FileStamp Of(byte[] content)
    {
#if NET8_0_OR_GREATER
        var hash = SHA256.HashData(content);
#else
        using var sha = SHA256.Create();
        var hash = sha.ComputeHash(content);
#endif
        return new(content.Length, Hex(hash, hash.Length));
    }

    /// <summary>Reads a file and its stamp in one go, so that both speak of the same content.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="PassthruException"><see cref="InputErrors.NotFound"/> or <see cref="InputErrors.Unreadable"/>.</exception>
    public static FileStamp Read(string path, out byte[] content)
    {
        try
        {
            content = FileReading.ReadAllBytes(path);
            return Of(content);
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

    internal static string Hex(byte[] bytes, int count) =>
        BitConverter.ToString(bytes, 0, count).Replace("-", "").ToLowerInvariant();
}
