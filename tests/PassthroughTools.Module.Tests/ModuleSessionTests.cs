namespace PassthroughTools.Tests;

/// <summary>The fixture that the other tests rest on.</summary>
public sealed class ModuleSessionTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    [Fact]
    public void A_terminating_error_is_the_last_of_the_errors()
    {
        var result = session.Run("'before'; Get-Nothing; throw 'x'");
        Assert.Equal("before", result.Single.ToString());
        Assert.Equal(["CommandNotFoundException", "x"], result.ErrorIds);
        Assert.NotNull(result.Terminating);
    }

    [Fact]
    public void Arguments_reach_the_script() => Assert.Equal(5, session.Run("$args[0] + $args[1]", 2, 3).Single.Value);

    [Fact]
    public void Each_stream_is_kept_apart()
    {
        var result = session.Run("& { [CmdletBinding()] param() $PSCmdlet.WriteWarning('w'); $PSCmdlet.WriteVerbose('v'); $PSCmdlet.WriteInformation('i', @()); 1 } -Verbose");
        Assert.Equal("w|v|i", string.Join('|', [.. result.Warnings, .. result.Verbose, .. result.Information]));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    public void Rendering_keeps_to_the_width(int width)
    {
        var text = session.Render("[pscustomobject]@{ A = 'a' * 70; B = 'b' * 70 }", width);
        Assert.Equal(width - 1, text.Split('\n').Max(line => line.Length)); // PowerShell leaves the last column free
    }

    [Fact]
    public void Rendering_shows_errors_where_they_come() =>
        Assert.Matches("^one\nGet-Nothing: [^\n]+\n[^\n]+\ntwo$", session.Render("'one'; Get-Nothing; 'two'"));

    [Fact]
    public void The_current_location_is_the_root_of_the_work_tree() =>
        Assert.Equal(Path.TrimEndingDirectorySeparator(Repository.Root), session.Run("$PWD.Path").Single.ToString());

    [Fact]
    public void Questions_are_answered_from_the_queue()
    {
        session.Choices.Enqueue(0);
        Assert.Equal(true, session.Run("& { [CmdletBinding()] param() $PSCmdlet.ShouldContinue('really?', 'caption') }").Single.Value);
        Assert.Equal("really?", session.Questions[^1]);
    }
}
