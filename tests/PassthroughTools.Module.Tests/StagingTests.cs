using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace PassthroughTools.Tests;

/// <summary>The staged folder holds what the sources hold, and all that either edition needs.</summary>
public sealed class StagingTests
{
    private static readonly string Sources = Path.Combine(Repository.Root, "src", "Module");

    [Fact]
    public void Every_format_view_of_the_sources_is_staged() =>
        Assert.Equal(ViewsOf(Files("Formats", "*.Format.ps1xml")), ViewsOf([Path.Combine(Repository.Stage, "PassthroughTools.Format.ps1xml")]));

    [Fact]
    public void Every_control_of_the_sources_is_staged() =>
        Assert.Equal(
            ElementsOf(Files("Formats", "*.Format.ps1xml"), "Controls", "Control"),
            ElementsOf([Path.Combine(Repository.Stage, "PassthroughTools.Format.ps1xml")], "Controls", "Control"));

    [Fact]
    public void Every_function_of_the_sources_is_staged()
    {
        var staged = File.ReadAllText(Path.Combine(Repository.Stage, "PassthroughTools.psm1"));
        Assert.All(Files("Functions", "*.ps1"), file => Assert.Contains(File.ReadAllText(file).TrimEnd(), staged, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_script_of_the_sources_is_staged() =>
        Assert.All(Files("Scripts", "*.ps1"), file => Assert.Equal(File.ReadAllText(file), File.ReadAllText(Path.Combine(Repository.Stage, "Scripts", Path.GetFileName(file)))));

    [Fact]
    public void Windows_PowerShell_reads_the_scripts_in_any_code_page() =>
        Assert.All(Files("Scripts", "*.ps1"), file => Assert.True(System.Text.Ascii.IsValid(File.ReadAllBytes(file)), file));

    [Fact]
    public void Windows_PowerShell_reads_the_root_module_as_UTF8() =>
        Assert.Equal([0xEF, 0xBB, 0xBF], File.ReadAllBytes(Path.Combine(Repository.Stage, "PassthroughTools.psm1")).Take(3));

    [Theory]
    [InlineData("net8.0")]
    [InlineData("netstandard2.0")]
    public void No_stand_in_for_the_engine_is_shipped(string framework) =>
        Assert.False(File.Exists(Path.Combine(Repository.Stage, "bin", framework, "System.Management.Automation.dll")));

    [Fact]
    public void Everything_that_Windows_PowerShell_lacks_is_shipped()
    {
        var folder = Path.Combine(Repository.Stage, "bin", "netstandard2.0");
        var files = Directory.GetFiles(folder, "*.dll");
        var shipped = files.Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // .NET Framework 4.7.2 has netstandard.dll and what it forwards to.
        string[] present = ["netstandard", "mscorlib", "System", "System.Core", "System.Management.Automation"];
        var missing = files.SelectMany(References).Except(shipped.OfType<string>()).Except(present);
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_library_of_others_that_ships_is_named_in_the_notices_with_its_version()
    {
        var notices = File.ReadAllText(Path.Combine(Repository.Stage, "THIRD-PARTY-NOTICES.txt")).ReplaceLineEndings("\n").Split("\n\n");
        var packages = ShippedPackages();
        // "Name version", the files, a copyright, an address.
        var entries = notices.Where(entry => entry.Contains("\n  Copyright (c) ", StringComparison.Ordinal) && entry.Contains("\n  https://", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            packages.Select(package => package.Name + "\n  " + string.Join("\n  ", package.Files)).Order(StringComparer.Ordinal),
            entries.Select(entry => entry[..entry.IndexOf("\n  Copyright", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
        Assert.Contains(notices, entry => entry.StartsWith("Permission is hereby granted, free of charge", StringComparison.Ordinal));
        Assert.Contains("License notice for", File.ReadAllText(Path.Combine(Repository.Stage, "dotnet-THIRD-PARTY-NOTICES.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_library_of_others_that_ships_is_under_the_MIT_licence()
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"));
        Assert.All(ShippedPackages(), package =>
        {
            var parts = package.Name.Split(' ');
            var metadata = XDocument.Load(Directory.GetFiles(Path.Combine(folder, parts[0].ToLowerInvariant(), parts[1]), "*.nuspec").Single()).Root!.Elements().First().Elements().ToList();
            // The oldest has an address instead of an expression: the licence of .NET's library repository of then, which is MIT.
            var license = metadata.SingleOrDefault(element => element.Name.LocalName == "license")?.Value ?? metadata.Single(element => element.Name.LocalName == "licenseUrl").Value;
            Assert.Contains(license, (string[])["MIT", "https://github.com/dotnet/corefx/blob/master/LICENSE.TXT"]);
        });
    }

    [Fact]
    public void Shipped_assemblies_of_ours_bear_the_manifests_version()
    {
        using var session = ModuleSession.Bare();
        var version = session.Run("(Test-ModuleManifest -Path $args[0]).Version.ToString()", Repository.Manifest).ThrowIfFailed().Single.ToString();
        foreach (var framework in (string[])["net8.0", "netstandard2.0"])
        {
            var name = System.Reflection.AssemblyName.GetAssemblyName(Path.Combine(Repository.Stage, "bin", framework, "PassthroughTools.dll"));
            Assert.Equal(version, name.Version!.ToString(3));
        }
    }

    private static string[] Files(string folder, string pattern) =>
        Directory.Exists(Path.Combine(Sources, folder)) ? Directory.GetFiles(Path.Combine(Sources, folder), pattern, SearchOption.AllDirectories) : [];

    private static IEnumerable<string> ViewsOf(IEnumerable<string> files) => ElementsOf(files, "ViewDefinitions", "View");

    private static List<string> ElementsOf(IEnumerable<string> files, string parent, string name) =>
        [.. files.SelectMany(file => XDocument.Load(file).Descendants(name))
            .Where(element => element.Parent?.Name == parent && element.Parent.Parent?.Name.LocalName is null or "Configuration")
            .Select(element => element.ToString(SaveOptions.DisableFormatting)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> References(string file)
    {
        using var reader = new PEReader(File.OpenRead(file));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    /// <summary>"Name version" of every package of which a library is staged, with those libraries' file names, as the restore resolved them.</summary>
    private static IReadOnlyList<(string Name, IReadOnlyList<string> Files)> ShippedPackages()
    {
        using var assets = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", "PassthroughTools", "obj", "project.assets.json")));
        var shipped = Directory.GetFiles(Path.Combine(Repository.Stage, "bin"), "*.dll", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)).Where(name => !name.StartsWith("PassthroughTools", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var packages = from target in assets.RootElement.GetProperty("targets").EnumerateObject()
                       from library in target.Value.EnumerateObject()
                       where library.Value.TryGetProperty("runtime", out _)
                       from file in library.Value.GetProperty("runtime").EnumerateObject()
                       let name = Path.GetFileName(file.Name)
                       where shipped.Contains(name)
                       group name by library.Name.Replace('/', ' ');
        var found = packages.Select(package => (package.Key, (IReadOnlyList<string>)[.. package.Distinct().Order(StringComparer.Ordinal)])).ToList();
        Assert.Equal(shipped.Order(StringComparer.Ordinal), found.SelectMany(package => package.Item2).Distinct().Order(StringComparer.Ordinal));
        return found;
    }
}
