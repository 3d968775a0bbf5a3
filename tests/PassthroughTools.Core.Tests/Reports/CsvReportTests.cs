using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using PassthroughTools.Reports;
using static PassthroughTools.Tests.Reports.Reporting;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Reports;

public sealed class CsvReportTests
{
    [Fact]
    public void A_row_stands_for_a_pool_and_reads_back()
    {
        var rows = Rows(Render(Report(Outage()), ReportFormat.Csv));
        Assert.Equal(2, rows.Count);
        var row = rows[0].Zip(rows[1]).ToDictionary();
        Assert.Equal(("esx01", "5.0", "Exceeds", "HostVectors"), (row["HostName"], row["Version"], row["HostVerdict"], row["Pool"]));
        Assert.Equal(("170", "26", "256", "-112"), (row["Capacity"], row["HostUse"], row["Demand"], row["Headroom"]));
        Assert.Equal("170 - 26 - (8 x 32) = -112", row["Arithmetic"]);
    }

    [Fact]
    public void A_host_whose_pools_are_not_known_has_a_row_and_no_figures()
    {
        var rows = Rows(Render(Report(Bare("bare")), ReportFormat.Csv));
        var row = rows[0].Zip(rows[1]).ToDictionary();
        Assert.Equal(("bare", "Unknown", "", "", "", ""), (row["HostName"], row["HostVerdict"], row["Pool"], row["Capacity"], row["Headroom"], row["ExhaustionEvents"]));
    }

    [Fact]
    public void A_hostile_name_stays_one_cell_and_is_no_formula()
    {
        var rows = Rows(Render(Report(HostileHost()), ReportFormat.Csv));
        Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));
        Assert.StartsWith("'=cmd", rows[1][0], StringComparison.Ordinal);
        Assert.EndsWith("1;'=2", rows[1][0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(1)", "\"'@SUM(1)\"")]
    [InlineData("\t=1", "\"'\t'=1\"")]
    [InlineData("\r=1", "\"'\r'=1\"")]
    [InlineData("  =1", "\"  '=1\"")]
    [InlineData("a;=1", "\"a;'=1\"")]
    [InlineData("a\"=1", "\"a\"\"'=1\"")]
    [InlineData("\uFF1D1", "\"'\uFF1D1\"")]
    [InlineData("esx-01.lab, 1 = 1", "\"esx-01.lab, 1 = 1\"")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Text_that_a_spreadsheet_would_run_is_made_text(string? text, string cell) => Assert.Equal(cell, CsvReport.Quote(text));

    [Fact]
    public void Lines_end_as_the_standard_says()
    {
        var text = Render(Samples(), ReportFormat.Csv);
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        Assert.Equal(text.Count(each => each == '\n'), text.Split("\r\n").Length - 1);
    }

    /// <summary>Rows and cells as CsvHelper reads them, strictly by RFC 4180.</summary>
    private static List<string[]> Rows(string text)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture) { Mode = CsvMode.RFC4180, HasHeaderRecord = false };
        using var parser = new CsvParser(new StringReader(text.TrimStart('\uFEFF')), configuration);
        var rows = new List<string[]>();
        while (parser.Read()) rows.Add(parser.Record!);
        return rows;
    }
}
