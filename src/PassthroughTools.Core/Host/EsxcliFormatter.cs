namespace PassthroughTools.Host;

/// <summary>Recognises output of esxcli's machine formatters, which the readers do not take.</summary>
internal static class EsxcliFormatter
{
    /// <summary>Throws when the text is XML, CSV, key-value or JSON.</summary>
    /// <param name="lines">Lines of the text.</param>
    /// <param name="source">File name; null for piped text.</param>
    /// <param name="command">The command to run instead.</param>
    public static void Refuse(IReadOnlyList<string> lines, string? source, string command)
    {
        var first = lines.FirstOrDefault(line => line.Trim().Length > 0 && !HostText.IsShellNoise(line))?.Trim();
        if (first is null) return;
        var formatter =
            first.StartsWith("<?xml", StringComparison.Ordinal) || first.StartsWith("<output", StringComparison.Ordinal) ? "xml"
            : first.StartsWith("structure[", StringComparison.OrdinalIgnoreCase) || first.StartsWith("list=", StringComparison.OrdinalIgnoreCase)
                || (first.IndexOf('=') > 0 && first.IndexOf(".structure", StringComparison.OrdinalIgnoreCase) > 0)
                || first.StartsWith("PciDevice.", StringComparison.OrdinalIgnoreCase) ? "keyvalue"
            : first.StartsWith("[{", StringComparison.Ordinal) || first == "[" || first.StartsWith("{\"", StringComparison.Ordinal) ? "json"
            : first.IndexOf(' ') < 0 && first.Count(character => character == ',') >= 2 && first.All(IsCsvHeaderCharacter) ? "csv"
            : null;
        if (formatter is not null) throw HostErrors.FormatterUnsupported.For(source, HostText.Name(source), formatter, command);
    }

    private static bool IsCsvHeaderCharacter(char character) => char.IsLetterOrDigit(character) || character is ',' or '"' or '_';
}
