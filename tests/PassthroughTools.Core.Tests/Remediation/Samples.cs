using System.Text;

namespace PassthroughTools.Tests.Remediation;

/// <summary>The samples of the repository, by their path in it.</summary>
internal static class Samples
{
    private static readonly string Folder = Find();

    public static TheoryData<string> Named(string pattern)
    {
        var names = Directory.GetFiles(Folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => Path.GetRelativePath(Folder, file)).ToList();
        Assert.NotEmpty(names);
        return [.. names];
    }

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static string Text(string name) => Encoding.ASCII.GetString(Bytes(name));

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PassthroughTools.sln"))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("not inside the repository"), "samples");
    }
}
