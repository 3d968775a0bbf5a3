namespace PassthroughTools.Tests;

/// <summary><c>passthru -Command</c>: results, streams and exit codes.</summary>
public sealed class CommandTests
{
    [Fact]
    public void A_command_writes_its_results_to_standard_output_and_ends_with_0()
    {
        var outcome = Passthru.Run("-Command", "1 + 1; 'text'");
        Assert.Equal((0, "2\ntext\n", ""), (outcome.ExitCode, outcome.Output, outcome.Error));
    }

    [Fact]
    public void Several_arguments_are_one_command() => Assert.Equal("a\nb\n", Passthru.Run("-Command", "'a', 'b'", "|", "ForEach-Object", "{ $_ }").Output);

    [Fact]
    public void The_module_is_imported() => Assert.Equal("PassthroughTools\n", Passthru.Run("-Command", "(Get-Module).Name").Output);

    [Fact]
    public void Relative_paths_start_where_the_caller_is() =>
        Assert.Equal(Environment.CurrentDirectory + "\n", Passthru.Run("-Command", "$PWD.Path").Output);

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("'x'; exit 0; 'y'", 0)]
    [InlineData("function f { exit 3 }; f; 'not reached'", 3)]
    [InlineData("throw 'broken'", 1)]
    [InlineData("Get-Nothing-Like-This", 1)]
    [InlineData("Get-Nothing-Like-This; 'but this is fine'", 0)]
    [InlineData("try { throw 'x' } catch { 'handled' }", 0)]
    [InlineData("if (", 1)]
    [InlineData("dotnet no-such-command-at-all", 1)]
    [InlineData("dotnet no-such-command-at-all; exit $LASTEXITCODE", 1)]
    [InlineData("", 0)]
    public void The_exit_code_is_the_one_that_pwsh_would_give(string command, int expected) =>
        Assert.Equal(expected, Passthru.Run("-Command", command).ExitCode);

    [Fact]
    public void Errors_go_to_standard_error_and_the_rest_goes_on()
    {
        var outcome = Passthru.Run("-Command", "'before'; Get-Nothing-Like-This; 'after'");
        Assert.Equal("before\nafter\n", outcome.Output);
        Assert.Contains("Get-Nothing-Like-This", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminating_error_is_readable_and_has_no_stack_trace()
    {
        var outcome = Passthru.Run("-Command", "'before'; throw 'it is broken'; 'not reached'");
        Assert.Equal("before\n", outcome.Output);
        Assert.Contains("it is broken", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_ends_too_early_says_what_is_missing() =>
        Assert.Contains("Missing condition", Passthru.Run("-Command", "if (").Error, StringComparison.Ordinal);

    [Fact]
    public void The_recommended_action_of_an_error_is_shown()
    {
        const string Command = """
            & { [CmdletBinding()] param()
            $record = [System.Management.Automation.ErrorRecord]::new([Exception]::new('what'), 'Id', 'NotSpecified', $null)
            $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new('what is wrong')
            $record.ErrorDetails.RecommendedAction = 'what to do'
            $PSCmdlet.ThrowTerminatingError($record) }
            """;
        var error = Passthru.Run("-Command", Command).Error;
        Assert.Contains("what is wrong", error, StringComparison.Ordinal);
        Assert.Contains("what to do", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_results_and_information_reach_standard_output()
    {
        const string Command = """
            & { [CmdletBinding()] param() $DebugPreference = 'Continue'
            $PSCmdlet.WriteWarning('a warning'); $PSCmdlet.WriteVerbose('a detail'); $PSCmdlet.WriteDebug('a trace')
            $PSCmdlet.WriteInformation('a note', @()); $Host.UI.WriteLine('a line'); 'a result' } -Verbose -InformationAction Continue
            """;
        var outcome = Passthru.Run("-Command", Command);
        Assert.Equal("a note\na line\na result\n", outcome.Output);
        Assert.Equal("WARNING: a warning\nVERBOSE: a detail\nDEBUG: a trace\n", outcome.Error);
    }

    [Fact]
    public void Progress_leaves_no_trace_without_a_terminal()
    {
        var outcome = Passthru.Run("-Command", "& { [CmdletBinding()] param() $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'work', 'half')) }");
        Assert.Equal(("", ""), (outcome.Output, outcome.Error));
    }

    [Fact]
    public void A_native_command_writes_where_passthru_writes_and_sets_its_exit_code()
    {
        var outcome = Passthru.Run("-Command", "dotnet --version; \"code $LASTEXITCODE\"; $null = dotnet no-such-command-at-all 2>&1; \"code $LASTEXITCODE\"");
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\ncode 0\ncode 1\n$", outcome.Output);
    }

    [Fact]
    public void Text_outside_ascii_arrives_unharmed() => Assert.Equal("Größe ≥ 1 µs – 日本\n", Passthru.Run("-Command", "'Größe ≥ 1 µs – 日本'").Output);
}
