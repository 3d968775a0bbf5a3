using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;

namespace PassthroughTools.Tests;

/// <summary>The manifest says what is there, no more and no less.</summary>
public sealed class ManifestTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    private static readonly Hashtable Manifest = (Hashtable)Parser.ParseFile(Repository.Manifest, out _, out _)
        .Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false).SafeGetValue();

    private static string[] Listed(string key) => [.. ((IEnumerable)Manifest[key]!).Cast<string>().Order(StringComparer.Ordinal)];

    [Fact]
    public void The_manifest_is_valid() => session.Run("Test-ModuleManifest -Path $args[0]", Repository.Manifest).ThrowIfFailed();

    [Fact]
    public void Each_edition_is_given_assemblies_that_are_there_and_bear_the_manifests_version()
    {
        var binaries = Path.Combine(Repository.Stage, "bin");
        var text = File.ReadAllText(Path.Combine(binaries, "PassthroughTools.Cmdlets.psd1"));
        foreach (var desktop in (bool[])[false, true])
        {
            var read = session.Run("param($text, $edition) (& ([scriptblock]::Create($text.Replace('$PSEdition', \"'$edition'\")))).NestedModules", text, desktop ? "Desktop" : "Core")
                .ThrowIfFailed().Output.Select(name => name.ToString()).ToList();
            Assert.Equal([$"PassthroughTools.Loader.{Manifest["ModuleVersion"]}.dll", desktop ? "PassthroughTools.dll" : "PassthroughTools.Commands.dll"], read.Select(Path.GetFileName));
            Assert.True(File.Exists(Path.Combine(binaries, read[0])), read[0]);
            Assert.Equal(desktop, File.Exists(Path.Combine(binaries, read[1])));
        }
    }

    [Fact]
    public void The_staged_manifest_is_the_one_at_the_root() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "PassthroughTools.psd1")), File.ReadAllText(Repository.Manifest));

    [Fact]
    public void Every_cmdlet_of_the_assembly_is_exported_and_nothing_else()
    {
        session.Run("Get-Module PassthroughTools").ThrowIfFailed();
        // What only the module's own script commands call is not for users.
        var defined = ModuleAssembly.Cmdlets.Where(type => type.Namespace != "PassthroughTools.Commands.Internal").Select(type => type.GetCustomAttribute<CmdletAttribute>()!)
            .Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}").Order(StringComparer.Ordinal);
        Assert.Equal(defined, Listed("CmdletsToExport"));
    }

    [Fact]
    public void Every_function_file_is_exported_under_its_name_and_nothing_else()
    {
        var folder = Path.Combine(Repository.Root, "src", "Module", "Functions");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.ps1", SearchOption.AllDirectories) : [];
        Assert.Equal(files.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal), Listed("FunctionsToExport"));
    }

    [Fact]
    public void What_is_imported_is_what_the_manifest_lists()
    {
        var imported = session.Run("(Get-Module PassthroughTools).ExportedCommands.Keys").ThrowIfFailed().Output.Select(name => name.ToString());
        Assert.Equal(
            Listed("CmdletsToExport").Concat(Listed("FunctionsToExport")).Concat(Listed("AliasesToExport")).Order(StringComparer.Ordinal),
            imported.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_command_can_be_called_by_its_name()
    {
        foreach (var name in Listed("CmdletsToExport").Concat(Listed("FunctionsToExport")))
        {
            Assert.Equal("PassthroughTools", session.Run("(Get-Command $args[0] -ErrorAction Stop).ModuleName", name).ThrowIfFailed().Single.ToString());
        }
    }

    [Fact]
    public void Every_exported_command_has_an_approved_verb()
    {
        var approved = typeof(VerbsCommon).Assembly.GetTypes()
            .Where(type => type.IsPublic && type.Name.StartsWith("Verbs", StringComparison.Ordinal) && type is { IsAbstract: true, IsSealed: true })
            .SelectMany(type => type.GetFields()).Select(field => field.GetValue(null) as string).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.All(Listed("CmdletsToExport").Concat(Listed("FunctionsToExport")), name => Assert.Contains(name.Split('-')[0], approved));
    }

    [Theory]
    [InlineData("FunctionsToExport")]
    [InlineData("CmdletsToExport")]
    [InlineData("AliasesToExport")]
    [InlineData("VariablesToExport")]
    public void No_export_is_a_wildcard(string key) => Assert.DoesNotContain(Listed(key), WildcardPattern.ContainsWildcardCharacters);

    [Theory]
    [InlineData("FormatsToProcess")]
    [InlineData("NestedModules")]
    public void Every_file_that_the_manifest_names_is_staged(string key) =>
        Assert.All(Listed(key), name => Assert.True(File.Exists(Path.Combine(Repository.Stage, name)), name));
}
