using System.IO.Compression;
using NuGet.Packaging;

namespace PassthroughTools.Tests;

/// <summary>The module's package: made of the staged module, read by NuGet's own reader, installed and used as an admin does.</summary>
public sealed class PackageTests(PackageTests.Feed feed) : IClassFixture<PackageTests.Feed>
{
    /// <summary>What build.ps1 packs, and that package installed as PSResourceGet installs it: Module/Version/, without what belongs to NuGet.</summary>
    public sealed class Feed : IDisposable
    {
        private readonly string _work = Directory.CreateTempSubdirectory("passthru-feed-").FullName;

        public Feed()
        {
            Package = Pack("feed");
            using var archive = ZipFile.OpenRead(Package);
            foreach (var entry in archive.Entries.Where(entry => entry.FullName is not ("[Content_Types].xml" or "PassthroughTools.nuspec")
                && !entry.FullName.StartsWith("_rels/", StringComparison.Ordinal) && !entry.FullName.StartsWith("package/", StringComparison.Ordinal)))
            {
                var target = Path.Combine(Module, entry.FullName);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                entry.ExtractToFile(target);
            }

            Directory.CreateDirectory(Empty);
        }

        /// <summary>The .nupkg.</summary>
        public string Package { get; }

        /// <summary>Empty module path with the one module in it.</summary>
        public string ModulePath => Path.Combine(_work, "Modules");

        public string Module => Path.Combine(ModulePath, "PassthroughTools", Version);

        /// <summary>Folder to stand in.</summary>
        public string Empty => Path.Combine(_work, "empty");

        private string Version => Path.GetFileNameWithoutExtension(Package)["PassthroughTools.".Length..];

        public string Pack(string name)
        {
            var folder = Path.Combine(_work, name);
            var outcome = Passthru.Run("-File", Path.Combine(Passthru.Repository, "build.ps1"), "-Task", "Package", "-NoBuild", "-Destination", folder);
            Assert.True(outcome.ExitCode == 0, outcome.Error);
            return Assert.Single(Directory.GetFiles(folder));
        }

        public void Dispose() => Directory.Delete(_work, recursive: true);
    }

    [Fact]
    public void NuGets_reader_finds_what_the_gallery_shows()
    {
        using var reader = new PackageArchiveReader(feed.Package);
        var nuspec = reader.NuspecReader;
        Assert.Equal("PassthroughTools", nuspec.GetId());
        Assert.Equal(Path.GetFileName(feed.Package), $"PassthroughTools.{nuspec.GetVersion().ToNormalizedString()}.nupkg");
        Assert.Equal(("MIT", "icon.png", false), (nuspec.GetLicenseMetadata()!.License, nuspec.GetIcon(), nuspec.GetRequireLicenseAcceptance()));
        Assert.All((string[])[nuspec.GetAuthors(), nuspec.GetOwners(), nuspec.GetDescription(), nuspec.GetProjectUrl(), nuspec.GetReleaseNotes(), nuspec.GetCopyright()], Assert.NotEmpty);
        Assert.Empty(nuspec.GetDependencyGroups());
        Assert.Contains("icon.png", reader.GetFiles());
        Assert.Contains("LICENSE", reader.GetFiles());
    }

    [Fact]
    public void Every_command_is_found_by_its_tags()
    {
        using var reader = new PackageArchiveReader(feed.Package);
        var tags = reader.NuspecReader.GetTags();
        Assert.True(tags.Length <= 4000, $"The gallery takes 4,000 characters of tags; these are {tags.Length}.");
        var list = tags.Split(' ');
        Assert.Equal(list.Distinct(StringComparer.OrdinalIgnoreCase), list);
        Assert.All((string[])["PSModule", "PSEdition_Desktop", "PSEdition_Core", "PSIncludes_Cmdlet", "PSIncludes_Function", "PSCmdlet_Test-HostVectorBudget", "PSCommand_Test-HostVectorBudget", "PSFunction_Invoke-PassthruRemediation"], tag => Assert.Contains(tag, list));
        var commands = Use("(Get-Module PassthroughTools).ExportedCommands.Keys | ForEach-Object { \"PSCommand_$_\" }").Lines;
        Assert.Equal(commands.Order(StringComparer.Ordinal), list.Where(tag => tag.StartsWith("PSCommand_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Packing_again_gives_the_same_bytes() => Assert.Equal(File.ReadAllBytes(feed.Package), File.ReadAllBytes(feed.Pack("again")));

    [Fact]
    public void Every_part_has_a_content_type()
    {
        using var package = System.IO.Packaging.Package.Open(feed.Package, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var archive = ZipFile.OpenRead(feed.Package);
        var parts = package.GetParts().Select(part => part.Uri.OriginalString.TrimStart('/'));
        Assert.Equal(archive.Entries.Select(entry => entry.FullName).Where(name => name != "[Content_Types].xml").Order(StringComparer.Ordinal), parts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_installed_manifest_is_valid_and_lists_every_file()
    {
        var manifest = Path.Combine(feed.Module, "PassthroughTools.psd1");
        var listed = Use($"$m = Test-ModuleManifest -Path '{manifest}' -ErrorAction Stop; $m.FileList | ForEach-Object {{ [System.IO.Path]::GetRelativePath($m.ModuleBase, $_).Replace('\\', '/') }}").Lines;
        var files = Directory.GetFiles(feed.Module, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(feed.Module, file).Replace('\\', '/'));
        Assert.Equal(files.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.NotEmpty(Use($"(Test-ModuleManifest -Path '{manifest}').PrivateData.PSData.ReleaseNotes").Lines);
    }

    [Fact]
    public void Imported_by_name_it_comes_from_the_module_path() =>
        Assert.Equal([feed.Module], Use("(Get-Module PassthroughTools).ModuleBase").Lines);

    [Fact]
    public void From_the_package_alone_the_sample_is_diagnosed_planned_tried_and_reported()
    {
        var sample = Path.Combine(Passthru.Repository, "samples", "lpe12000-outage");
        var before = Content(sample);
        var outcome = Use($$"""
            $budget = Get-PassthruEvidence '{{sample}}' | Test-HostVectorBudget
            "verdict $($budget.Verdict)"
            $plan = New-PassthruRemediationPlan -VMHost $budget
            "plan $($plan.IsFeasible) $($plan.After.Verdict)"
            "projected $((Invoke-PassthruRemediation -Plan $plan -JournalPath journal -WhatIf -PassThru).Outcome)"
            $budget | Export-PassthruReport -Destination report.html -IncludePlan
            $budget | Export-PassthruReport -Destination report.html -IncludePlan -Force -WhatIf
            """);
        Assert.Equal("", outcome.Error);
        Assert.Equal(["verdict Exceeds", "plan True Fits"], outcome.Lines.Where(line => line.StartsWith("verdict", StringComparison.Ordinal) || line.StartsWith("plan", StringComparison.Ordinal)));
        Assert.Contains(outcome.Lines, line => line.StartsWith("projected ", StringComparison.Ordinal) && line.Length > "projected ".Length);
        Assert.Contains(outcome.Lines, line => line.StartsWith("What if: ", StringComparison.Ordinal));
        Assert.Equal(["report.html"], Directory.GetFileSystemEntries(feed.Empty).Select(Path.GetFileName));
        Assert.Contains("esx01.example.com", File.ReadAllText(Path.Combine(feed.Empty, "report.html")), StringComparison.Ordinal);
        Assert.Equal(before, Content(sample));
    }

    private static string Content(string folder) => string.Join('\n', Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => file + " " + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))));

    /// <summary>Runs a script in an empty folder, in a process that has nothing of the build's output but the engine.</summary>
    private Outcome Use(string script)
    {
        var environment = new Dictionary<string, string> { ["PASSTHRU_MODULE_PATH"] = feed.Module, ["PSModulePath"] = feed.ModulePath };
        using var process = Passthru.StartIn(environment, feed.Empty, "-NonInteractive", "-Command", "Remove-Module PassthroughTools; $env:PSModulePath = '" + feed.ModulePath + "'; Import-Module PassthroughTools -ErrorAction Stop\n" + script);
        process.StandardInput.Close();
        return Passthru.Finish(process);
    }
}
