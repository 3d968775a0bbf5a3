namespace PassthroughTools.Tests;

/// <summary>Standard input as the script, and questions when nobody is there.</summary>
public sealed class InputTests
{
    [Theory]
    [InlineData("-Command", "-")]
    [InlineData("-File", "-")]
    [InlineData("-NoLogo")]
    [InlineData]
    public void The_script_may_come_in_on_standard_input(params string[] arguments)
    {
        var outcome = Passthru.RunWithInput("$a = 2\nif ($a -gt 1) {\n  'more'\n}\nexit 3\n", arguments);
        Assert.Equal(("more\n", 3, ""), (outcome.Output, outcome.ExitCode, outcome.Error));
    }

    [Theory]
    [InlineData("$Host.UI.ReadLine()")]
    [InlineData("$null = $Host.UI.ReadLineAsSecureString()")]
    [InlineData("$null = $Host.UI.PromptForCredential('caption', 'message', 'user', '')")]
    [InlineData("$null = $Host.UI.PromptForChoice('caption', 'really?', @('&Yes', '&No'), 1)")]
    [InlineData("& { [CmdletBinding()] param() $PSCmdlet.ShouldContinue('really?', 'caption') }")]
    [InlineData("& { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() $PSCmdlet.ShouldProcess('x') }")]
    public void A_question_that_nobody_can_answer_is_an_error_not_a_hang(string command)
    {
        var outcome = Passthru.Run("-NonInteractive", "-Command", "$ErrorActionPreference = 'Stop'; " + command);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("nobody is there to answer", outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_mandatory_parameter_is_named_instead_of_asked_for()
    {
        var outcome = Passthru.Run("-Command", "& { param([Parameter(Mandatory)] $Thing) 'bound' }");
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("Thing", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unanswerable_question_has_its_own_error_ID() =>
        Assert.Equal("NobodyToAsk\n", Passthru.Run("-Command", "try { $Host.UI.ReadLine() } catch { $_.Exception.InnerException.ErrorRecord.FullyQualifiedErrorId }").Output);

    [Fact]
    public void An_empty_input_is_no_error() => Assert.Equal((0, ""), (Passthru.Run().ExitCode, Passthru.Run().Error));
}
