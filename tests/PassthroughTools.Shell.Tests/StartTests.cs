using PassthroughTools.Shell;

namespace PassthroughTools.Tests;

/// <summary>The command line itself, and where the module comes from.</summary>
public sealed class StartTests
{
    [Fact]
    public void Version_names_the_product_and_the_engine() => Assert.Matches(@"^passthru \d+\.\d+\.\d+ \(PowerShell 7\.\d+\.\d+\)\n$", Passthru.Run("-Version").Output);

    [Theory]
    [InlineData("-Help")]
    [InlineData("-?")]
    [InlineData("-h")]
    [InlineData("--help")]
    public void Help_lists_the_parameters(string argument)
    {
        var outcome = Passthru.Run(argument);
        Assert.Equal(0, outcome.ExitCode);
        Assert.All((string[])["-Command", "-File", "-NonInteractive", "COLUMNS", "Exit code"], text => Assert.Contains(text, outcome.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-Bogus")]
    [InlineData("-Command")]
    [InlineData("-File")]
    [InlineData("-No")]
    public void A_wrong_command_line_ends_with_64(string argument)
    {
        var outcome = Passthru.Run(argument);
        Assert.Equal((64, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith("passthru: ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-c|1", "Command")]
    [InlineData("-comm|1", "Command")]
    [InlineData("--Command|1", "Command")]
    [InlineData("-f|x.ps1", "File")]
    [InlineData("-noni|-nol|-nop|-c|1", "Command")]
    [InlineData("x.ps1|-Help", "File")]
    [InlineData("-c|-", "StandardInput")]
    [InlineData("", "Prompt")]
    public void Parameters_may_be_shortened(string arguments, string action)
    {
        var options = ShellOptions.Parse(arguments.Split('|', StringSplitOptions.RemoveEmptyEntries));
        Assert.Null(options.Error);
        Assert.Equal(action, options.Action.ToString());
    }

    [Fact]
    public void The_module_may_come_from_PASSTHRU_MODULE_PATH()
    {
        using var manifest = new ScriptFile("@{ ModuleVersion = '9.8.7' }", "PassthroughTools.psd1");
        var outcome = Passthru.RunWith(
            new Dictionary<string, string> { ["PASSTHRU_MODULE_PATH"] = Path.GetDirectoryName(manifest.FullPath)! }, "-Command", "(Get-Module).Version.ToString()");
        Assert.Equal("9.8.7\n", outcome.Output);
    }

    [Fact]
    public void A_module_that_is_not_there_is_named()
    {
        var outcome = Passthru.RunWith(new Dictionary<string, string> { ["PASSTHRU_MODULE_PATH"] = "/no/such/folder" }, "-Command", "1");
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(Path.GetFullPath("/no/such/folder"), outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_engine_is_told_to_report_nothing_to_its_maker() =>
        Assert.Equal("1\n", Passthru.Run("-Command", "$env:POWERSHELL_TELEMETRY_OPTOUT").Output);
}
