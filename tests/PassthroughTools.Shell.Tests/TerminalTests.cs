using System.Diagnostics;
using System.Text;

namespace PassthroughTools.Tests;

/// <summary>
/// On a terminal: colours, questions and the prompt. <c>script</c> (util-linux, part of every Debian) gives the program a real one.
/// </summary>
public sealed class TerminalTests
{
    [Fact]
    public void A_table_is_styled_on_a_terminal() => Assert.Contains("\e[", OnTerminal("", "-Command", "[pscustomobject]@{ Alpha = 1 }").Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("NO_COLOR", "1")]
    [InlineData("TERM", "dumb")]
    public void Who_wants_no_colour_gets_none(string variable, string value)
    {
        var outcome = OnTerminal("", new Dictionary<string, string> { [variable] = value }, "-Command", "Get-Nothing; [pscustomobject]@{ Alpha = 1 }");
        Assert.DoesNotContain("\e[3", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Alpha", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_native_command_sees_the_terminal() => Assert.Contains("a terminal", OnTerminal("", "-Command", "bash -c 'test -t 1 && echo a terminal'").Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("y", "True")]
    [InlineData("No", "False")]
    [InlineData("what\r?\rN", "False")]
    public void A_confirmation_is_asked_and_answered(string answer, string expected)
    {
        var outcome = OnTerminal(answer + "\r", "-Command", "\"got $(& { [CmdletBinding()] param() $PSCmdlet.ShouldContinue('really?', 'caption') })\"");
        Assert.Contains("really?", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("got " + expected, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mandatory_parameter_is_asked_for() =>
        Assert.Contains("got 42", OnTerminal("42\r", "-Command", "& { param([Parameter(Mandatory)][int] $Number) \"got $Number\" }").Output, StringComparison.Ordinal);

    [Fact]
    public void A_password_is_not_shown()
    {
        var outcome = OnTerminal("secret\r", "-Command", "\"length $($Host.UI.ReadLineAsSecureString().Length)\"");
        Assert.Contains("length 6", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void NonInteractive_asks_nobody_even_on_a_terminal() =>
        Assert.Contains("NobodyToAsk", OnTerminal("y\r", "-NonInteractive", "-Command", "try { $Host.UI.ReadLine() } catch { $_.Exception.InnerException.ErrorRecord.FullyQualifiedErrorId }").Output, StringComparison.Ordinal);

    [Fact]
    public void The_prompt_runs_what_is_typed_until_exit()
    {
        var outcome = OnTerminal("$a = 20 +\r1\r$a * 2\rexit 5\r");
        Assert.Contains("42", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("PS ", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(5, outcome.ExitCode);
    }

    [Fact]
    public void The_prompt_ends_at_the_end_of_the_input()
    {
        using var process = Start([], "-NoLogo");
        // Typed before the prompt is there, Ctrl+D would mean something to the terminal, not to us.
        ReadUntil(process, "PS ");
        process.StandardInput.Write('\u0004');
        process.StandardInput.Flush();
        Assert.Equal(0, Passthru.Finish(process).ExitCode);
    }

    [Fact]
    public void Ctrl_C_ends_the_command_and_not_the_prompt()
    {
        using var process = Start([], "-NoLogo");
        process.StandardInput.Write("'re' + 'ady'; while (1) { [System.Threading.Thread]::Sleep(20) }\r");
        process.StandardInput.Flush();
        ReadUntil(process, "ready");
        process.StandardInput.Write('\u0003');
        process.StandardInput.Flush();
        ReadUntil(process, "PS ");
        process.StandardInput.Write("'still ' + 'there'; exit 4\r");
        process.StandardInput.Flush();
        var outcome = Passthru.Finish(process);
        Assert.Contains("still there", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(4, outcome.ExitCode);
    }

    [Fact]
    public void NoExit_prompts_after_the_command()
    {
        var outcome = OnTerminal("\"then $x\"\rexit\r", "-NoExit", "-Command", "$x = 'typed'");
        Assert.Contains("then typed", outcome.Output, StringComparison.Ordinal);
    }

    private static Outcome OnTerminal(string input, params string[] arguments) => OnTerminal(input, [], arguments);

    private static Outcome OnTerminal(string input, Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        // What is typed ahead waits in the terminal; its end would be the terminal's, so it stays open until the program is done.
        process.StandardInput.Write(input);
        process.StandardInput.Flush();
        return Passthru.Finish(process);
    }

    private static Process Start(Dictionary<string, string> environment, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs the script command of util-linux.");
        // script runs this in a shell, and a shell that waits instead of becoming the program would die of the Ctrl+C that is meant for the program.
        var command = "exec " + string.Join(' ', arguments.Prepend(Passthru.Program).Select(argument => $"'{argument.Replace("'", "'\\''")}'"));
        var start = new ProcessStartInfo("script", ["-qec", command, "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        start.Environment["COLUMNS"] = "100";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static void ReadUntil(Process process, string text)
    {
        var seen = new StringBuilder();
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            var next = process.StandardOutput.Read();
            Assert.True(next >= 0, $"'{text}' did not come; there was: {seen}");
            seen.Append((char)next);
        }
    }
}
