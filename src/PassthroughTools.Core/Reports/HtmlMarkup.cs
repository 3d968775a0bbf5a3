using System.Globalization;

namespace PassthroughTools.Reports;

/// <summary>
/// Writes markup that is HTML and XML at once: quoted attributes, every element closed. All text passes <see cref="Text"/>; only constants of ours
/// pass <see cref="Raw"/>.
/// </summary>
internal sealed class HtmlMarkup(TextWriter writer)
{
    /// <summary>Writes markup of ours.</summary>
    public HtmlMarkup Raw(string markup)
    {
        writer.Write(markup);
        return this;
    }

    /// <summary>Writes text, escaped for content and quoted attributes alike. What can't be seen, or turns the direction of what is around it, is named.</summary>
    public HtmlMarkup Text(string? text)
    {
        if (text is null) return this;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair)
            {
                i++;
                continue;
            }

            if (Replacement(text[i]) is not { } replacement) continue;
            Plain(text, start, i);
            writer.Write(replacement);
            start = i + 1;
        }

        Plain(text, start, text.Length);
        return this;
    }

    /// <summary>Writes a number.</summary>
    public HtmlMarkup Number(long number) => Raw(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes an element that holds text.</summary>
    public HtmlMarkup Element(string name, string? text, string? className = null) => Open(name, className).Text(text).Close(name);

    /// <summary>Writes a name that someone else chose: whatever its direction, what follows keeps its own.</summary>
    public HtmlMarkup Name(string? text) => Raw("<bdi>").Text(text).Raw("</bdi>");

    /// <summary>Opens an element.</summary>
    public HtmlMarkup Open(string name, string? className = null) => Raw(className is null ? "<" + name + ">" : "<" + name + " class=\"" + className + "\">");

    /// <summary>Closes an element. Lines end only where a section, a list or a table does: a line's end between two elements is a node more for the browser.</summary>
    public HtmlMarkup Close(string name) => Raw("</" + name + ">");

    private static string? Replacement(char each) => each switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        '\t' => " ",
        < ' ' or (>= '\u007F' and <= '\u009F') => Named(each),

        // Marks, embeddings, overrides and isolates of direction; line and paragraph separators; zero-width characters.
        '\u061C' or (>= '\u200B' and <= '\u200F') or (>= '\u2028' and <= '\u202E') or (>= '\u2060' and <= '\u206F') or '\uFEFF' => Named(each),
        >= '\uD800' and <= '\uDFFF' or '\uFFFE' or '\uFFFF' => Named(each),
        _ => null,
    };

    private static string Named(char each) => "[U+" + ((int)each).ToString("X4", CultureInfo.InvariantCulture) + "]";

    private void Plain(string text, int start, int end)
    {
#if NET8_0_OR_GREATER
        writer.Write(text.AsSpan(start, end - start));
#else
        if (end > start) writer.Write(text.Substring(start, end - start));
#endif
    }
}
