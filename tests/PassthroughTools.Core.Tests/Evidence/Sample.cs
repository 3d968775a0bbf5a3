using System.Reflection;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools.Tests.Evidence;

/// <summary>The samples, and copies of them that a test may damage.</summary>
internal sealed class Sample : IDisposable
{
    public const string Outage = "lpe12000-outage";
    public const string Mixed = "lpe12000-mixed";
    public const string Cookies = "esxi8-cookies";
    public const string LookAlikes = "lookalikes";

    private Sample(string path) => Path = path;

    /// <summary>Folder of the copy.</summary>
    public string Path { get; }

    /// <summary>Folder of the original.</summary>
    public static string Original(string name) => System.IO.Path.Combine(Root, "samples", name);

    /// <summary>Copies a sample to a temporary folder.</summary>
    public static Sample Copy(string name)
    {
        var target = Directory.CreateTempSubdirectory("passthru-sample-").FullName;
        foreach (var file in Directory.EnumerateFiles(Original(name), "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(Original(name), file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return new Sample(target);
    }

    /// <summary>An empty folder.</summary>
    public static Sample Empty() => new(Directory.CreateTempSubdirectory("passthru-sample-").FullName);

    public string Place(string name) => System.IO.Path.Combine(Path, name.Replace('/', System.IO.Path.DirectorySeparatorChar));

    public HostEvidence Read() => Assert.Single(EvidenceReader.Read(Path));

    public HostVectorBudget Budget() => BudgetCalculator.Compute(Read());

    /// <summary>Every file with its content, to compare whole folders.</summary>
    public SortedDictionary<string, byte[]> Content() => ContentOf(Path);

    public static SortedDictionary<string, byte[]> ContentOf(string folder)
    {
        var content = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)) content[System.IO.Path.GetRelativePath(folder, file)] = File.ReadAllBytes(file);
        return content;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Root => typeof(Sample).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == "RepoRoot").Value!;
}
