using System.Management.Automation;
using System.Text;

namespace PassthroughTools.Tests;

/// <summary>
/// What scripts may rely on: commands, parameters and output types, held against a file. A deliberate change is written to it by running these tests
/// with PASSTHRU_UPDATE_SURFACE=1; its diff is then what a reviewer reads.
/// </summary>
public sealed class PublicSurfaceTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    private static readonly string Snapshot = Path.Combine(Repository.Root, "tests", "PassthroughTools.Module.Tests", "Data", "public-surface.txt");

    private static readonly HashSet<string> Common = new(Cmdlet.CommonParameters.Concat(Cmdlet.OptionalCommonParameters), StringComparer.OrdinalIgnoreCase) { "WhatIf", "Confirm" };

    private IEnumerable<CommandInfo> Commands => session.Run("Get-Command -Module PassthroughTools").ThrowIfFailed().Output
        .Select(item => (CommandInfo)item.Value!).OrderBy(command => command.Name, StringComparer.Ordinal);

    [Fact]
    public void The_public_surface_is_the_recorded_one()
    {
        var actual = Describe();
        if (Environment.GetEnvironmentVariable("PASSTHRU_UPDATE_SURFACE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Snapshot)!);
            File.WriteAllText(Snapshot, actual);
        }

        var expected = File.Exists(Snapshot) ? File.ReadAllText(Snapshot).ReplaceLineEndings("\n") : "";
        Assert.True(expected == actual, "The public surface changed; PASSTHRU_UPDATE_SURFACE=1 records it.\n" + Difference(expected, actual));
    }

    [Fact]
    public void Every_command_says_what_it_outputs() => Assert.All(Commands, command => Assert.NotEmpty(command.OutputType));

    [Fact]
    public void Nouns_are_singular() =>
        Assert.All(Commands, command => Assert.False(command.Name.EndsWith('s') && !command.Name.EndsWith("ss", StringComparison.Ordinal), command.Name));

    [Fact]
    public void Commands_that_change_something_can_be_asked_what_they_would_do()
    {
        string[] changing = ["Set", "New", "Remove", "Invoke", "Undo", "Export", "Start", "Stop", "Add", "Clear"];
        // A plan is an object: making one changes nothing.
        var exempt = new HashSet<string>(StringComparer.Ordinal) { "New-PassthruRemediationPlan" };
        var missing = Commands.Where(command => changing.Contains(command.Name.Split('-')[0]) && !exempt.Contains(command.Name) && !command.Parameters.ContainsKey("WhatIf"));
        Assert.Empty(missing.Select(command => command.Name));
    }

    [Fact]
    public void Commands_that_only_answer_ask_nothing()
    {
        string[] answering = ["Test", "Compare", "ConvertFrom"];
        Assert.Empty(Commands.Where(command => answering.Contains(command.Name.Split('-')[0]) && command.Parameters.ContainsKey("Confirm")).Select(command => command.Name));
    }

    [Fact]
    public void At_most_two_parameters_of_a_set_are_positional_and_none_is_a_switch()
    {
        foreach (var command in Commands)
        {
            foreach (var set in command.ParameterSets)
            {
                var positional = set.Parameters.Where(parameter => parameter.Position >= 0).ToList();
                Assert.True(positional.Count <= 2, $"{command.Name}, {set.Name}: {string.Join(", ", positional.Select(parameter => parameter.Name))}");
                Assert.DoesNotContain(positional, parameter => parameter.ParameterType == typeof(SwitchParameter));
                Assert.Equal(positional.Count, positional.Select(parameter => parameter.Position).Distinct().Count());
            }
        }
    }

    [Fact]
    public void Parameters_are_named_in_Pascal_case_and_in_the_singular()
    {
        // The engine's own names stay as they are, and known_hosts is the name of a file.
        var plural = Commands.SelectMany(command => command.Parameters.Keys.Select(name => (command.Name, Parameter: name)))
            .Where(each => !Common.Contains(each.Parameter) && (!char.IsUpper(each.Parameter[0])
                || (each.Parameter.EndsWith('s') && !each.Parameter.EndsWith("ss", StringComparison.Ordinal) && each.Parameter is not ("KeepConflicts" or "KnownHosts"))));
        Assert.Empty(plural);
    }

    [Fact]
    public void A_path_parameter_that_takes_wildcards_has_a_literal_twin() => Assert.All(
        Commands.OfType<CmdletInfo>().Where(command => command.Parameters.TryGetValue("Path", out var path) && path.Attributes.OfType<SupportsWildcardsAttribute>().Any()),
        command => Assert.True(command.Parameters.ContainsKey("LiteralPath"), command.Name));

    private string Describe()
    {
        var text = new StringBuilder();
        foreach (var command in Commands)
        {
            text.Append(command.Name).Append(" -> ").AppendJoin(", ", command.OutputType.Select(type => type.Name)).Append('\n');
            foreach (var set in command.ParameterSets.OrderBy(set => set.Name, StringComparer.Ordinal))
            {
                text.Append("  [").Append(set.Name).Append(set.IsDefault ? "] default\n" : "]\n");
                foreach (var parameter in set.Parameters.Where(parameter => !Common.Contains(parameter.Name) || parameter.Name is "WhatIf").OrderBy(parameter => parameter.Name, StringComparer.Ordinal))
                    text.Append("    ").Append(Describe(parameter)).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Describe(CommandParameterInfo parameter)
    {
        var words = new List<string> { $"-{parameter.Name} {TypeName(parameter.ParameterType)}" };
        if (parameter.IsMandatory) words.Add("mandatory");
        if (parameter.Position >= 0) words.Add(FormattableString.Invariant($"position {parameter.Position}"));
        if (parameter.ValueFromPipeline) words.Add("pipeline");
        if (parameter.ValueFromPipelineByPropertyName) words.Add("pipeline by name");
        if (parameter.Aliases.Count > 0) words.Add("alias " + string.Join(", ", parameter.Aliases.Order(StringComparer.Ordinal)));
        return string.Join("; ", words);
    }

    private static string TypeName(Type type) =>
        type.IsArray ? TypeName(type.GetElementType()!) + "[]" : Nullable.GetUnderlyingType(type) is { } inner ? TypeName(inner) + "?" : type.Name;

    private static string Difference(string expected, string actual)
    {
        var (before, after) = (expected.Split('\n'), actual.Split('\n'));
        return string.Join('\n', before.Except(after).Select(line => "- " + line).Concat(after.Except(before).Select(line => "+ " + line)));
    }
}
