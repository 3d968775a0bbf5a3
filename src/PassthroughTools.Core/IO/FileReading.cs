namespace PassthroughTools.IO;

/// <summary>Reading that does not stand in the way of a writer or of a rename.</summary>
internal static class FileReading
{
    /// <summary>Reads all bytes, tolerating that someone else has the file open for writing.</summary>
    /// <param name="path">File to read.</param>
    public static byte[] ReadAllBytes(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
