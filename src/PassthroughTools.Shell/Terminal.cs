using System.Globalization;

namespace PassthroughTools.Shell;

/// <summary>What the standard streams are attached to, read once.</summary>
internal static class Terminal
{
    private const int DefaultWidth = 120;
    private const int DefaultHeight = 40;

    /// <summary>Output can be styled: a terminal, and nobody asked for plain text (https://no-color.org).</summary>
    public static bool OutputHasColour { get; } = !Console.IsOutputRedirected && WantsColour;

    /// <summary>The same for standard error.</summary>
    public static bool ErrorHasColour { get; } = !Console.IsErrorRedirected && WantsColour;

    /// <summary>Someone is there to be asked.</summary>
    public static bool CanAsk { get; } = !Console.IsInputRedirected && !Console.IsOutputRedirected;

    /// <summary>Columns: <c>COLUMNS</c> where it is set, else the terminal's, else 120.</summary>
    public static int Width => FromEnvironment("COLUMNS") ?? FromTerminal(static () => Console.WindowWidth) ?? DefaultWidth;

    /// <summary>Lines: <c>LINES</c> where it is set, else the terminal's, else 40.</summary>
    public static int Height => FromEnvironment("LINES") ?? FromTerminal(static () => Console.WindowHeight) ?? DefaultHeight;

    private static bool WantsColour =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    private static int? FromEnvironment(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : null;

    private static int? FromTerminal(Func<int> read)
    {
        if (Console.IsOutputRedirected) return null;
        try
        {
            var value = read();
            return value > 0 ? value : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
