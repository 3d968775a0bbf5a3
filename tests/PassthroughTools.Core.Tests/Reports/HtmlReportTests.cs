using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using PassthroughTools.Reports;
using static PassthroughTools.Tests.Reports.Reporting;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Reports;

/// <summary>The page is XML as well as HTML, so that a strict parser can tell what a browser would see.</summary>
public sealed class HtmlReportTests
{
    private static readonly FleetReport Mixed = FleetReport.Create(
        [.. Samples().Hosts, Of(HostileHost(), new ReportOptions { IncludePlan = true }), Of(Bare("bare"))], new ReportOptions { Title = Hostile, Headroom = 3, IncludePoweredOff = true }, Now);

    private static readonly XElement Page = Parse(Render(Mixed, ReportFormat.Html));

    [Fact]
    public void No_hostile_name_becomes_an_element_or_an_attribute()
    {
        string[] elements = ["html", "head", "meta", "link", "title", "style", "body", "a", "header", "h1", "h2", "h3", "h4", "h5", "p", "main", "section", "ul", "ol", "li", "b", "span", "div",
            "table", "caption", "thead", "tbody", "tr", "th", "td", "bdi", "small", "code", "strong", "svg", "rect", "details", "summary", "footer"];
        string[] attributes = ["lang", "charset", "http-equiv", "content", "name", "rel", "href", "class", "id", "aria-labelledby", "aria-hidden", "scope", "viewBox",
            "preserveAspectRatio", "x", "y", "width", "height", "open"];
        Assert.Empty(Page.DescendantsAndSelf().Select(element => element.Name.LocalName).Distinct().Except(elements));
        Assert.Empty(Page.DescendantsAndSelf().Attributes().Select(attribute => attribute.Name.LocalName).Distinct().Except(attributes));
    }

    [Fact]
    public void A_hostile_name_is_still_told_in_full()
    {
        var shown = Hostile.Replace("\u202E", "[U+202E]").Replace("\u2066", "[U+2066]").Replace("\u0001", "[U+0001]").Replace("\r", "[U+000D]").Replace("\n", "[U+000A]");
        Assert.Contains(Page.Descendants("h3"), heading => heading.Value == shown);
        Assert.Equal(shown, Page.Element("head")!.Element("title")!.Value);
    }

    [Fact]
    public void Nothing_hidden_and_nothing_that_turns_the_direction_of_text_is_left()
    {
        var text = Render(Mixed, ReportFormat.Html);
        Assert.DoesNotContain(text, each => (char.IsControl(each) && each != '\n') || each is '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
    }

    [Theory]
    [InlineData("\U0001F600", "\U0001F600")]
    [InlineData("<\"'&>", "&lt;&quot;&#39;&amp;&gt;")]
    [InlineData("a\tb", "a b")]
    public void Text_is_escaped(string text, string expected) => Assert.Equal(expected, Escaped(text));

    [Fact]
    public void Half_a_character_is_named()
    {
        // No InlineData: an attribute's text is UTF-8, which has no room for these.
        Assert.Equal("[U+D800]", Escaped("\uD800"));
        Assert.Equal("a[U+DC00]b", Escaped("a\uDC00b"));
    }

    [Fact]
    public void The_page_asks_the_network_for_nothing()
    {
        Assert.All(Page.Descendants().Attributes("href"), href => Assert.True(href.Value == "data:," || href.Value[0] == '#', href.Value));
        Assert.DoesNotContain("url(", Style(), StringComparison.Ordinal);
        Assert.DoesNotContain("@import", Style(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_policy_forbids_everything_but_this_style_sheet()
    {
        var policy = Page.Element("head")!.Elements("meta").Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy").Attribute("content")!.Value;
        Assert.StartsWith("default-src 'none'; style-src 'sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style()))) + "';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_column_has_a_heading_with_a_scope_and_every_row_too()
    {
        foreach (var table in Page.Descendants("table"))
        {
            var headings = table.Element("thead")!.Element("tr")!.Elements().ToList();
            Assert.All(headings, heading => Assert.Equal(("th", "col"), (heading.Name.LocalName, heading.Attribute("scope")?.Value)));
            Assert.Equal(headings.Count, headings.Select(heading => heading.Value).Distinct().Count());
            Assert.NotEqual("", table.Element("caption")!.Value);
            foreach (var row in table.Element("tbody")!.Elements("tr"))
            {
                Assert.Equal(headings.Count, row.Elements().Count());
                Assert.Equal(("th", "row"), (row.Elements().First().Name.LocalName, row.Elements().First().Attribute("scope")?.Value));
            }
        }
    }

    [Fact]
    public void Headings_skip_no_level_and_the_first_is_the_only_one_of_its_kind()
    {
        var levels = Page.Descendants().Where(element => element.Name.LocalName is "h1" or "h2" or "h3" or "h4" or "h5").Select(element => element.Name.LocalName[1] - '0').ToList();
        Assert.Equal(1, levels[0]);
        Assert.Equal(1, levels.Count(level => level == 1));
        for (var i = 1; i < levels.Count; i++) Assert.True(levels[i] <= levels[i - 1] + 1, $"heading {i}: h{levels[i - 1]}, then h{levels[i]}");
    }

    [Fact]
    public void The_page_has_a_language_landmarks_and_a_link_that_skips_to_the_hosts()
    {
        Assert.Equal("en", Page.Attribute("lang")!.Value);
        var body = Page.Element("body")!;
        Assert.Equal(["a", "header", "main", "footer"], body.Elements().Select(element => element.Name.LocalName));
        Assert.Equal("#" + body.Element("main")!.Attribute("id")!.Value, body.Element("a")!.Attribute("href")!.Value);
    }

    [Fact]
    public void Identifiers_are_unique_and_every_reference_finds_its_own()
    {
        var ids = Page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(Page.Descendants().Attributes("aria-labelledby"), reference => Assert.Contains(reference.Value, ids));
        Assert.All(Page.Descendants("a").Attributes("href"), reference => Assert.Contains(reference.Value.TrimStart('#'), ids));
    }

    [Fact]
    public void Every_bar_says_in_words_what_it_shows()
    {
        var bars = Page.Descendants("svg").Select(bar => bar.ElementsAfterSelf().First()).ToList();
        Assert.NotEmpty(bars);
        Assert.All(bars, legend => Assert.Equal("legend", legend.Attribute("class")?.Value));
        Assert.Contains(bars, legend => legend.Elements("li").Select(item => item.Value).SequenceEqual(["host 26", "passthrough 256", "112 beyond the capacity of 170"]));
    }

    [Fact]
    public void Alike_findings_are_told_once_with_every_device_that_they_concern()
    {
        var item = Assert.Single(Page.Descendants("li"), item => item.Value.Contains("PT1009", StringComparison.Ordinal) && item.Value.Contains("win01", StringComparison.Ordinal));
        Assert.Contains("8 times", item.Value, StringComparison.Ordinal);
        Assert.Contains("pciPassthruN.msiEnabled", item.Value, StringComparison.Ordinal);
        Assert.All(["0000:05:00.0", "0000:05:00.1", "0000:08:00.1", "0000:0c:00.1", "0000:1a:00.1"], device => Assert.Contains(device, item.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_known_is_not_drawn_as_free()
    {
        var pool = Of(Outage()).Budget.Pools[0] with { DemandFigure = new Figure { Minimum = 40 } };
        using var writer = new StringWriter();
        HtmlPoolBar.Write(new HtmlMarkup(writer), pool);
        Assert.DoesNotContain("b-free", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains(">host 26</li>", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains(">passthrough unknown, at least 40</li>", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains(">free or taken, not known: up to 104 of 170</li>", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_that_fit_are_folded_and_the_others_are_not()
    {
        var folded = Page.Descendants("details").Where(details => details.Attribute("id") is not null).ToList();
        Assert.All(folded, details => Assert.Contains("Fits", details.Element("summary")!.Value, StringComparison.Ordinal));
        Assert.Equal(Mixed.Count(PassthroughTools.Vectors.BudgetVerdict.Fits), folded.Count);
    }

    [Fact]
    public void The_first_sentence_says_how_many_hosts_are_in_trouble()
    {
        Assert.Equal("2 of 4 hosts are asked for more than a pool holds.", Lead(Samples()));
        Assert.Equal("The host is asked for more than a pool holds.", Lead(Report(Outage())));
        Assert.Equal("2 of 2 hosts can't be decided from the evidence.", Lead(Report(Bare("a"), Bare("b"))));
        Assert.Equal("1 of 2 hosts is asked for more than a pool holds; 1 can't be decided from the evidence.", Lead(Report(Outage(), Bare("b"))));
    }

    [Fact]
    public void A_log_without_a_failure_is_folded_and_one_with_failures_is_not()
    {
        var logs = Page.Descendants("details").Where(details => details.Attribute("class")!.Value == "log").ToList();
        Assert.All(logs, log => Assert.Equal(log.Element("summary")!.Value.Contains("no failure", StringComparison.Ordinal), log.Attribute("open") is null));
        Assert.Equal(2, logs.Select(log => log.Attribute("open") is null).Distinct().Count());
    }

    [Fact]
    public void What_an_event_means_is_said_where_it_comes_first()
    {
        var events = Page.Descendants("table").First(table => table.Attribute("class")?.Value == "t-events").Descendants("td").Where(cell => cell.Value.StartsWith("Out of vectors", StringComparison.Ordinal)).ToList();
        Assert.Equal("Out of vectorsThe host has no interrupt vector left to give: the pool is exhausted.", events[0].Value);
        Assert.NotEmpty(events.Skip(1));
        Assert.All(events.Skip(1), cell => Assert.Equal("Out of vectors", cell.Value));
    }

    [Fact]
    public void Before_and_after_are_drawn_on_one_scale()
    {
        var plan = Page.Descendants("p").First(line => line.Attribute("class")?.Value == "when" && line.Value.StartsWith("Now: Interrupt vectors", StringComparison.Ordinal));
        var widths = plan.ElementsAfterSelf("svg").Take(2).Select(bar => bar.Elements("rect").First(rect => rect.Attribute("class")!.Value == "b-host").Attribute("width")!.Value).ToList();
        Assert.Equal(2, widths.Count);
        Assert.Equal(widths[0], widths[1]);
    }

    [Fact]
    public void What_has_a_place_of_its_own_is_not_said_twice()
    {
        var page = Parse(Render(Samples(), ReportFormat.Html)).Value;
        Assert.Equal(2, page.Split("the IOMMU refused a memory access of 0000:86:00.1").Length);
        Assert.DoesNotContain("Not in the evidence:", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_case_shows_its_arithmetic_its_line_in_the_log_and_its_plan()
    {
        var text = Parse(Render(Samples(), ReportFormat.Html)).Value;
        Assert.Contains("170 - 26 - (8 x 32) = -112", text, StringComparison.Ordinal);
        Assert.Contains("vmkernel.log:284", text, StringComparison.Ordinal);
        Assert.Contains("4 changes in 2 VMs: Exceeds becomes Fits", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_class_that_is_used_has_a_style()
    {
        var used = Page.Descendants().Attributes("class").SelectMany(each => each.Value.Split(' ')).Distinct().Except(["host"]);
        Assert.All(used, name => Assert.Contains("." + name, Style(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_thousand_hosts_make_a_page_of_a_sensible_size()
    {
        var host = Of(Outage(), new ReportOptions { IncludePlan = true });
        var report = FleetReport.Create(Enumerable.Range(0, 1000).Select(i => host with { Budget = host.Budget with { HostName = "esx" + i } }), null, Now);
        using var counter = new CountingWriter();
        report.Write(counter, ReportFormat.Html);
        Assert.InRange(counter.Count, 1_000_000, 40_000_000);
        Assert.InRange(counter.Largest, 1, 20_000);
    }

    private static string Escaped(string text)
    {
        using var writer = new StringWriter();
        new HtmlMarkup(writer).Text(text);
        return writer.ToString();
    }

    private static string Lead(FleetReport report) => Parse(Render(report, ReportFormat.Html)).Descendants("p").First(line => line.Attribute("class")?.Value == "lead").Value;

    private static string Style() => Page.Element("head")!.Element("style")!.Value;

    private static XElement Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root!;
    }

    /// <summary>Counts what is written, in all and at once: a report that is put together in memory would come in one piece.</summary>
    private sealed class CountingWriter : TextWriter
    {
        public long Count { get; private set; }

        public int Largest { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Add(1);

        public override void Write(string? value) => Add(value?.Length ?? 0);

        public override void Write(ReadOnlySpan<char> buffer) => Add(buffer.Length);

        private void Add(int length)
        {
            Count += length;
            Largest = Math.Max(Largest, length);
        }
    }
}
