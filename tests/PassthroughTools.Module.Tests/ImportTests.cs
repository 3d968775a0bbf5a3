namespace PassthroughTools.Tests;

/// <summary>Import defines the module's commands and does nothing else; it can be repeated.</summary>
public sealed class ImportTests
{
    [Fact]
    public void The_module_imports_into_a_bare_engine_without_a_word()
    {
        using var session = ModuleSession.Bare();
        var result = session.Run("Import-Module $args[0]", Repository.Manifest).ThrowIfFailed();
        Assert.Empty(result.Output);
        Assert.Empty(result.Warnings);
        Assert.Empty(result.Information);
    }

    [Theory]
    [InlineData("(Get-Variable).Name")]
    [InlineData("$ExecutionContext.SessionState.Drive.GetAll().Name")]
    [InlineData("(Get-Job).Name")]
    [InlineData("(Get-Command -CommandType Alias).Name")]
    [InlineData("[psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')::Get.Keys")]
    [InlineData("'none'; (Get-Module).Name | Where-Object { $_ -and $_ -ne 'PassthroughTools' }")]
    [InlineData("(Get-Command -CommandType Cmdlet, Function | Where-Object { $_.ModuleName -ne 'PassthroughTools' }).Name")]
    public void Import_leaves_everything_else_as_it_was(string listing)
    {
        // Variables have no command in the bare engine.
        listing = listing.Replace("(Get-Variable).Name", "$ExecutionContext.SessionState.Provider.GetOne('Variable').Name; $ExecutionContext.InvokeProvider.ChildItem.Get('Variable:', $false).Name");
        using var session = ModuleSession.Bare();
        session.Run("$null = " + listing).ThrowIfFailed(); // automatic variables appear at first use
        var before = session.Run(listing).ThrowIfFailed().Output.Select(item => item.ToString()).ToList();
        session.Run("Import-Module $args[0] -Global", Repository.Manifest).ThrowIfFailed();
        var after = session.Run(listing).ThrowIfFailed().Output.Select(item => item.ToString()).ToList();
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData("Import-Module $args[0] -Global -Force")]
    [InlineData("Remove-Module PassthroughTools; Import-Module $args[0] -Global")]
    [InlineData("Import-Module $args[0] -Global; Import-Module $args[0] -Global -Force; Import-Module $args[0] -Global -Force")]
    public void Importing_again_gives_the_same_commands(string again)
    {
        const string Listing = "(Get-Module PassthroughTools).ExportedCommands.Keys; (Get-Command -Module PassthroughTools).Name";
        using var session = new ModuleSession();
        var before = session.Run(Listing).ThrowIfFailed().Output.Select(item => item.ToString()).ToList();
        session.Run(again, Repository.Manifest).ThrowIfFailed();
        Assert.Equal(before, session.Run(Listing).ThrowIfFailed().Output.Select(item => item.ToString()));
    }

    [Fact]
    public void Removing_the_module_takes_its_commands_away()
    {
        using var session = new ModuleSession();
        session.Run("Remove-Module PassthroughTools").ThrowIfFailed();
        Assert.Empty(session.Run("Get-Command -Module PassthroughTools").Output);
    }
}
