using System.Globalization;
using System.Text.RegularExpressions;
using PassthroughTools.Reports;
using static PassthroughTools.Tests.Reports.Reporting;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Reports;

public sealed class PrometheusReportTests
{
    private static readonly Regex Sample = new("^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"(?:,[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\")*)\\})? (?<value>-?[0-9]+)$");

    public static TheoryData<string> Fleets => ["samples", "hostile", "same name", "bare", "empty"];

    [Theory]
    [MemberData(nameof(Fleets))]
    public void Every_line_is_of_the_formats_grammar(string fleet)
    {
        string? family = null;
        var families = new HashSet<string>();
        var series = new HashSet<string>();
        string? previous = null;
        foreach (var line in Lines(Fleet(fleet)))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                Assert.True(families.Add(family), "a metric's samples must stand together: " + family);
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Equal("# TYPE " + family + " gauge", line);
                Assert.StartsWith("# HELP " + family, previous, StringComparison.Ordinal);
            }
            else
            {
                var match = Sample.Match(line);
                Assert.True(match.Success, line);
                Assert.Equal(family, match.Groups["name"].Value);
                Assert.True(series.Add(match.Groups["name"].Value + "{" + match.Groups["labels"].Value + "}"), "twice: " + line);
            }

            previous = line;
        }
    }

    [Fact]
    public void The_case_has_its_figures()
    {
        var lines = Lines(Report(Outage()));
        Assert.Contains("passthru_pool_capacity{host=\"esx01\",pool=\"HostVectors\"} 170", lines);
        Assert.Contains("passthru_pool_host_use{host=\"esx01\",pool=\"HostVectors\"} 26", lines);
        Assert.Contains("passthru_pool_demand{host=\"esx01\",pool=\"HostVectors\"} 256", lines);
        Assert.Contains("passthru_pool_headroom{host=\"esx01\",pool=\"HostVectors\"} -112", lines);
        Assert.Contains("passthru_report_timestamp_seconds " + Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), lines);
    }

    [Fact]
    public void A_host_has_one_verdict()
    {
        var lines = Lines(Report(Outage())).Where(line => line.StartsWith("passthru_host_verdict{", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, lines.Count);
        Assert.Equal("passthru_host_verdict{host=\"esx01\",verdict=\"Exceeds\"} 1", Assert.Single(lines, line => line.EndsWith(" 1", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("passthru_pool_host_use{")]
    [InlineData("passthru_pool_headroom{")]
    [InlineData("passthru_exhaustion_events{")]
    [InlineData("passthru_evidence_timestamp_seconds{")]
    public void What_is_not_known_has_no_sample(string metric)
    {
        var host = Of(Outage() with { LogEvents = null });
        host = host with { Budget = host.Budget with { Pools = [host.Budget.Pools[0] with { HostUseFigure = Figure.Unknown("not given") }] } };
        Assert.DoesNotContain(Lines(FleetReport.Create([host])), line => line.StartsWith(metric, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_hosts_of_one_name_are_both_there()
    {
        var lines = Lines(Fleet("same name")).Where(line => line.StartsWith("passthru_host_verdict{", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal)).ToList();
        Assert.Equal(["passthru_host_verdict{host=\"esx01\",verdict=\"Exceeds\"} 1", "passthru_host_verdict{host=\"esx01\",duplicate=\"2\",verdict=\"Unknown\"} 1"], lines);
    }

    [Theory]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a\"b", "a\\\"b")]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("\\n", "\\\\n")]
    public void A_label_is_escaped_as_the_format_says(string value, string expected) => Assert.Equal(expected, PrometheusReport.Escape(value));

    private static FleetReport Fleet(string name) => name switch
    {
        "samples" => Samples(),
        "hostile" => Report(HostileHost()),
        "same name" => Report(Outage(), Bare("esx01")),
        "bare" => Report(Bare("")),
        _ => Report([]),
    };

    private static string[] Lines(FleetReport report)
    {
        var text = Render(report, ReportFormat.Prometheus);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1].Split('\n');
    }
}
