using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PassthroughTools.Help;

/// <summary>What the engine knows about a parameter.</summary>
public sealed record ParameterFacts
{
    /// <summary>Name of the set that stands for all of them.</summary>
    public const string AllSets = "__AllParameterSets";

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Type.</summary>
    public required Type Type { get; init; }

    /// <summary>Default, where the code tells; else null.</summary>
    public required string? DefaultValue { get; init; }

    /// <summary>Whether wildcards are allowed.</summary>
    public required bool SupportsWildcards { get; init; }

    /// <summary>Whether completion hides it.</summary>
    public required bool DontShow { get; init; }

    /// <summary>Other names.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Values that are accepted, where they are few.</summary>
    public required IReadOnlyList<string> AcceptedValues { get; init; }

    /// <summary>The sets that it belongs to.</summary>
    public required IReadOnlyList<KeyValuePair<string, ParameterSetMetadata>> Sets { get; init; }

    /// <summary>What a prompt for it says.</summary>
    public required string HelpMessage { get; init; }

    /// <summary>Whether it is a switch.</summary>
    public bool IsSwitch => Type == typeof(SwitchParameter);

    /// <summary>Whether a set demands it.</summary>
    /// <param name="name">The set.</param>
    public bool IsRequiredIn(string name) => Sets.Any(set => (set.Key == name || set.Key == AllSets) && set.Value.IsMandatory);

    /// <summary>Reads the facts of a parameter.</summary>
    /// <param name="command">Its command.</param>
    /// <param name="parameter">The parameter.</param>
    internal static ParameterFacts Of(CommandInfo command, ParameterMetadata parameter)
    {
        var type = Nullable.GetUnderlyingType(TypeNames.Element(parameter.ParameterType)) ?? TypeNames.Element(parameter.ParameterType);
        return new()
        {
            Name = parameter.Name,
            Type = parameter.ParameterType,
            DefaultValue = Default(command, parameter),
            SupportsWildcards = parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any(),
            DontShow = parameter.Attributes.OfType<ParameterAttribute>().Any(attribute => attribute.DontShow),
            Aliases = [.. parameter.Aliases],
            AcceptedValues = parameter.Attributes.OfType<ValidateSetAttribute>().FirstOrDefault()?.ValidValues is { } values ? [.. values]
                : type.IsEnum ? Enum.GetNames(type) : [],
            Sets = [.. parameter.ParameterSets.OrderBy(set => set.Key, StringComparer.Ordinal)],
            HelpMessage = parameter.ParameterSets.Values.Select(set => set.HelpMessage).FirstOrDefault(text => !string.IsNullOrEmpty(text)) ?? "",
        };
    }

    /// <summary>
    /// The initial value of a cmdlet's property, or the default in a function's param block. Zero, false and nothing are what every property starts
    /// with, so they tell nothing: what they stand for is for a person to write.
    /// </summary>
    private static string? Default(CommandInfo command, ParameterMetadata parameter)
    {
        if (parameter.ParameterType == typeof(SwitchParameter)) return "False";
        if (command is FunctionInfo function)
        {
            var ast = (function.ScriptBlock.Ast as FunctionDefinitionAst)?.Body.ParamBlock?.Parameters.FirstOrDefault(each => each.Name.VariablePath.UserPath == parameter.Name);
            return ast?.DefaultValue is ConstantExpressionAst constant ? Convert.ToString(constant.Value, CultureInfo.InvariantCulture) : null;
        }

        if (command is not CmdletInfo cmdlet || cmdlet.ImplementingType.GetProperty(parameter.Name) is not { } property) return null;
        var instance = Activator.CreateInstance(cmdlet.ImplementingType);
        try
        {
            return property.GetValue(instance) switch
            {
                string { Length: > 0 } text => text,
                int and not 0 or long and not 0L => Convert.ToString(property.GetValue(instance), CultureInfo.InvariantCulture),
                Enum value when !parameter.ParameterSets.Values.Any(set => set.IsMandatory) => value.ToString(),
                _ => null,
            };
        }
        finally
        {
            (instance as IDisposable)?.Dispose();
        }
    }
}
