using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace PassthroughTools.Help;

/// <summary>Writes a page: what the engine knows, with what people wrote in its places.</summary>
public static class HelpPageWriter
{
    /// <summary>Stands where text is missing; no page may be left with it.</summary>
    public const string Placeholder = "{{ Fill in }}";

    private static readonly Dictionary<string, string> KnownParameters = new(StringComparer.Ordinal)
    {
        ["WhatIf"] = "Shows what the command would do, and changes nothing.",
        ["Confirm"] = "Asks before each change. `-Confirm:$false` asks nothing.",
    };

    /// <summary>Writes a page.</summary>
    /// <param name="facts">Of the command.</param>
    /// <param name="page">What people wrote.</param>
    public static string Write(CommandFacts facts, HelpPage page)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            ---
            document type: cmdlet
            external help file: {facts.HelpFile}
            HelpUri: ''
            Locale: en-US
            Module Name: PassthroughTools
            ms.date: {(page.Date.Length > 0 ? page.Date : DateTime.UtcNow.ToString("MM/dd/yyyy", CultureInfo.InvariantCulture))}
            PlatyPS schema version: 2024-05-01
            title: {facts.Name}
            ---

            # {facts.Name}


            """);
        Section(text, "SYNOPSIS", OrPlaceholder(page.Synopsis));
        text.Append("## SYNTAX\n\n");
        foreach (var set in facts.Sets) text.Append(CultureInfo.InvariantCulture, $"### {set.Name}{(set.IsDefault && set.Name != ParameterFacts.AllSets ? " (Default)" : "")}\n\n```\n{Wrap($"{facts.Name} {set}")}\n```\n\n");
        Section(text, "ALIASES", "None.");
        Section(text, "DESCRIPTION", OrPlaceholder(page.Description));
        text.Append("## EXAMPLES\n\n");
        foreach (var example in Examples(page)) text.Append(CultureInfo.InvariantCulture, $"### {example.Title}\n\n{example.Body}\n\n");
        text.Append("## PARAMETERS\n\n");
        foreach (var parameter in facts.Parameters) Parameter(text, parameter, page.Parameters.GetValueOrDefault(parameter.Name));
        text.Append("### CommonParameters\n\nThe common parameters (`-Verbose`, `-ErrorAction`, `-ErrorVariable` and others) are supported. See about_CommonParameters.\n\n");
        Types(text, "INPUTS", facts.Inputs, page.Inputs);
        Types(text, "OUTPUTS", facts.Outputs, page.Outputs);
        Section(text, "NOTES", page.Notes.Length > 0 ? page.Notes : "None.");
        var links = string.Join('\n', page.Links.Select(link => $"- [{link.Text}]({link.Uri})"));
        text.Append(CultureInfo.InvariantCulture, $"## RELATED LINKS\n\n{OrPlaceholder(links)}\n");
        return text.ToString();
    }

    private static string OrPlaceholder(string text) => text.Length > 0 ? text : Placeholder;

    private static void Section(StringBuilder text, string title, string body) => text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n{body}\n\n");

    private static IReadOnlyList<HelpExample> Examples(HelpPage page) => page.Examples.Count > 0 ? page.Examples
        : [.. Enumerable.Range(1, 2).Select(number => new HelpExample($"Example {number}: {Placeholder}", Placeholder, [], Runs: false))];

    private static void Types(StringBuilder text, string title, IReadOnlyList<string> types, IReadOnlyDictionary<string, string> said)
    {
        text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n");
        foreach (var type in types)
        {
            var fallback = type == "None" ? title == "INPUTS" ? "The command takes nothing from the pipeline." : "The command writes nothing." : Placeholder;
            text.Append(CultureInfo.InvariantCulture, $"### {type}\n\n{said.GetValueOrDefault(type, fallback)}\n\n");
        }
    }

    private static void Parameter(StringBuilder text, ParameterFacts facts, HelpParameter? page)
    {
        var said = page is { Text.Length: > 0 } ? page.Text : KnownParameters.GetValueOrDefault(facts.Name, Placeholder);
        text.Append(CultureInfo.InvariantCulture, $"""
            ### -{facts.Name}

            {said}

            ```yaml
            Type: {Yaml.Quote(TypeNames.Full(facts.Type))}
            DefaultValue: {Yaml.Quote(facts.DefaultValue ?? page?.DefaultValue ?? "")}
            SupportsWildcards: {Lower(facts.SupportsWildcards)}

            """);
        List(text, "Aliases", facts.Aliases);
        text.Append("ParameterSets:\n");
        foreach (var (name, set) in facts.Sets) Set(text, name, set);
        text.Append(CultureInfo.InvariantCulture, $"DontShow: {Lower(facts.DontShow)}\n");
        List(text, "AcceptedValues", facts.AcceptedValues);
        text.Append(CultureInfo.InvariantCulture, $"HelpMessage: {Yaml.Quote(facts.HelpMessage)}\n```\n\n");
    }

    private static void Set(StringBuilder text, string name, ParameterSetMetadata set) => text.Append(CultureInfo.InvariantCulture, $"""
        - Name: {(name == ParameterFacts.AllSets ? "(All)" : Yaml.Quote(name))}
          Position: {(set.Position == int.MinValue ? "Named" : set.Position.ToString(CultureInfo.InvariantCulture))}
          IsRequired: {Lower(set.IsMandatory)}
          ValueFromPipeline: {Lower(set.ValueFromPipeline)}
          ValueFromPipelineByPropertyName: {Lower(set.ValueFromPipelineByPropertyName)}
          ValueFromRemainingArguments: {Lower(set.ValueFromRemainingArguments)}

        """);

    private static void List(StringBuilder text, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0) text.Append(CultureInfo.InvariantCulture, $"{name}: []\n");
        else text.Append(CultureInfo.InvariantCulture, $"{name}:\n{string.Concat(values.Select(value => $"- {Yaml.Quote(value)}\n"))}");
    }

    private static string Lower(bool value) => value ? "true" : "false";

    /// <summary>Breaks a line of syntax before a parameter, never inside one.</summary>
    private static string Wrap(string syntax)
    {
        const int Width = 100;
        var lines = new List<StringBuilder> { new() };
        foreach (var word in System.Text.RegularExpressions.Regex.Split(syntax, @" (?=\[?\[?-|\[<)"))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + word.Length + 1 > Width) lines.Add(new());
            lines[^1].Append(lines[^1].Length > 0 || lines.Count > 1 ? " " : "").Append(word);
        }

        return string.Join('\n', lines);
    }
}
