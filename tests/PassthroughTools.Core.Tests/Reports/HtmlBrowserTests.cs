using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace PassthroughTools.Tests.Reports;

/// <summary>The page as Chromium shows it: the samples with plans, hosts of which little is known, names that are long, foreign or hostile.</summary>
public sealed class HtmlBrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>A desktop and a telephone, by day and by night.</summary>
    public static TheoryData<int, string> Screens => new() { { 1280, "light" }, { 1280, "dark" }, { 390, "light" }, { 390, "dark" } };

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    [InlineData(320)]
    public async Task Nothing_has_to_be_scrolled_sideways(int width)
    {
        await using var page = await chromium.OpenUnfoldedAsync(width, "light");
        var sticksOut = await page.EvaluateExpressionAsync<string[]>("""
            [...document.body.querySelectorAll('*')].filter(each => each.getBoundingClientRect().right > innerWidth + 1)
                .map(each => each.tagName + '.' + each.className + ': ' + each.textContent.slice(0, 60))
            """);
        Assert.Empty(sticksOut);
        Assert.Equal(width, await page.EvaluateExpressionAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task Nothing_is_asked_of_a_network_and_nothing_is_complained_of()
    {
        await using var page = await chromium.NewPageAsync();
        var asked = new ConcurrentBag<string>();
        var complaints = new ConcurrentBag<string>();
        page.Request += (_, e) => asked.Add(e.Request.Url);
        page.Console += (_, e) => complaints.Add(e.Message.Text);
        page.PageError += (_, e) => complaints.Add(e.Message);
        page.Error += (_, e) => complaints.Add(e.Error);
        await page.GoToAsync(chromium.Address.AbsoluteUri, WaitUntilNavigation.Networkidle0);
        Assert.Empty(complaints);
        Assert.All(asked, url => Assert.True(url == chromium.Address.AbsoluteUri || url == "data:,", url));
        Assert.NotEmpty(asked);
    }

    [Fact]
    public async Task The_watch_over_complaints_hears_a_script_that_is_forbidden()
    {
        // Without this the test above could be deaf.
        await using var page = await chromium.NewPageAsync();
        var complaints = new TaskCompletionSource<string>();
        page.Console += (_, e) => complaints.TrySetResult(e.Message.Text);
        await page.GoToAsync(chromium.Address.AbsoluteUri);
        await page.EvaluateExpressionAsync("document.body.appendChild(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:9/x.png' }))");
        Assert.Contains("Content Security Policy", await complaints.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_scripts_it_is_read_and_unfolded_all_the_same()
    {
        await using var page = await chromium.NewPageAsync();
        await page.SetJavaScriptEnabledAsync(false);
        await page.GoToAsync(chromium.Address.AbsoluteUri);
        Assert.True(await page.EvaluateExpressionAsync<bool>("document.querySelector('.t-devices').getBoundingClientRect().height > 0"));
        const string folded = "document.querySelector('details.host')";
        Assert.False(await page.EvaluateExpressionAsync<bool>(folded + ".querySelector('table').checkVisibility({ contentVisibilityAuto: true })"));
        await (await page.QuerySelectorAsync("details.host > summary")).ClickAsync();
        Assert.True(await page.EvaluateExpressionAsync<bool>(folded + ".querySelector('table').checkVisibility()"));
    }

    [Fact]
    public async Task On_paper_what_is_folded_is_there()
    {
        await using var page = await chromium.NewPageAsync(718);
        await page.GoToAsync(chromium.Address.AbsoluteUri);
        const string shown = "[...document.querySelectorAll('details:not([open]) > :not(summary)')].map(each => each.checkVisibility())";
        Assert.DoesNotContain(true, await page.EvaluateExpressionAsync<bool[]>(shown));
        await page.EmulateMediaTypeAsync(MediaType.Print);
        Assert.DoesNotContain(false, await page.EvaluateExpressionAsync<bool[]>(shown));
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Axe_finds_nothing_to_complain_of(int width, string scheme)
    {
        await using var page = await chromium.OpenUnfoldedAsync(width, scheme);
        await page.EvaluateExpressionAsync(new BundledAxeScriptProvider().GetScript());
        Assert.Empty(await AxeAsync(page));
    }

    [Fact]
    public async Task Axe_finds_a_fault_that_is_put_in()
    {
        await using var page = await chromium.OpenUnfoldedAsync(1280, "light");
        await page.EvaluateExpressionAsync(new BundledAxeScriptProvider().GetScript());
        await page.EvaluateExpressionAsync("document.querySelector('.meta').style.color = '#ccc'");
        Assert.Contains(await AxeAsync(page), fault => fault.StartsWith("serious color-contrast", StringComparison.Ordinal));
    }

    private static Task<string[]> AxeAsync(IPage page) => page.EvaluateFunctionAsync<string[]>("""
        async () => (await axe.run()).violations.map(each => each.impact + ' ' + each.id + ' at ' + each.nodes.slice(0, 3).map(node => node.target + ': ' + node.failureSummary).join('; '))
        """);
}
