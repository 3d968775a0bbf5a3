using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;

namespace PassthroughTools.Help;

/// <summary>
/// Reads a page of command help in the schema of Microsoft.PowerShell.PlatyPS (2024-05-01). Headings and fences are found by the parser that PlatyPS
/// uses as well, so that both see the same sections; what stands between two headings is taken as it is written.
/// </summary>
public sealed class HelpPageReader
{
    private readonly string[] _lines;
    private readonly List<HeadingBlock> _headings;
    private readonly List<FencedCodeBlock> _fences;

    private HelpPageReader(string text)
    {
        _lines = text.ReplaceLineEndings("\n").Split('\n');
        var document = Markdown.Parse(string.Join('\n', _lines), Pipeline);
        _headings = [.. document.OfType<HeadingBlock>().Where(heading => heading.HeaderChar == '#')];
        _fences = [.. document.OfType<FencedCodeBlock>()];
    }

    /// <summary>The extensions that the pages use.</summary>
    internal static MarkdownPipeline Pipeline { get; } = new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePipeTables().Build();

    /// <summary>Reads a page.</summary>
    /// <param name="text">Markdown.</param>
    /// <param name="name">Name of the command.</param>
    public static HelpPage Read(string text, string name) => new HelpPageReader(text).Read(name);

    private HelpPage Read(string name) => new()
    {
        Name = name,
        Date = Array.Find(_lines, line => line.StartsWith("ms.date:", StringComparison.Ordinal))?["ms.date:".Length..].Trim() ?? "",
        Synopsis = Section("SYNOPSIS"),
        Description = Section("DESCRIPTION"),
        Examples = [.. Subsections("EXAMPLES").Select(Example)],
        Parameters = Subsections("PARAMETERS").Where(heading => Title(heading).StartsWith('-'))
            .ToDictionary(heading => Title(heading)[1..], Parameter, StringComparer.Ordinal),
        Inputs = Subsections("INPUTS").ToDictionary(Title, Body, StringComparer.Ordinal),
        Outputs = Subsections("OUTPUTS").ToDictionary(Title, Body, StringComparer.Ordinal),
        Notes = Section("NOTES"),
        Links = [.. Regex.Matches(Section("RELATED LINKS"), @"^- \[([^\]]*)\]\(([^)]*)\)", RegexOptions.Multiline).Select(match => new HelpLink(match.Groups[1].Value, match.Groups[2].Value))],
    };

    private string Title(HeadingBlock heading) => _lines[heading.Line].TrimStart('#').Trim();

    private string Section(string title) => _headings.Find(heading => heading.Level == 2 && Title(heading) == title) is { } found ? Body(found) : "";

    private IEnumerable<HeadingBlock> Subsections(string title) => _headings
        .SkipWhile(heading => heading.Level != 2 || Title(heading) != title).Skip(1)
        .TakeWhile(heading => heading.Level > 2);

    private string Body(HeadingBlock heading) => string.Join('\n', _lines[(heading.Line + 1)..End(heading)]).Trim('\n');

    private int End(HeadingBlock heading)
    {
        var next = _headings.IndexOf(heading) + 1;
        return next < _headings.Count ? _headings[next].Line : _lines.Length;
    }

    private IEnumerable<FencedCodeBlock> Fences(HeadingBlock heading) => _fences.Where(fence => fence.Line > heading.Line && fence.Line < End(heading));

    private HelpExample Example(HeadingBlock heading)
    {
        var code = Fences(heading).Where(fence => fence.Info == "powershell").ToList();
        var runs = code.TrueForAll(fence => fence.Arguments is not "norun");
        return new(Title(heading), Body(heading), [.. code.Select(fence => fence.Lines.ToString())], runs);
    }

    private HelpParameter Parameter(HeadingBlock heading)
    {
        var yaml = Fences(heading).LastOrDefault(fence => fence.Info == "yaml");
        var text = yaml is null ? Body(heading) : string.Join('\n', _lines[(heading.Line + 1)..yaml.Line]).Trim('\n');
        var value = yaml is null ? "" : Regex.Match(yaml.Lines.ToString(), "^DefaultValue: (.*)$", RegexOptions.Multiline).Groups[1].Value.Trim();
        return new(text, Yaml.Unquote(value));
    }
}
