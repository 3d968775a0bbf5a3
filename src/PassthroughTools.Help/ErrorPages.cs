using System.Globalization;
using System.Text;

namespace PassthroughTools.Help;

/// <summary>Writes the error catalogue as a topic for Get-Help and as a page.</summary>
public static class ErrorPages
{
    private const int Width = 100;

    /// <summary>The topic about_PassthroughTools_Errors.</summary>
    /// <param name="errors">The catalogue.</param>
    public static string Topic(IReadOnlyList<ErrorFacts> errors)
    {
        var text = new StringBuilder("""
            TOPIC
                about_PassthroughTools_Errors

            SHORT DESCRIPTION
                Lists the errors of the module: when each happens, and what to do about it.

            LONG DESCRIPTION
                An error's identifier is the first part of its FullyQualifiedErrorId. It never changes its meaning
                and is never used for anything else, so a script can rely on it:

                    try { Test-HostVectorBudget -Path ./esx01 -ErrorAction Stop }
                    catch { if ($_.FullyQualifiedErrorId -like 'InputNotFound,*') { 'No such evidence.' } else { throw } }

                The advice travels with each error as $_.ErrorDetails.RecommendedAction. Get-PassthruError finds
                entries by identifier.

                In the messages below, an ellipsis stands for a name, a path or a figure.


            """);
        foreach (var area in Areas(errors))
        {
            text.Append(CultureInfo.InvariantCulture, $"{area.Key.ToUpperInvariant()}\n");
            foreach (var error in area)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {error.Id} ({error.Category})\n");
                Wrapped(text, error.When);
                Wrapped(text, "\"" + error.Message + "\"");
                Wrapped(text, "> " + error.Advice);
                text.Append('\n');
            }
        }

        return text.Append("SEE ALSO\n    Get-PassthruError\n    about_PassthroughTools\n").ToString();
    }

    /// <summary>The page docs/errors.md.</summary>
    /// <param name="errors">The catalogue.</param>
    public static string Page(IReadOnlyList<ErrorFacts> errors)
    {
        var text = new StringBuilder("""
            # Errors

            Built from the catalogue in the code by `build.ps1 -Task Help`; not to be edited. An identifier is the first part of
            `FullyQualifiedErrorId`, never changes its meaning and is never used again. An ellipsis stands for what is filled in. In a session,
            `Get-PassthruError` and `Get-Help about_PassthroughTools_Errors` show the same.


            """);
        foreach (var area in Areas(errors))
        {
            text.Append(CultureInfo.InvariantCulture, $"## {area.Key}\n\n| error | when | message | what to do |\n|---|---|---|---|\n");
            foreach (var error in area)
                text.Append(CultureInfo.InvariantCulture, $"| <a id=\"{error.Id.ToLowerInvariant()}\"></a>`{error.Id}`<br>{error.Category} | {Cell(error.When)} | {Cell(error.Message)} | {Cell(error.Advice)} |\n");
            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static IEnumerable<IGrouping<string, ErrorFacts>> Areas(IEnumerable<ErrorFacts> errors) =>
        errors.GroupBy(error => error.Area, StringComparer.Ordinal).OrderBy(area => area.Key, StringComparer.Ordinal);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);

    private static void Wrapped(StringBuilder text, string paragraph)
    {
        const string Indent = "        ";
        var line = new StringBuilder(Indent);
        foreach (var word in paragraph.Split(' '))
        {
            if (line.Length > Indent.Length && line.Length + word.Length + 1 > Width)
            {
                text.Append(line).Append('\n');
                line.Clear().Append(Indent);
            }

            line.Append(line.Length > Indent.Length ? " " : "").Append(word);
        }

        text.Append(line).Append('\n');
    }
}
