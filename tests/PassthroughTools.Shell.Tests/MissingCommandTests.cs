using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PassthroughTools.Shell;

namespace PassthroughTools.Tests;

/// <summary>A command that the bare engine lacks says so, and what to use instead.</summary>
public sealed class MissingCommandTests
{
    [Theory]
    [InlineData("1..3 | Select-Object -First 2", "ForEach-Object")]
    [InlineData("gc file.txt -Tail 3", "ReadAllLines")]
    [InlineData("Get-Module | Format-Table -AutoSize Name", "passthru renders")]
    [InlineData("Write-Host -ForegroundColor Red hello", "$Host.UI.WriteLine")]
    [InlineData("@{} | ConvertTo-Json -Depth 5", "JsonSerializer")]
    [InlineData("'x' > file.txt", "WriteAllLines")]
    public void The_error_names_what_to_use_instead(string command, string substitute)
    {
        var outcome = Passthru.Run("-Command", command);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("bare PowerShell engine", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(substitute, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_has_an_ID_of_its_own_and_can_be_caught() =>
        Assert.Equal(
            "CommandNotInEngine,PassthroughTools.Shell.MissingCommandCommand\nSort-Object\n",
            Passthru.Run("-Command", "try { 1 | Sort-Object } catch [System.Management.Automation.CommandNotFoundException] { $_.FullyQualifiedErrorId; $_.TargetObject }").Output);

    [Fact]
    public void A_command_that_nobody_knows_keeps_the_engines_own_error() =>
        Assert.Equal("CommandNotFoundException\n", Passthru.Run("-Command", "try { Get-Nothing } catch { $_.FullyQualifiedErrorId }").Output);

    [Fact]
    public void Looking_for_a_missing_command_finds_none() =>
        Assert.Equal("0\n", Passthru.Run("-Command", "@(Get-Command Select-Object -ErrorAction Ignore).Count").Output);

    [Fact]
    public void A_function_of_the_users_own_takes_the_place_of_a_missing_command() =>
        Assert.Equal("mine\n", Passthru.Run("-Command", "function Write-Host { 'mine' }; Write-Host x").Output);

    [Fact]
    public void No_advice_is_given_for_a_command_that_the_engine_has()
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        var there = shell.AddScript("(Get-Command -CommandType Cmdlet, Function).Name").Invoke<string>();
        Assert.Empty(MissingCommands.Names.Intersect(there, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Modules_that_came_with_another_PowerShell_are_left_out()
    {
        var folder = Directory.CreateTempSubdirectory("passthru-modules-");
        try
        {
            folder.CreateSubdirectory("Microsoft.PowerShell.Utility");
            File.WriteAllText(
                Path.Combine(folder.FullName, "Microsoft.PowerShell.Utility", "Microsoft.PowerShell.Utility.psd1"),
                "@{ ModuleVersion = '7.0.0'; NestedModules = 'No.Such.Assembly.dll'; CmdletsToExport = @('Select-Object') }");
            var outcome = Passthru.RunWith(new Dictionary<string, string> { ["PSModulePath"] = folder.FullName }, "-Command", "Select-Object -First 1");
            Assert.Contains("bare PowerShell engine", outcome.Error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
