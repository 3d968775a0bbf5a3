namespace PassthroughTools.Tests;

/// <summary>What is rendered fits the width that was asked for and is free of escape sequences when it does not go to a terminal.</summary>
public sealed class RenderingTests
{
    private const string WideTable = "[pscustomobject]@{ First = 'a' * 70; Second = 'b' * 70 }";

    [Fact]
    public void Long_text_is_broken_between_words()
    {
        var words = string.Join(' ', Enumerable.Repeat("passthrough", 12));
        var outcome = Passthru.RunWith(new Dictionary<string, string> { ["COLUMNS"] = "60" }, "-Command", $"[pscustomobject]@{{ A = '{words}'; B = 1; C = 2; D = 3; E = 4 }}");
        Assert.True(outcome.Lines.Count(line => line.Contains("passthrough", StringComparison.Ordinal)) > 1, outcome.Output);
        Assert.Equal(12, outcome.Lines.Sum(line => line.Split("passthrough").Length - 1));
    }

    [Fact]
    public void A_table_looks_as_PowerShell_renders_it()
    {
        var outcome = Passthru.Run("-Command", "[pscustomobject]@{ Name = 'x'; Count = 10 }, [pscustomobject]@{ Name = 'longer'; Count = 7 }");
        Assert.Equal(["Name   Count", "----   -----", "x         10", "longer     7"], outcome.Lines);
    }

    [Theory]
    [InlineData("60")]
    [InlineData("100")]
    public void A_table_keeps_to_the_columns_of_COLUMNS(string columns)
    {
        var outcome = Passthru.RunWith(new Dictionary<string, string> { ["COLUMNS"] = columns }, "-Command", WideTable);
        // PowerShell leaves the last column free.
        Assert.Equal(int.Parse(columns) - 1, outcome.Lines.Max(line => line.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("wide")]
    public void Without_a_usable_COLUMNS_the_width_is_120(string columns)
    {
        var outcome = Passthru.RunWith(new Dictionary<string, string> { ["COLUMNS"] = columns }, "-Command", WideTable);
        Assert.Equal(119, outcome.Lines.Max(line => line.Length));
    }

    [Fact]
    public void Redirected_output_has_no_escape_sequences()
    {
        var outcome = Passthru.Run("-Command", "Get-Module; [pscustomobject]@{ A = 1 }; \"`e[31mred`e[0m\"; throw 'x'");
        Assert.DoesNotContain('\e', outcome.Output);
        Assert.DoesNotContain('\e', outcome.Error);
        Assert.Contains("red", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_asks_for_escape_sequences_gets_them() =>
        Assert.Equal("\e[31mred\e[0m\n", Passthru.Run("-Command", "$PSStyle.OutputRendering = 'Ansi'; \"`e[31mred`e[0m\"").Output);
}
