using System.Management.Automation;
using System.Management.Automation.Language;

namespace PassthroughTools.Shell;

/// <summary>The prompt: reads, runs, prints, until <c>exit</c> or the end of the input.</summary>
/// <param name="engine">The engine.</param>
/// <param name="host">The host.</param>
internal sealed class Prompt(Engine engine, ShellHost host)
{
    /// <summary>Runs until the user leaves.</summary>
    /// <returns>Exit code.</returns>
    public int Run()
    {
        var editor = new LineEditor(Complete);
        while (host.ExitCode is null)
        {
            var text = Read(editor);
            if (text is null) return 0;
            if (text.Trim().Length > 0) engine.RunText(text);
        }

        return host.ExitCode.Value;
    }

    private string? Read(LineEditor editor)
    {
        var text = editor.ReadLine(Label());
        while (text is not null && IsIncomplete(text))
        {
            // An empty line gives up on it: the engine then says what is missing.
            var next = editor.ReadLine(">> ");
            if (string.IsNullOrEmpty(next)) break;
            text += "\n" + next;
        }

        return text;
    }

    private static bool IsIncomplete(string text)
    {
        Parser.ParseInput(text, out _, out var errors);
        return errors.Any(error => error.IncompleteInput);
    }

    private string Label()
    {
        try
        {
            return engine.Query("prompt") is [var label, ..] ? label.ToString() : "PS> ";
        }
        catch (RuntimeException)
        {
            return "PS> ";
        }
    }

    private (int Start, int Length, IReadOnlyList<string> Candidates) Complete(string text, int cursor)
    {
        try
        {
            var completion = engine.Complete(text, cursor);
            return (completion.ReplacementIndex, completion.ReplacementLength, [.. completion.CompletionMatches.Select(match => match.CompletionText)]);
        }
        catch (RuntimeException)
        {
            return (cursor, 0, []);
        }
    }
}
