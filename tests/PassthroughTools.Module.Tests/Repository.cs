using System.Reflection;

namespace PassthroughTools.Tests;

/// <summary>Where the sources and the staged module are.</summary>
public static class Repository
{
    /// <summary>Root of the work tree.</summary>
    public static string Root { get; } = Metadata("RepoRoot");

    /// <summary>The staged module.</summary>
    public static string Stage { get; } = Metadata("StageDirectory");

    /// <summary>The staged manifest.</summary>
    public static string Manifest { get; } = Path.Combine(Stage, "PassthroughTools.psd1");

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
