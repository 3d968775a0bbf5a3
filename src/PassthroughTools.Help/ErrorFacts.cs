using System.Text.RegularExpressions;

namespace PassthroughTools.Help;

/// <summary>An entry of the error catalogue as the documents show it.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Category">Category.</param>
/// <param name="Message">Message, with an ellipsis where something is filled in.</param>
/// <param name="Advice">What to do.</param>
/// <param name="When">When it happens: the summary beside its definition.</param>
/// <param name="Area">Name of the class that declares it, without "Errors".</param>
public sealed record ErrorFacts(string Id, string Category, string Message, string Advice, string When, string Area)
{
    private static readonly Regex Definition = new(
        """/// <summary>(?<when>(?:[^<]|<(?!/summary>))*)</summary>\s*(?:\[[^\n]*\]\s*)?public static readonly ErrorDefinition (?<field>\w+) = new\(\s*"(?<id>\w+)"\s*,""",
        RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    /// <summary>Reads where each error is declared, and when it happens, from the sources.</summary>
    /// <param name="sources">Folder of the sources.</param>
    /// <returns>Identifier to class, field and summary.</returns>
    public static IReadOnlyDictionary<string, (string Class, string Field, string When)> Declarations(string sources)
    {
        var found = new Dictionary<string, (string, string, string)>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(sources, "*Errors.cs", SearchOption.AllDirectories).Where(file => !file.Contains(Path.DirectorySeparatorChar + "obj" + Path.DirectorySeparatorChar)))
        {
            var text = File.ReadAllText(file);
            foreach (Match match in Definition.Matches(text))
            {
                var summary = Regex.Replace(match.Groups["when"].Value, @"\s*///\s*|\s+", " ");
                summary = Regex.Replace(summary, "<(?:see cref|paramref name|c|see langword)[^\">]*\"?([^\"/>]*)\"?\\s*/?>|</c>", "$1");
                found[match.Groups["id"].Value] = (Path.GetFileNameWithoutExtension(file), match.Groups["field"].Value, summary.Trim());
            }
        }

        return found;
    }

    /// <summary>A message or advice with an ellipsis for each thing that is filled in.</summary>
    /// <param name="template">Composite format string.</param>
    public static string Shown(string template) =>
        Regex.Replace(template, @"\{\d+(?:[,:][^}]*)?\}", "…").Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);
}
