using System.Globalization;

namespace PassthroughTools;

/// <summary>Where a figure comes from: a file and line, a command, an API property or a document.</summary>
/// <param name="Source">File path relative to the evidence, command, API property or document title.</param>
/// <param name="Line">1-based line in the file, where there is one.</param>
/// <param name="Text">The words found there, shortened where long.</param>
public sealed record SourceReference(string Source, long? Line = null, string? Text = null)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var place = Line is { } line ? Source + ":" + line.ToString(CultureInfo.InvariantCulture) : Source;
        return Text is null ? place : $"{place}: {Text}";
    }
}
