using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;

namespace PassthroughTools.Shell;

/// <summary>
/// Where the engine's streams go. Results and information records go to standard output; errors, warnings, verbose, debug and progress
/// to standard error, so that a redirected standard output holds results and nothing else.
/// </summary>
/// <param name="interactive">Someone is there to answer questions.</param>
internal sealed partial class ShellUserInterface(bool interactive) : PSHostUserInterface
{
    private readonly ProgressLine _progress = new();
    private bool _toError;

    /// <inheritdoc/>
    public override PSHostRawUserInterface RawUI { get; } = new ShellRawUserInterface();

    /// <inheritdoc/>
    public override bool SupportsVirtualTerminal => Terminal.OutputHasColour;

    /// <summary>Takes the progress line off the terminal.</summary>
    public void LeaveProgress() => _progress.Erase();

    /// <summary>Sends what is written as a result to standard error, too, until the returned object is disposed.</summary>
    public IDisposable WriteToStandardError()
    {
        _toError = true;
        return new Restore(this);
    }

    /// <inheritdoc/>
    public override void Write(string value)
    {
        _progress.Erase();
        if (_toError) Console.Error.Write(Styled(value, Terminal.ErrorHasColour));
        else Console.Out.Write(Styled(value, Terminal.OutputHasColour));
    }

    /// <inheritdoc/>
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        if (!Terminal.OutputHasColour || foregroundColor == RawUI.ForegroundColor)
        {
            Write(value);
            return;
        }

        Write(PSStyle.MapForegroundColorToEscapeSequence(foregroundColor) + value + "\e[0m");
    }

    /// <inheritdoc/>
    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    /// <inheritdoc/>
    public override void WriteErrorLine(string value) => WriteToError(value, PSStyle.Instance.Formatting.Error);

    /// <inheritdoc/>
    public override void WriteWarningLine(string message) => WriteToError("WARNING: " + message, PSStyle.Instance.Formatting.Warning);

    /// <inheritdoc/>
    public override void WriteVerboseLine(string message) => WriteToError("VERBOSE: " + message, PSStyle.Instance.Formatting.Verbose);

    /// <inheritdoc/>
    public override void WriteDebugLine(string message) => WriteToError("DEBUG: " + message, PSStyle.Instance.Formatting.Debug);

    /// <inheritdoc/>
    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Show(record);

    private void WriteToError(string value, string style)
    {
        _progress.Erase();
        Console.Error.WriteLine(Styled(style + value + PSStyle.Instance.Reset, Terminal.ErrorHasColour));
    }

    // The engine leaves it to the host to take its escape sequences out again, unless the user chose.
    private static string Styled(string text, bool hasColour) =>
        PSStyle.Instance.OutputRendering switch
        {
            OutputRendering.Ansi => text,
            OutputRendering.Host when hasColour => text,
            _ when !text.Contains('\e', StringComparison.Ordinal) => text,
            _ => new StringDecorated(text).ToString(OutputRendering.PlainText),
        };

    private sealed class Restore(ShellUserInterface ui) : IDisposable
    {
        public void Dispose() => ui._toError = false;
    }
}
