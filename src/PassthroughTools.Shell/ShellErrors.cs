using System.Management.Automation;
using System.Management.Automation.Host;

namespace PassthroughTools.Shell;

/// <summary>Errors that passthru itself raises. Identifiers are never reused.</summary>
internal static class ShellErrors
{
    /// <summary>A command of a module that the bare engine does not have.</summary>
    public const string CommandNotInEngine = "CommandNotInEngine";

    /// <summary>A question, and nobody to answer it.</summary>
    public const string NobodyToAsk = "NobodyToAsk";

    /// <summary>The input ended before the question was answered.</summary>
    public const string InputEnded = "InputEnded";

    /// <summary>Nested prompts are not supported.</summary>
    public const string NestedPrompt = "NestedPromptNotSupported";

    /// <summary>Makes the error for a question that nobody can answer.</summary>
    /// <param name="question">The question.</param>
    public static HostException CannotAsk(string question) => new(
        $"'{question.Trim()}' would have to be asked, and nobody is there to answer: passthru runs with -NonInteractive or without a terminal. "
        + "Give the value as a parameter; for a confirmation, -Confirm:$false or -Force.",
        null, NobodyToAsk, ErrorCategory.InvalidOperation);

    /// <summary>Makes the error for an input that ended.</summary>
    public static HostException NoAnswer() => new("The input ended before the question was answered.", null, InputEnded, ErrorCategory.OperationStopped);

    /// <summary>Makes the error for a nested prompt.</summary>
    public static HostException NoNestedPrompt() => new(
        "passthru has no nested prompt; choose another answer than Suspend, or run the script in pwsh to debug it.",
        null, NestedPrompt, ErrorCategory.NotImplemented);
}
