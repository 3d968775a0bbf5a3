using System.Text;

namespace PassthroughTools.Shell;

/// <summary>
/// Reads one line from a terminal: arrows, Home/End, history, Tab. A line longer than the terminal scrolls sideways.
/// </summary>
/// <param name="complete">Given the text and the cursor, gives where the replaced part starts, its length and what may stand there.</param>
internal sealed class LineEditor(Func<string, int, (int Start, int Length, IReadOnlyList<string> Candidates)> complete)
{
    private readonly List<string> _history = [];
    private readonly StringBuilder _text = new();
    private int _cursor;
    private int _historyIndex;
    private (int Start, IReadOnlyList<string> Candidates, int Index, int Length)? _completion;

    /// <summary>Reads a line.</summary>
    /// <param name="prompt">What stands before it; its last line only moves with the text.</param>
    /// <returns>The line; null at the end of the input (Ctrl+D); an empty text after Ctrl+C.</returns>
    public string? ReadLine(string prompt)
    {
        var lastBreak = prompt.LastIndexOf('\n');
        if (lastBreak >= 0) Console.Out.Write(prompt[..(lastBreak + 1)]);
        var label = prompt[(lastBreak + 1)..];
        Replace("");
        _historyIndex = _history.Count;
        _completion = null;
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                Draw(label);
                var key = Console.ReadKey(intercept: true);
                if (key.Key != ConsoleKey.Tab) _completion = null;
                switch (Handle(key))
                {
                    case Outcome.Accept:
                        Console.Out.WriteLine();
                        Remember(_text.ToString());
                        return _text.ToString();
                    case Outcome.Abandon:
                        Console.Out.WriteLine("^C");
                        return "";
                    case Outcome.End:
                        Console.Out.WriteLine();
                        return null;
                }
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private Outcome Handle(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
        {
            switch (key.Key)
            {
                case ConsoleKey.C: return Outcome.Abandon;
                case ConsoleKey.D when _text.Length == 0: return Outcome.End;
                case ConsoleKey.A: _cursor = 0; return Outcome.GoOn;
                case ConsoleKey.E: _cursor = _text.Length; return Outcome.GoOn;
                case ConsoleKey.U: _text.Remove(0, _cursor); _cursor = 0; return Outcome.GoOn;
                case ConsoleKey.K: _text.Length = _cursor; return Outcome.GoOn;
                case ConsoleKey.L: Console.Out.Write("\e[2J\e[H"); return Outcome.GoOn;
            }
        }

        switch (key.Key)
        {
            case ConsoleKey.Enter: return Outcome.Accept;
            case ConsoleKey.LeftArrow: _cursor = Math.Max(0, _cursor - 1); break;
            case ConsoleKey.RightArrow: _cursor = Math.Min(_text.Length, _cursor + 1); break;
            case ConsoleKey.Home: _cursor = 0; break;
            case ConsoleKey.End: _cursor = _text.Length; break;
            case ConsoleKey.UpArrow: Recall(_historyIndex - 1); break;
            case ConsoleKey.DownArrow: Recall(_historyIndex + 1); break;
            case ConsoleKey.Escape: Replace(""); break;
            case ConsoleKey.Tab: Complete(key.Modifiers.HasFlag(ConsoleModifiers.Shift) ? -1 : 1); break;
            case ConsoleKey.Backspace when _cursor > 0: _text.Remove(--_cursor, 1); break;
            case ConsoleKey.Delete when _cursor < _text.Length: _text.Remove(_cursor, 1); break;
            default:
                if (!char.IsControl(key.KeyChar)) _text.Insert(_cursor++, key.KeyChar);
                break;
        }

        return Outcome.GoOn;
    }

    private void Complete(int step)
    {
        if (_completion is not { } current)
        {
            var (start, length, candidates) = complete(_text.ToString(), _cursor);
            if (candidates.Count == 0) return;
            current = (start, candidates, step > 0 ? -1 : 0, length);
        }

        var index = (current.Index + step + current.Candidates.Count) % current.Candidates.Count;
        var chosen = current.Candidates[index];
        _text.Remove(current.Start, current.Length).Insert(current.Start, chosen);
        _cursor = current.Start + chosen.Length;
        _completion = (current.Start, current.Candidates, index, chosen.Length);
    }

    private void Recall(int index)
    {
        if (index < 0 || index > _history.Count) return;
        _historyIndex = index;
        Replace(index == _history.Count ? "" : _history[index]);
    }

    private void Replace(string text)
    {
        _text.Clear().Append(text);
        _cursor = text.Length;
    }

    private void Remember(string line)
    {
        if (line.Length > 0 && (_history.Count == 0 || _history[^1] != line)) _history.Add(line);
    }

    private void Draw(string label)
    {
        // One column stays free, or the cursor would be pushed to the next line.
        var room = Math.Max(1, Terminal.Width - label.Length - 1);
        var first = Math.Max(0, _cursor - room);
        var shown = _text.ToString(first, Math.Min(room, _text.Length - first));
        Console.Out.Write($"\r\e[K{label}{shown}");
        var back = first + shown.Length - _cursor;
        if (back > 0) Console.Out.Write($"\e[{back}D");
    }

    private enum Outcome
    {
        GoOn,
        Accept,
        Abandon,
        End,
    }
}
