using PassthroughTools.Evidence;
using PassthroughTools.Logs;
using PassthroughTools.Planning;
using PassthroughTools.Reports;
using PassthroughTools.Tests.Evidence;
using PassthroughTools.Vectors;
using static PassthroughTools.Tests.Reports.Reporting;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Reports;

public sealed class FleetReportTests
{
    [Fact]
    public void Problems_come_first_and_what_is_unknown_comes_before_what_fits()
    {
        var report = Samples();
        Assert.Equal(report.Hosts.Select(host => HostReport.Rank(host.Verdict)).Order(), report.Hosts.Select(host => HostReport.Rank(host.Verdict)));
        Assert.Equal(BudgetVerdict.Exceeds, report.Hosts[0].Verdict);
        Assert.Equal(BudgetVerdict.Fits, report.Hosts[^1].Verdict);
    }

    [Fact]
    public void A_host_of_the_report_does_not_keep_its_evidence_alive()
    {
        var report = Of(Outage(), new ReportOptions { IncludePlan = true });
        Assert.Null(report.Budget.Evidence);
        Assert.Null(report.Plan!.Before.Evidence);
        Assert.Null(report.Plan.After.Evidence);
    }

    [Fact]
    public void A_plan_is_made_only_where_it_is_asked_for_and_a_pool_is_exceeded()
    {
        Assert.Null(Of(Outage()).Plan);
        Assert.Null(Of(Bare("h"), new ReportOptions { IncludePlan = true }).Plan);
        Assert.NotNull(Of(Outage(), new ReportOptions { IncludePlan = true }).Plan);
    }

    [Fact]
    public void Without_a_log_the_count_of_exhaustions_is_unknown_and_not_zero()
    {
        Assert.Null(Of(Outage() with { LogEvents = null }).ExhaustionEvents);
        Assert.Equal(0, Of(Outage() with { LogEvents = [] }).ExhaustionEvents);
    }

    [Fact]
    public void A_long_story_keeps_its_latest_failures_and_says_how_much_it_leaves_out()
    {
        var host = Outage() with { LogEvents = [Event(LogEventKind.OutOfVectors, 0), .. Enumerable.Range(1, 500).Select(i => Request(i, Hba(0), 32))] };
        var report = Of(host, new ReportOptions { MostEvents = 40 });
        Assert.Equal((40, 461), (report.Timeline.Count, report.OmittedEvents));
        Assert.Equal(LogEventKind.OutOfVectors, report.Timeline[0].Kind);
        Assert.Equal(501, report.Timeline[^1].Line);
    }

    [Fact]
    public void A_line_without_a_time_stays_behind_the_line_before_it()
    {
        var host = Bare("h") with { LogEvents = [Request(100, Hba(0), 1), Request(100, Hba(1), 2) with { Time = null, Line = 7 }, Request(200, Hba(2), 3)], VMs = [VM("v") with { LogEvents = [Request(150, Hba(3), 4)] }] };
        Assert.Equal([1, 2, 4, 3], Of(host).Timeline.Select(entry => entry.Vectors!.Value));
    }

    [Fact]
    public void Look_alikes_are_grouped_by_kind()
    {
        var group = Assert.Single(Of(Bare("h") with { LogEvents = [Event(LogEventKind.IommuFault, 1), Event(LogEventKind.IommuFault, 2)] }).LookAlikes);
        Assert.Equal((LogEventKind.IommuFault, 2, 2L), (group.Kind, group.Count, group.First.Line));
    }

    [Theory]
    [InlineData("a.html", ReportFormat.Html)]
    [InlineData("a.JSON", ReportFormat.Json)]
    [InlineData("b/a.csv", ReportFormat.Csv)]
    [InlineData("a.prom", ReportFormat.Prometheus)]
    [InlineData("a", ReportFormat.Html)]
    [InlineData("a.json/b.txt", ReportFormat.Html)]
    public void The_extension_names_the_format(string path, ReportFormat format) => Assert.Equal(format, FleetReport.FormatOf(path));

    [Fact]
    public void Every_format_says_the_same_of_the_case()
    {
        var report = Report(Assert.Single(EvidenceReader.Read(Sample.Original(Sample.Outage), TestContext.Current.CancellationToken)));
        foreach (var format in Enum.GetValues<ReportFormat>()) Assert.Contains("-112", Render(report, format), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_format_gives_the_same_bytes_twice()
    {
        foreach (var format in Enum.GetValues<ReportFormat>()) Assert.Equal(Render(Samples(), format).Length, Render(Samples(), format).Length);
    }

    [Fact]
    public void Only_CSV_starts_with_a_byte_order_mark()
    {
        foreach (var format in Enum.GetValues<ReportFormat>()) Assert.Equal(format == ReportFormat.Csv, Render(Samples(), format)[0] == '\uFEFF');
    }

    [Fact]
    public void An_empty_report_can_be_written_in_every_format()
    {
        foreach (var format in Enum.GetValues<ReportFormat>()) Assert.NotEqual("", Render(Report([]), format));
    }
}
