namespace PassthroughTools.Tests.IO;

/// <summary>A folder of its own for each test, and its content by bytes.</summary>
internal sealed class TestFolder : IDisposable
{
    private const string MemoryDisk = "/dev/shm";

    /// <param name="inMemory">True for the tests that flush thousands of times; their faults are caused above the disk anyway.</param>
    public TestFolder(bool inMemory = false)
    {
        Path = inMemory && Directory.Exists(MemoryDisk)
            ? Directory.CreateDirectory(System.IO.Path.Combine(MemoryDisk, "passthru-test-" + Guid.NewGuid().ToString("N"))).FullName
            : Directory.CreateTempSubdirectory("passthru-test-").FullName;
    }

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public string[] Names() => [.. Directory.EnumerateFileSystemEntries(Path).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal)!];

    public Dictionary<string, byte[]> Snapshot() =>
        Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllBytes);

    public void Restore(Dictionary<string, byte[]> snapshot)
    {
        foreach (var file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)) File.Delete(file);
        foreach (var (file, content) in snapshot)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
