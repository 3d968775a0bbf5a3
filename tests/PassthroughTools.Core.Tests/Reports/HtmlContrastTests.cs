using System.Globalization;
using System.Text.RegularExpressions;
using PassthroughTools.Reports;

namespace PassthroughTools.Tests.Reports;

/// <summary>Contrast by WCAG 2.2: 4.5 to 1 for text on its ground, 3 to 1 for what a figure is drawn with.</summary>
public sealed class HtmlContrastTests
{
    private static readonly string Sheet = HtmlStyle.Sheet;

    public static TheoryData<string> Schemes => ["light", "dark"];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Text_stands_out_from_its_ground(string scheme)
    {
        var colours = Colours(scheme);
        var pairs = TextPairs().ToList();
        Assert.True(pairs.Count > 15);
        Assert.All(pairs, pair => Assert.True(Contrast(colours[pair.Text], colours[pair.Ground]) >= 4.5, $"{scheme}: {pair.Text} on {pair.Ground}: {Contrast(colours[pair.Text], colours[pair.Ground]):0.00}"));
    }

    [Fact]
    public void Every_rule_that_sets_a_colour_sets_its_ground_too()
    {
        var rules = Rules().Where(rule => Regex.IsMatch(rule.Body, @"(^|;)color:") && !rule.Body.Contains("background:", StringComparison.Ordinal));
        Assert.Empty(rules);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void What_a_bar_is_drawn_with_stands_out_from_the_card(string scheme)
    {
        var colours = Colours(scheme);
        foreach (var name in new[] { "b-host", "b-demand", "b-over", "edge", "text" })
            Assert.True(Contrast(colours[name], colours["card"]) >= 3, $"{scheme}: {name}");
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_use_stands_out_from_what_is_free(string scheme)
    {
        var colours = Colours(scheme);
        foreach (var name in new[] { "b-host", "b-demand" }) Assert.True(Contrast(colours[name], colours["b-free"]) >= 3, $"{scheme}: {name}");
    }

    [Fact]
    public void Light_and_dark_name_the_same_colours() => Assert.Equal(Colours("light").Keys.Order(), Colours("dark").Keys.Order());

    [Fact]
    public void Every_colour_that_is_used_is_defined() =>
        Assert.Empty(Regex.Matches(Sheet, @"var\(--([a-z-]+)\)").Select(match => match.Groups[1].Value).Distinct().Except(Colours("light").Keys));

    [Fact]
    public void The_measure_itself_knows_black_on_white() => Assert.Equal(21, Contrast("#000000", "#ffffff"), 3);

    private static IEnumerable<(string Text, string Ground)> TextPairs()
    {
        foreach (var (_, body) in Rules())
        {
            var text = Regex.Match(body, @"(?:^|;)color:var\(--([a-z-]+)\)");
            var ground = Regex.Match(body, @"(?:^|;)background:var\(--([a-z-]+)\)");
            if (text.Success && ground.Success) yield return (text.Groups[1].Value, ground.Groups[1].Value);
        }
    }

    private static IEnumerable<(string Selector, string Body)> Rules() =>
        Regex.Matches(Sheet, @"([^{}]+)\{([^{}]+)\}").Select(match => (match.Groups[1].Value.Trim(), match.Groups[2].Value)).Where(rule => rule.Item1 != ":root");

    private static Dictionary<string, string> Colours(string scheme)
    {
        var blocks = Regex.Matches(Sheet, @":root\{([^{}]+)\}");
        Assert.Equal(2, blocks.Count);
        return Regex.Matches(blocks[scheme == "light" ? 0 : 1].Groups[1].Value, @"--([a-z-]+):(#[0-9a-f]{6});").ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
    }

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Channel(int at)
        {
            var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }
}
