using System.Management.Automation.Runspaces;

namespace PassthroughTools.Shell;

/// <summary>What the command line asks for.</summary>
internal enum ShellAction
{
    /// <summary>Prompt on a terminal; else run what comes in on standard input.</summary>
    Prompt,

    /// <summary>Run a command text.</summary>
    Command,

    /// <summary>Run the text that comes in on standard input.</summary>
    StandardInput,

    /// <summary>Run a script file.</summary>
    File,

    /// <summary>Print the version.</summary>
    Version,

    /// <summary>Print the usage.</summary>
    Help,
}

/// <summary>The command line, parsed the way <c>pwsh</c> parses its own: parameter names may be shortened and take one or two dashes.</summary>
internal sealed class ShellOptions
{
    private static readonly string[] Names = ["Command", "File", "NonInteractive", "NoLogo", "NoProfile", "NoExit", "Version", "Help"];

    /// <summary>What to do.</summary>
    public ShellAction Action { get; private set; } = ShellAction.Prompt;

    /// <summary>Command text.</summary>
    public string Command { get; private set; } = "";

    /// <summary>Script file as given.</summary>
    public string File { get; private set; } = "";

    /// <summary>Arguments of the script file.</summary>
    public List<CommandParameter> Arguments { get; } = [];

    /// <summary>Nobody is there to answer a question.</summary>
    public bool NonInteractive { get; private set; }

    /// <summary>No banner before the first prompt.</summary>
    public bool NoLogo { get; private set; }

    /// <summary>Go on with a prompt after the command or script.</summary>
    public bool NoExit { get; private set; }

    /// <summary>What is wrong with the command line; null when nothing is.</summary>
    public string? Error { get; private set; }

    /// <summary>Parses the arguments of the process.</summary>
    /// <param name="args">Arguments.</param>
    public static ShellOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ShellOptions();
        options.ParseAll(args);
        return options;
    }

    private void ParseAll(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var name = NameOf(args[i]);
            switch (name)
            {
                case "NonInteractive": NonInteractive = true; break;
                case "NoLogo": NoLogo = true; break;
                case "NoProfile": break; // there are no profiles; accepted so that a pwsh command line works unchanged
                case "NoExit": NoExit = true; break;
                case "Version": Action = ShellAction.Version; return;
                case "Help": Action = ShellAction.Help; return;
                case "Command": TakeCommand(args, i + 1); return;
                case "File": TakeFile(args, i + 1); return;
                case null when LooksLikeParameter(args[i]):
                    Error = $"'{args[i]}' is not a parameter of passthru.";
                    return;
                default:
                    // As in pwsh: what comes first without a name is a script file.
                    TakeFile(args, i);
                    return;
            }
        }
    }

    private void TakeCommand(IReadOnlyList<string> args, int first)
    {
        if (first >= args.Count)
        {
            Error = "-Command needs the command as an argument, or '-' to read it from standard input.";
            return;
        }

        if (args[first] == "-")
        {
            if (first + 1 < args.Count) Error = "Nothing may follow '-Command -'.";
            Action = ShellAction.StandardInput;
            return;
        }

        Action = ShellAction.Command;
        Command = string.Join(' ', args.Skip(first));
    }

    private void TakeFile(IReadOnlyList<string> args, int first)
    {
        if (first >= args.Count)
        {
            Error = "-File needs the path of a script.";
            return;
        }

        if (args[first] == "-")
        {
            Action = ShellAction.StandardInput;
            return;
        }

        Action = ShellAction.File;
        File = args[first];
        CollectArguments(args, first + 1);
    }

    private void CollectArguments(IReadOnlyList<string> args, int first)
    {
        for (var i = first; i < args.Count; i++)
        {
            var arg = args[i];
            if (!LooksLikeParameter(arg))
            {
                Arguments.Add(new CommandParameter(null, arg));
                continue;
            }

            var colon = arg.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) Arguments.Add(new CommandParameter(arg)); // a switch, or a name whose value comes next
            else if (colon < arg.Length - 1) Arguments.Add(new CommandParameter(arg[..colon], BooleanOrText(arg[(colon + 1)..])));
            else if (i + 1 < args.Count) Arguments.Add(new CommandParameter(arg[..colon], BooleanOrText(args[++i])));
            else Arguments.Add(new CommandParameter(arg[..colon]));
        }
    }

    private static object BooleanOrText(string text) =>
        bool.TryParse(text.StartsWith('$') ? text[1..] : text, out var value) ? value : text;

    // A negative number is a value, as it is in the language itself.
    private static bool LooksLikeParameter(string arg) =>
        arg.Length > 1 && arg[0] == '-' && (char.IsLetter(arg[1]) || arg[1] is '_' or '?' or '-');

    private static string? NameOf(string arg)
    {
        if (!LooksLikeParameter(arg)) return null;
        var name = arg.TrimStart('-');
        if (name is "?" || name.Equals("h", StringComparison.OrdinalIgnoreCase)) return "Help";
        if (name.Equals("noni", StringComparison.OrdinalIgnoreCase)) return "NonInteractive";
        var matches = Array.FindAll(Names, known => name.Length > 0 && known.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        return matches.Length == 1 ? matches[0] : null;
    }
}
