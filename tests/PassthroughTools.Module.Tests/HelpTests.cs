using System.Management.Automation;
using System.Text.RegularExpressions;
using PassthroughTools.Help;

namespace PassthroughTools.Tests;

/// <summary>Help, manifest and code agree, and the engine shows the help.</summary>
public sealed class HelpTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    private static readonly string Pages = Path.Combine(Repository.Root, "docs", "help");

    private IReadOnlyList<CommandInfo> Commands => [.. session.Run("(Get-Module PassthroughTools).ExportedCommands.Values").ThrowIfFailed().Output.Select(item => (CommandInfo)item.Value!)];

    [Fact]
    public void Every_help_file_is_what_the_Help_task_makes()
    {
        var files = Builder().Build();
        Assert.All(files, file =>
        {
            var path = Path.Combine(Repository.Root, file.Key);
            Assert.True(File.Exists(path), $"{file.Key} is missing. Run build.ps1 -Task Help.");
            Assert.True(File.ReadAllText(path) == file.Value, $"{file.Key} is out of date. Run build.ps1 -Task Help.");
        });
    }

    [Fact]
    public void Every_page_belongs_to_an_exported_command()
    {
        var builder = Builder();
        Assert.Empty(builder.Stale(builder.Build()));
    }

    [Fact]
    public void No_text_is_missing_in_any_page() =>
        Assert.All(Directory.GetFiles(Pages, "*.md"), file => Assert.DoesNotContain("{{", File.ReadAllText(file), StringComparison.Ordinal));

    [Fact]
    public void Every_synopsis_is_one_sentence_that_begins_with_a_verb() => Assert.All(Commands, command =>
    {
        // The third person: "Tells", "Lists", "Writes".
        Assert.Matches("^[A-Z][a-z]+s .*[^.]\\.$", Read(command.Name).Synopsis);
    });

    [Fact]
    public void Every_command_shows_its_help() => Assert.All(Commands, command =>
    {
        var help = session.Run("Get-Help $args[0] -Full", command.Name).ThrowIfFailed().Single;
        Assert.Equal(Read(command.Name).Synopsis, help["Synopsis"]!.ToString()!.Trim());
    });

    [Fact]
    public void Every_parameter_shows_its_help() => Assert.All(Commands, command =>
    {
        var shown = session.Run("Get-Help $args[0] -Parameter * | Where-Object { $_.description.Text } | ForEach-Object name", command.Name).ThrowIfFailed().Output;
        Assert.Equal(command.Parameters.Keys.Except(Cmdlet.CommonParameters).Order(StringComparer.Ordinal), shown.Select(name => name.ToString()).Order(StringComparer.Ordinal));
    });

    [Theory]
    [InlineData("Get-Help Test-HostVectorBudget -Full", "-Headroom <int>")]
    [InlineData("Get-Help Test-HostVectorBudget -Examples", "Get-PassthruEvidence samples/lpe12000-outage | Test-HostVectorBudget")]
    [InlineData("Get-Help Test-HostVectorBudget -Parameter Headroom", "With fewer left the verdict is `Tight`.")]
    [InlineData("Get-Help Invoke-PassthruRemediation -Full", "Before the first change every prior value is in the journal")]
    [InlineData("Get-Help about_PassthroughTools", "vector budget")]
    [InlineData("Get-Help about_PassthroughTools_Pools", "InterruptCookies")]
    [InlineData("Get-Help about_PassthroughTools_Errors", "InputNotFound")]
    public void The_engine_finds_what_a_reader_asks_for(string script, string expected) =>
        Assert.Contains(expected, Squeezed(session.Render(script, 120)), StringComparison.Ordinal);

    [Fact]
    public void The_manual_of_a_command_fits_a_console_of_80_columns() => Assert.All(Commands, command =>
    {
        // A word that were broken would not be found.
        var shown = Squeezed(session.Render("Get-Help $args[0] -Full", 80, command.Name));
        var page = Read(command.Name);
        Assert.All(page.Parameters.Values.Select(parameter => parameter.Text).Prepend(page.Notes).Prepend(page.Description), text => Assert.Contains(Squeezed(text), shown, StringComparison.Ordinal));
    });

    [Fact]
    public void Every_topic_is_staged() => Assert.All(
        Directory.GetFiles(Path.Combine(Repository.Root, "en-US")),
        file => Assert.Equal(File.ReadAllText(file), File.ReadAllText(Path.Combine(Repository.Stage, "en-US", Path.GetFileName(file)))));

    [Fact]
    public void Every_related_page_and_topic_is_there() => Assert.All(Directory.GetFiles(Pages, "*-*.md"), file =>
        Assert.All(Read(Path.GetFileNameWithoutExtension(file)).Links, link => Assert.True(File.Exists(Path.Combine(Pages, link.Uri)), $"{file}: {link.Uri}")));

    private static string Squeezed(string text) => Regex.Replace(text, @"\s+", " ");

    private static HelpPage Read(string name) => HelpPageReader.Read(File.ReadAllText(Path.Combine(Pages, name + ".md")), name);

    private HelpBuilder Builder() => new(Repository.Root, Commands, session.Run("Get-PassthruError").ThrowIfFailed().Output.Select(item => new PSObject(item.Value)));
}
