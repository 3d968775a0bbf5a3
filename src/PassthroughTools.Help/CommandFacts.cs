using System.Management.Automation;

namespace PassthroughTools.Help;

/// <summary>What the engine knows about a command: the mechanical half of its help.</summary>
public sealed record CommandFacts
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>File that the engine looks for the help in.</summary>
    public required string HelpFile { get; init; }

    /// <summary>Parameter sets, the default one first.</summary>
    public required IReadOnlyList<CommandParameterSetInfo> Sets { get; init; }

    /// <summary>Parameters by name, the common ones left out.</summary>
    public required IReadOnlyList<ParameterFacts> Parameters { get; init; }

    /// <summary>Types that can be piped in.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Types that come out.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Reads the facts of a command.</summary>
    /// <param name="command">A cmdlet or function of the imported module.</param>
    public static CommandFacts Of(CommandInfo command)
    {
        var parameters = command.Parameters.Values.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal).Select(parameter => ParameterFacts.Of(command, parameter)).ToList();
        var piped = parameters.Where(parameter => parameter.Sets.Any(set => set.Value.ValueFromPipeline))
            .Concat(parameters.Where(parameter => parameter.Sets.Any(set => set.Value.ValueFromPipelineByPropertyName)));
        return new()
        {
            Name = command.Name,
            // Where the engine looks: beside its assembly's name for a cmdlet, under the module's for a function.
            HelpFile = command is CmdletInfo ? "PassthroughTools.dll-Help.xml" : "PassthroughTools-Help.xml",
            Sets = [.. command.ParameterSets.OrderByDescending(set => set.IsDefault)],
            Parameters = parameters,
            Inputs = OrNone(piped.Select(parameter => TypeNames.Full(TypeNames.Element(parameter.Type)))),
            Outputs = OrNone(command.OutputType.Select(type => type.Type is { } known ? TypeNames.Full(known) : type.Name)),
        };
    }

    private static List<string> OrNone(IEnumerable<string> types) => types.Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } some ? some : ["None"];
}
