using System.Management.Automation;
using System.Reflection;

namespace PassthroughTools.Shell;

/// <summary>Texts about passthru itself.</summary>
internal static class Usage
{
    /// <summary>What <c>-Help</c> prints.</summary>
    public const string Text = """
        passthru: the PowerShell engine with PassthroughTools imported, for machines without pwsh.

        passthru [-NonInteractive] [-NoLogo] [-NoExit]
                 [-Command <text> | -Command - | [-File] <script> [arguments] | -Version | -Help]

          -Command <text>   Runs the text; several arguments are joined by spaces. '-' reads it from standard input.
          -File <script>    Runs a script; what follows are its arguments: value, -Name value, -Switch, -Switch:$false.
          -NonInteractive   Never asks. A question is an error.
          -NoExit           Prompts after the command or script.
          -NoLogo           No banner before the prompt.
          -NoProfile        Accepted; there are no profiles.

        Without a command: prompts on a terminal, else runs what comes in on standard input.
        Parameter names may be shortened.

        Streams    Results and information to standard output; errors, warnings, verbose, debug and progress to standard error.
                   Colours and progress on a terminal only. Width: COLUMNS, else the terminal's, else 120.
        Exit code  -Command: that of 'exit N'; else 0, or 1 when the last command failed.
                   -File: that of 'exit N'; else 0, or 1 when an error ended the script.
                   64 for a wrong command line, 130 after Ctrl+C, 143 after SIGTERM.

        Environment
          COLUMNS, LINES         Size of the output.
          NO_COLOR               Plain text on a terminal, too.
          PASSTHRU_MODULE_PATH   Folder of the module to import instead of the one that came with passthru.

        The bare engine lacks the commands of PowerShell's own modules (Select-Object, Get-Content, Format-Table ...);
        using one is an error that says what to use instead.
        """;

    /// <summary>Version of the product, which is the module's.</summary>
    public static Version ProductVersion { get; } = typeof(Usage).Assembly.GetName().Version ?? new Version(0, 0);

    /// <summary>What <c>-Version</c> prints.</summary>
    public static string Version => $"passthru {ProductVersion.ToString(3)} (PowerShell {EngineVersion})";

    private static string? EngineVersion => typeof(PSObject).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(' ', '+')[0];
}
