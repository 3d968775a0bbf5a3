namespace PassthroughTools.Tests;

/// <summary><c>passthru -File</c>: arguments and exit codes.</summary>
public sealed class FileTests
{
    private const string Echo = """
        param([string] $Name, [switch] $Flag, [int] $Number = -1, [string[]] $List)
        "name=$Name flag=$Flag number=$Number list=$($List -join '+') rest=$($args -join '+')"
        """;

    [Theory]
    [InlineData("-Name|a b|-Number|3", "name=a b flag=False number=3 list= rest=")]
    [InlineData("x|5|y|z", "name=x flag=False number=5 list=y rest=z")]
    [InlineData("-Flag|-Name|n", "name=n flag=True number=-1 list= rest=")]
    [InlineData("-Flag:$false", "name= flag=False number=-1 list= rest=")]
    [InlineData("-Flag:true", "name= flag=True number=-1 list= rest=")]
    [InlineData("-Name:n", "name=n flag=False number=-1 list= rest=")]
    [InlineData("-Name:|n", "name=n flag=False number=-1 list= rest=")]
    [InlineData("-Number|-5", "name= flag=False number=-5 list= rest=")]
    [InlineData("-List|a,b", "name= flag=False number=-1 list=a,b rest=")]
    [InlineData("$(1+1)", "name=$(1+1) flag=False number=-1 list= rest=")]
    public void Arguments_are_bound_as_pwsh_binds_them(string arguments, string expected)
    {
        using var script = new ScriptFile(Echo);
        var outcome = Passthru.Run(["-File", script.FullPath, .. arguments.Split('|')]);
        Assert.Equal((expected + "\n", "", 0), (outcome.Output, outcome.Error, outcome.ExitCode));
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("& { exit 4 }", 4)]
    [InlineData("dotnet no-such-command-at-all; 'went on'", 0)]
    [InlineData("Get-Nothing-Like-This; 'went on'", 0)]
    [InlineData("Get-Nothing-Like-This", 0)]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-Nothing-Like-This", 1)]
    [InlineData("throw 'x'", 1)]
    [InlineData("if (", 1)]
    [InlineData("$null = dotnet no-such-command-at-all; exit 0", 0)]
    public void The_exit_code_is_the_one_that_pwsh_would_give(string text, int expected)
    {
        using var script = new ScriptFile(text);
        Assert.Equal(expected, Passthru.Run("-File", script.FullPath).ExitCode);
    }

    [Fact]
    public void A_script_that_calls_another_gets_its_exit_code_and_goes_on()
    {
        using var inner = new ScriptFile("exit 5");
        using var outer = new ScriptFile("param($Inner) & $Inner; \"code $LASTEXITCODE\"; exit 6");
        var outcome = Passthru.Run("-File", outer.FullPath, inner.FullPath);
        // In pwsh, too, an exit of the inner script is not the end of the outer one.
        Assert.Equal(("code 5\n", 6), (outcome.Output, outcome.ExitCode));
    }

    [Fact]
    public void A_script_knows_its_own_folder_and_file()
    {
        using var script = new ScriptFile("$PSScriptRoot; $PSCommandPath; $MyInvocation.MyCommand.Path");
        Assert.Equal(
            $"{Path.GetDirectoryName(script.FullPath)}\n{script.FullPath}\n{script.FullPath}\n", Passthru.Run("-File", script.FullPath).Output);
    }

    [Fact]
    public void An_error_names_the_line_of_the_script()
    {
        using var script = new ScriptFile("'one'\nthrow 'broken'");
        Assert.Contains($"{script.FullPath}:2", Passthru.Run("-File", script.FullPath).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_needs_no_File_parameter_and_no_extension()
    {
        using var script = new ScriptFile("#!/usr/bin/env passthru\nparam($A) \"got $A\"", "tool");
        Assert.Equal("got 1\n", Passthru.Run(script.FullPath, "-A", "1").Output);
    }

    [Fact]
    public void A_script_that_is_not_there_is_a_wrong_command_line()
    {
        var outcome = Passthru.Run("-File", "no-such-script.ps1");
        Assert.Equal(64, outcome.ExitCode);
        Assert.Contains("no-such-script.ps1", outcome.Error, StringComparison.Ordinal);
    }
}
