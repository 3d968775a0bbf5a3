using System.Management.Automation.Language;
using PassthroughTools.Help;

namespace PassthroughTools.Tests;

/// <summary>
/// Every example of the help parses and binds; those that are not marked <c>norun</c> run without an error, each in a copy of the samples of its own.
/// </summary>
public sealed class HelpExampleTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    /// <summary>Names of commands that have a page.</summary>
    public static TheoryData<string> Pages => [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs", "help"), "*-*.md").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_has_two_examples_at_least_and_each_uses_the_command(string name)
    {
        var page = Page(name);
        Assert.True(page.Examples.Count >= 2, name);
        Assert.All(page.Examples, example => Assert.Contains(name, string.Join('\n', example.Code), StringComparison.Ordinal));
        // Without a server there is nothing to connect to.
        Assert.True(page.Examples.Any(example => example.Runs) || name == "Connect-PassthruVIServer", $"No example of {name} runs on the samples.");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_example_parses_and_binds(string name)
    {
        foreach (var (example, code) in Page(name).Examples.SelectMany(example => example.Code.Select(code => (example, code))))
        {
            var script = Parser.ParseInput(code, out _, out var errors);
            Assert.True(errors.Length == 0, $"{name}, {example.Title}: {string.Join(' ', errors.Select(error => error.Message))}");
            foreach (var command in script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
            {
                if (command.GetCommandName() is not { } called || session.Run("Get-Command -Name $args[0] -Module PassthroughTools -ErrorAction Ignore", called).Output.Count == 0) continue;
                // The binder looks commands up in the session.
                var problems = session.Run("[System.Management.Automation.Language.StaticParameterBinder]::BindCommand($args[0], $true).BindingExceptions.Values | ForEach-Object { $_.BindingException.Message }", command);
                Assert.True(problems.Output.Count == 0, $"{name}, {example.Title}: {string.Join(' ', problems.Output)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_example_that_needs_no_network_runs(string name)
    {
        foreach (var example in Page(name).Examples.Where(example => example.Runs))
        {
            using var work = new WorkFolder();
            CopySamples(work.Path);
            session.SetLocation(work.Path);
            foreach (var code in example.Code)
            {
                var result = session.Run(code);
                Assert.True(result.Errors.Count == 0, $"{name}, {example.Title}: {string.Join(' ', result.Errors.Select(error => $"{error.FullyQualifiedErrorId}: {error}"))}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_an_example_is_said_to_print_is_what_it_prints(string name)
    {
        foreach (var example in Page(name).Examples.Where(example => example.Runs && example.Body.Contains("```output", StringComparison.Ordinal)))
        {
            using var work = new WorkFolder();
            CopySamples(work.Path);
            session.SetLocation(work.Path);
            var said = example.Body[(example.Body.IndexOf("```output\n", StringComparison.Ordinal) + 10)..example.Body.LastIndexOf("\n```", StringComparison.Ordinal)];
            // A long output may be cut short at its end.
            Assert.StartsWith(said, session.Render(string.Join('\n', example.Code), 120), StringComparison.Ordinal);
        }
    }

    private static HelpPage Page(string name) => HelpPageReader.Read(File.ReadAllText(Path.Combine(Repository.Root, "docs", "help", name + ".md")), name);

    private static void CopySamples(string folder)
    {
        var samples = Path.Combine(Repository.Root, "samples");
        foreach (var file in Directory.EnumerateFiles(samples, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, "samples", Path.GetRelativePath(samples, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
