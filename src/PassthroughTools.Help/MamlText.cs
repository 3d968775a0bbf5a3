using System.Text;
using Markdig;
using Markdig.Syntax;

namespace PassthroughTools.Help;

/// <summary>
/// Markdown as the paragraphs of a console, in lines that fit into 80 columns with the engine's indentation: an engine that runs without a culture
/// breaks longer ones in the middle of a word. Tables and code keep their lines. Inline marks stay, as PlatyPS leaves them.
/// </summary>
internal static class MamlText
{
    private const int Width = 70;

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
                    yield return fence.Lines.ToString();
                    break;
                case ParagraphBlock:
                    yield return Wrapped(text, "");
                    break;
                case ListBlock list:
                    yield return string.Join('\n', Items(list, lines, end));
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
            yield return Wrapped(string.Join('\n', lines[list[i].Line..last]), "  ");
        }
    }

    private static string Wrapped(string text, string indent)
    {
        var result = new StringBuilder();
        var length = 0;
        foreach (var word in text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (length > 0 && length + 1 + word.Length > Width)
            {
                result.Append('\n').Append(indent);
                length = indent.Length;
            }
            else if (length > 0)
            {
                result.Append(' ');
                length++;
            }

            result.Append(word);
            length += word.Length;
        }

        return result.ToString();
    }
}
