using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace PassthroughTools.Help;

/// <summary>
/// Markdown as the paragraphs of a console: a paragraph is one line, which the engine wraps to the window; lists, tables and code keep their lines.
/// Inline marks stay, as PlatyPS leaves them.
/// </summary>
internal static class MamlText
{
    /// <summary>Makes paragraphs of a text.</summary>
    /// <param name="markdown">Text of a section.</param>
    /// <param name="without">Fenced blocks to leave out, by their info string.</param>
    public static IEnumerable<string> Paragraphs(string markdown, string? without = null)
    {
        var lines = markdown.Split('\n');
        var blocks = Markdown.Parse(markdown, HelpPageReader.Pipeline);
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            var end = i + 1 < blocks.Count ? blocks[i + 1].Line : lines.Length;
            var text = string.Join('\n', lines[block.Line..end]).TrimEnd();
            switch (block)
            {
                case FencedCodeBlock fence when without is not null && fence.Info == without:
                    break;
                case FencedCodeBlock fence:
                    yield return Indented(fence.Lines.ToString().Split('\n'));
                    break;
                case ParagraphBlock:
                    yield return Joined(text);
                    break;
                case ListBlock list:
                    yield return string.Join('\n', Items(list, lines, end));
                    break;
                case Table:
                    yield return Indented(text.Split('\n'));
                    break;
                default:
                    yield return text;
                    break;
            }
        }
    }

    private static IEnumerable<string> Items(ListBlock list, string[] lines, int end)
    {
        for (var i = 0; i < list.Count; i++)
        {
            var last = i + 1 < list.Count ? list[i + 1].Line : end;
            yield return "- " + Joined(string.Join('\n', lines[list[i].Line..last]).Trim().TrimStart('-', '*').Trim());
        }
    }

    private static string Joined(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static string Indented(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => line.Length > 0 ? "    " + line : line));
}
