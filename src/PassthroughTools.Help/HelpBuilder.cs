using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;

namespace PassthroughTools.Help;

/// <summary>Makes every help file from the imported module and what people wrote.</summary>
public sealed class HelpBuilder
{
    private const string Pages = "docs/help/";
    private const string ModulePage = Pages + "PassthroughTools.md";
    private readonly string _root;
    private readonly IReadOnlyList<CommandInfo> _commands;
    private readonly IReadOnlyList<ErrorFacts> _errors;

    /// <summary>Prepares.</summary>
    /// <param name="root">Root of the work tree.</param>
    /// <param name="commands">Exported commands.</param>
    /// <param name="errors">Records of Get-PassthruError.</param>
    public HelpBuilder(string root, IEnumerable<CommandInfo> commands, IEnumerable<PSObject> errors)
    {
        _root = root;
        _commands = [.. commands.OrderBy(command => command.Name, StringComparer.Ordinal)];
        var declarations = ErrorFacts.Declarations(Path.Combine(root, "src"));
        _errors = [.. errors.Select(error => Error(error, declarations)).OrderBy(error => error.Id, StringComparer.Ordinal)];
    }

    /// <summary>Makes all files.</summary>
    /// <returns>Content by path relative to the root, with slashes.</returns>
    public IReadOnlyDictionary<string, string> Build()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var help = new List<(CommandFacts Facts, HelpPage Page)>();
        foreach (var command in _commands)
        {
            var facts = CommandFacts.Of(command);
            var path = Pages + command.Name + ".md";
            var text = HelpPageWriter.Write(facts, HelpPageReader.Read(Existing(path), command.Name));
            files.Add(path, text);
            help.Add((facts, HelpPageReader.Read(text, command.Name)));
        }

        foreach (var file in help.GroupBy(each => each.Facts.HelpFile, StringComparer.Ordinal)) files.Add("en-US/" + file.Key, MamlWriter.Write(file));
        files.Add(ModulePage, Module(help));
        files.Add("en-US/about_PassthroughTools_Errors.help.txt", ErrorPages.Topic(_errors));
        files.Add("docs/errors.md", ErrorPages.Page(_errors));
        files.Add("docs/ssh-commands.md", SshCommandPage.Page(_commands.OfType<CmdletInfo>().Single(command => command.Name == "Get-PassthruEvidence")));
        return files;
    }

    /// <summary>Pages of commands that are there no more.</summary>
    /// <param name="files">What <see cref="Build"/> made.</param>
    public IReadOnlyList<string> Stale(IReadOnlyDictionary<string, string> files) =>
        !Directory.Exists(Path.Combine(_root, Pages)) ? [] : [.. Directory.EnumerateFiles(Path.Combine(_root, Pages), "*.md").Select(file => Pages + Path.GetFileName(file)).Where(path => !files.ContainsKey(path))];

    private string Existing(string path) => File.Exists(Path.Combine(_root, path)) ? File.ReadAllText(Path.Combine(_root, path)) : "";

    private string Module(IEnumerable<(CommandFacts Facts, HelpPage Page)> help)
    {
        var existing = Existing(ModulePage);
        var description = Regex.Match(existing, @"(?s)\n## Description\n\n(.*?)\n\n## ").Groups[1].Value;
        var date = Regex.Match(existing, "(?m)^ms.date: (.*)$").Groups[1].Value;
        var module = _commands[0].Module;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            ---
            document type: module
            HelpInfoUri: ''
            Locale: en-US
            Module Guid: {module.Guid}
            Module Name: PassthroughTools
            ms.date: {(date.Length > 0 ? date : DateTime.UtcNow.ToString("MM/dd/yyyy", CultureInfo.InvariantCulture))}
            PlatyPS schema version: 2024-05-01
            title: PassthroughTools Module
            ---

            # PassthroughTools Module

            ## Description

            {(description.Length > 0 ? description : HelpPageWriter.Placeholder)}

            ## PassthroughTools


            """);
        foreach (var (facts, page) in help) text.Append(CultureInfo.InvariantCulture, $"### [{facts.Name}]({facts.Name}.md)\n\n{page.Synopsis}\n\n");
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static ErrorFacts Error(PSObject record, IReadOnlyDictionary<string, (string Class, string Field, string When)> declarations)
    {
        string Text(string property) => record.Properties[property].Value.ToString()!;
        var declared = declarations.TryGetValue(Text("Id"), out var found) ? found
            : throw new InvalidOperationException($"The definition of '{Text("Id")}' has no summary, or is not in a file named like its class. The documents say by it when the error happens.");
        var area = Regex.Replace(declared.Class, "Errors$", "");
        return new(Text("Id"), Text("Category"), ErrorFacts.Shown(Text("Message")), ErrorFacts.Shown(Text("Advice")), declared.When, area);
    }
}
