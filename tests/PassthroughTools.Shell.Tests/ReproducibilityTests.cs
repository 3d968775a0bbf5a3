using System.Diagnostics;

namespace PassthroughTools.Tests;

/// <summary>The sources alone decide what is shipped: not the folder, the machine's state or the order in which things were compiled.</summary>
public sealed class ReproducibilityTests
{
#if DEBUG
    [Fact(Skip = "Only Release builds, which are packaged, map the paths of their sources.")]
#else
    [Fact]
#endif
    public void Built_in_another_folder_the_module_has_the_same_bytes()
    {
        var folder = Directory.CreateTempSubdirectory("passthru-clone-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(Passthru.Repository)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            foreach (var part in (string[])["src", "en-US"]) CopySources(Path.Combine(Passthru.Repository, part), Path.Combine(folder, part));

            // Analyzers judge and documentation is written beside; neither leaves a trace in what is compiled, and without them it takes a third of the time.
            var start = new ProcessStartInfo("dotnet", ["build", "src/Module", "--configuration", "Release", "--verbosity", "quiet", "-nologo", "-nodeReuse:false", "-property:RunAnalyzers=false", "-property:GenerateDocumentationFile=false", "-property:NuGetAudit=false", "-property:UseSharedCompilation=false"])
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            using var build = Process.Start(start)!;
            var said = build.StandardOutput.ReadToEnd();
            build.WaitForExit();
            Assert.True(build.ExitCode == 0, said);
            Assert.Equal(Content(Passthru.Repository), Content(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void CopySources(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var part in Directory.GetDirectories(from).Where(part => Path.GetFileName(part) is not ("bin" or "obj"))) CopySources(part, Path.Combine(to, Path.GetFileName(part)));
    }

    /// <summary>Name and hash of every staged file.</summary>
    private static string[] Content(string root)
    {
        var stage = Path.Combine(root, "out", "PassthroughTools");
        return [.. Directory.GetFiles(stage, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => Path.GetRelativePath(stage, file) + " " + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))))];
    }
}
