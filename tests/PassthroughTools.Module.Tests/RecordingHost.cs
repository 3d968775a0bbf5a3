using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;
using System.Text;

namespace PassthroughTools.Tests;

/// <summary>A host that keeps what is rendered and answers questions from a queue.</summary>
internal sealed class RecordingHost : PSHost
{
    private readonly RecordingUserInterface _ui = new();

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "PassthroughTools.Tests";

    public override PSHostUserInterface UI => _ui;

    public override Version Version => new(1, 0);

    public Queue<int> Choices => _ui.Choices;

    public IReadOnlyList<string> Questions => _ui.Questions;

    public IReadOnlyList<ProgressRecord> Progress => _ui.Progress;

    public string Text =>
        string.Join('\n', new StringDecorated(_ui.Text.ToString()).ToString(OutputRendering.PlainText).ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n');

    public void Start(int width)
    {
        _ui.Text.Clear();
        // The engine leaves the last column free, as it does on a terminal.
        _ui.RawUI.BufferSize = new Size(width, 50);
    }

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }
}

/// <summary>The user interface of <see cref="RecordingHost"/>.</summary>
internal sealed class RecordingUserInterface : PSHostUserInterface
{
    public StringBuilder Text { get; } = new();

    public Queue<int> Choices { get; } = new();

    public List<string> Questions { get; } = [];

    public List<ProgressRecord> Progress { get; } = [];

    public override PSHostRawUserInterface RawUI { get; } = new RecordingRawUserInterface();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw new HostException("A test does not answer prompts.");

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Questions.Add(message);
        return Choices.TryDequeue(out var choice) ? choice : throw new HostException("No answer is left in Choices.");
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new HostException("A test does not answer prompts.");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw new HostException("A test does not answer prompts.");

    public override string ReadLine() => throw new HostException("A test does not answer prompts.");

    public override SecureString ReadLineAsSecureString() => throw new HostException("A test does not answer prompts.");

    public override void Write(string value) => Text.Append(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Text.Append(value);

    public override void WriteDebugLine(string message) => Text.AppendLine("DEBUG: " + message);

    public override void WriteErrorLine(string value) => Text.AppendLine(value);

    public override void WriteLine(string value) => Text.AppendLine(value);

    public override void WriteProgress(long sourceId, ProgressRecord record) => Progress.Add(record);

    public override void WriteVerboseLine(string message) => Text.AppendLine("VERBOSE: " + message);

    public override void WriteWarningLine(string message) => Text.AppendLine("WARNING: " + message);
}

/// <summary>Only the width counts.</summary>
internal sealed class RecordingRawUserInterface : PSHostRawUserInterface
{
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Size BufferSize { get; set; } = new(100, 50);

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get; set; }

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override bool KeyAvailable => false;

    public override Size MaxPhysicalWindowSize => BufferSize;

    public override Size MaxWindowSize => BufferSize;

    public override Coordinates WindowPosition { get; set; }

    public override Size WindowSize { get => BufferSize; set => BufferSize = value; }

    public override string WindowTitle { get; set; } = "";

    public override void FlushInputBuffer()
    {
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw new NotSupportedException();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw new NotSupportedException();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw new NotSupportedException();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw new NotSupportedException();
}
