using System.Text.RegularExpressions;

namespace PassthroughTools.Help;

/// <summary>The little of YAML that the pages hold: plain or single-quoted values on one line.</summary>
internal static class Yaml
{
    private static readonly Regex Plain = new(@"^[A-Za-z_(][A-Za-z0-9_.\-()]*(\[\])?$");

    /// <summary>Writes a value so that it is read back as the same text.</summary>
    /// <param name="value">Value.</param>
    public static string Quote(string value) =>
        Plain.IsMatch(value) && value is not ("true" or "false" or "null") ? value : "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>Reads a value.</summary>
    /// <param name="text">Plain or single-quoted.</param>
    public static string Unquote(string text) =>
        text is ['\'', .., '\''] ? text[1..^1].Replace("''", "'", StringComparison.Ordinal) : text;
}
