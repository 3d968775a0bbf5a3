using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace PassthroughTools.Help;

/// <summary>Writes pages as MAML, which the engine's <c>Get-Help</c> reads.</summary>
public static class MamlWriter
{
    private static readonly XNamespace Root = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Writes a help file.</summary>
    /// <param name="pages">Commands of the file.</param>
    public static string Write(IEnumerable<(CommandFacts Facts, HelpPage Page)> pages)
    {
        var root = new XElement(Root + "helpItems", new XAttribute("schema", "maml"), pages.Select(each => Item(each.Facts, each.Page)));
        var text = new StringBuilder();
        var settings = new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true };
        using (var writer = XmlWriter.Create(text, settings)) root.Save(writer);
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- Built from docs/help by 'build.ps1 -Task Help'; not to be edited. -->\n" + text + "\n";
    }

    private static XElement Item(CommandFacts facts, HelpPage page)
    {
        var name = facts.Name.Split('-', 2);
        return new(Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml), new XAttribute(XNamespace.Xmlns + "command", Command), new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(Command + "details",
                new XElement(Command + "name", facts.Name), new XElement(Command + "verb", name[0]), new XElement(Command + "noun", name[1]),
                // On one line: lists of commands show the first line only.
                new XElement(Maml + "description", new XElement(Maml + "para", page.Synopsis))),
            Description(page.Description),
            new XElement(Command + "syntax", facts.Sets.Select(set => new XElement(Command + "syntaxItem",
                new XElement(Maml + "name", facts.Name),
                set.Parameters.Select(each => facts.Parameters.FirstOrDefault(parameter => parameter.Name == each.Name)).OfType<ParameterFacts>()
                    .OrderBy(parameter => Position(parameter, set.Name) ?? int.MaxValue).ThenBy(parameter => parameter.IsRequiredIn(set.Name) ? 0 : 1)
                    .Select(parameter => Parameter(parameter, null, set.Name))))),
            new XElement(Command + "parameters", facts.Parameters.Select(parameter => Parameter(parameter, page.Parameters[parameter.Name], null))),
            new XElement(Command + "inputTypes", facts.Inputs.Select(type => Typed("inputType", type, page.Inputs[type]))),
            new XElement(Command + "returnValues", facts.Outputs.Select(type => Typed("returnValue", type, page.Outputs[type]))),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(page.Notes))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", page.Links.Select(link => new XElement(Maml + "navigationLink",
                new XElement(Maml + "linkText", link.Text), new XElement(Maml + "uri", link.Uri.StartsWith("https:", StringComparison.Ordinal) ? link.Uri : "")))));
    }

    private static XElement Description(string markdown, string? without = null) => new(Maml + "description", Paragraphs(markdown, without));

    private static IEnumerable<XElement> Paragraphs(string markdown, string? without = null) => MamlText.Paragraphs(markdown, without).Select(text => new XElement(Maml + "para", text));

    private static XElement Typed(string element, string type, string said) =>
        new(Command + element, new XElement(Dev + "type", new XElement(Maml + "name", type)), Description(said));

    private static XElement Example(HelpExample example)
    {
        return new(Command + "example",
            new XElement(Maml + "title", $"--- {example.Title} ---"),
            new XElement(Dev + "code", string.Join("\n\n", example.Code)),
            // The engine puts no blank line between examples.
            new XElement(Dev + "remarks", Paragraphs(example.Body, "powershell"), new XElement(Maml + "para")));
    }

    /// <summary>A parameter of a syntax item, where a set is given, or of the list.</summary>
    private static XElement Parameter(ParameterFacts facts, HelpParameter? page, string? set)
    {
        var sets = facts.Sets.Where(each => set is null || each.Key == set || each.Key == ParameterFacts.AllSets).Select(each => each.Value).ToList();
        var position = facts.Sets.Select(each => Position(facts, each.Key)).FirstOrDefault(each => each is not null && (set is null || each == Position(facts, set)));
        var pipeline = string.Join(", ", new[]
        {
            sets.Exists(each => each.ValueFromPipeline) ? "ByValue" : null,
            sets.Exists(each => each.ValueFromPipelineByPropertyName) ? "ByPropertyName" : null,
        }.OfType<string>());
        var element = new XElement(Command + "parameter",
            new XAttribute("required", Lower(sets.Exists(each => each.IsMandatory))),
            new XAttribute("variableLength", Lower(facts.Type.IsArray)),
            new XAttribute("globbing", Lower(facts.SupportsWildcards)),
            new XAttribute("pipelineInput", pipeline.Length > 0 ? $"True ({pipeline})" : "False"),
            new XAttribute("position", position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", facts.Aliases.Count > 0 ? string.Join(", ", facts.Aliases) : "none"),
            new XElement(Maml + "name", facts.Name));
        if (page is not null) element.Add(Description(page.Text));
        // A set's diagram lists the values; the list of parameters says them in words.
        if (page is null && facts.AcceptedValues.Count > 0)
            element.Add(new XElement(Command + "parameterValueGroup", facts.AcceptedValues.Select(value => new XElement(Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value))));
        if (!facts.IsSwitch) element.Add(new XElement(Command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", Lower(facts.Type.IsArray)), TypeNames.Short(facts.Type)));
        element.Add(new XElement(Dev + "type", new XElement(Maml + "name", facts.IsSwitch ? "SwitchParameter" : TypeNames.Full(facts.Type)), new XElement(Maml + "uri")));
        if (page is not null) element.Add(new XElement(Dev + "defaultValue", (facts.DefaultValue ?? page.DefaultValue) is { Length: > 0 } value ? value : "None"));
        return element;
    }

    private static int? Position(ParameterFacts facts, string set)
    {
        var found = facts.Sets.FirstOrDefault(each => each.Key == set || each.Key == ParameterFacts.AllSets).Value;
        return found is null || found.Position == int.MinValue ? null : found.Position;
    }

    private static string Lower(bool value) => value ? "true" : "false";
}
