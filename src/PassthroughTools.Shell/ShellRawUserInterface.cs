using System.Management.Automation.Host;

namespace PassthroughTools.Shell;

/// <summary>Sizes and colours of the terminal. Cells of its screen can't be read.</summary>
internal sealed class ShellRawUserInterface : PSHostRawUserInterface
{
    /// <inheritdoc/>
    public override Size BufferSize { get => WindowSize; set => WindowSize = value; }

    /// <inheritdoc/>
    public override Size WindowSize
    {
        get => new(Terminal.Width, Terminal.Height);
        set
        {
            // The window is the user's.
        }
    }

    /// <inheritdoc/>
    public override Size MaxPhysicalWindowSize => WindowSize;

    /// <inheritdoc/>
    public override Size MaxWindowSize => WindowSize;

    /// <inheritdoc/>
    public override Coordinates WindowPosition { get; set; }

    /// <inheritdoc/>
    public override Coordinates CursorPosition { get; set; }

    /// <inheritdoc/>
    public override int CursorSize { get; set; } = 25;

    /// <inheritdoc/>
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    /// <inheritdoc/>
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    /// <inheritdoc/>
    public override string WindowTitle
    {
        get => "passthru";
        set
        {
            if (Terminal.OutputHasColour) Console.Out.Write($"\e]0;{value}\a");
        }
    }

    /// <inheritdoc/>
    public override bool KeyAvailable => Terminal.CanAsk && Console.KeyAvailable;

    /// <inheritdoc/>
    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (!Terminal.CanAsk) throw ShellErrors.CannotAsk("ReadKey");
        var key = Console.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, default, options.HasFlag(ReadKeyOptions.IncludeKeyDown));
    }

    /// <inheritdoc/>
    public override void FlushInputBuffer()
    {
        while (KeyAvailable) Console.ReadKey(true);
    }

    /// <inheritdoc/>
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) =>
        throw new NotSupportedException("The screen of a terminal can't be read.");

    /// <inheritdoc/>
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) =>
        throw new NotSupportedException("passthru does not draw on the screen.");

    /// <inheritdoc/>
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        // Clear-Host asks for this with an empty rectangle.
        if (Terminal.OutputHasColour) Console.Out.Write("\e[2J\e[H");
    }

    /// <inheritdoc/>
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw new NotSupportedException("passthru does not draw on the screen.");
}
