namespace PassthroughTools.Tests;

/// <summary>A folder of its own for each test, with a fingerprint that shows any write in it, undone ones included.</summary>
internal sealed class WorkFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("passthru-module-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public string CopySample(string sample, string name)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.Copy(System.IO.Path.Combine(Repository.Root, "samples", sample), this[name]);
        return this[name];
    }

    public IReadOnlyList<string> Names() => [.. Directory.EnumerateFileSystemEntries(Path).Select(entry => System.IO.Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];

    /// <summary>Names, bytes and times of change of everything, the folders' own included: a file that came and went changes its folder's time.</summary>
    public IReadOnlyList<string> Fingerprint() =>
    [
        .. Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories).Append(Path).Order(StringComparer.Ordinal).Select(entry =>
            entry + " " + File.GetLastWriteTimeUtc(entry).Ticks + " " + (File.Exists(entry) ? Convert.ToHexString(File.ReadAllBytes(entry)) : "folder")),
    ];

    /// <summary>Takes the right to write away from the folders and the files.</summary>
    public void MakeReadOnly()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories).Append(Path)) SetWritable(entry, false);
    }

    public void Dispose()
    {
        SetWritable(Path, true);
        foreach (var entry in Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories)) SetWritable(entry, true);
        Directory.Delete(Path, recursive: true);
    }

    private static void SetWritable(string path, bool isWritable)
    {
        if (OperatingSystem.IsWindows())
        {
            if (File.Exists(path)) File.SetAttributes(path, isWritable ? FileAttributes.Normal : FileAttributes.ReadOnly);
            return;
        }

        const UnixFileMode Write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        var mode = File.GetUnixFileMode(path);
        File.SetUnixFileMode(path, isWritable ? mode | UnixFileMode.UserWrite : mode & ~Write);
    }
}
