using System.Text;

namespace PassthroughTools.Tests;

/// <summary>Reports as a user writes them.</summary>
public sealed class ExportPassthruReportTests(ModuleSession session) : IClassFixture<ModuleSession>, IDisposable
{
    private const string Outage = "samples/lpe12000-outage";
    private readonly string _folder = Directory.CreateTempSubdirectory("passthru-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("r.html", "<!DOCTYPE html>")]
    [InlineData("r.txt", "<!DOCTYPE html>")]
    [InlineData("r.json", "{")]
    [InlineData("r.csv", "\uFEFFHostName,")]
    [InlineData("r.prom", "# HELP passthru_pool_capacity ")]
    public void The_extension_decides_the_format(string name, string start)
    {
        Assert.Empty(session.Run($"Export-PassthruReport {Outage} $args[0]", At(name)).ThrowIfFailed().Output);
        Assert.StartsWith(start, Read(name), StringComparison.Ordinal);
    }

    [Fact]
    public void The_format_can_be_named()
    {
        session.Run($"Export-PassthruReport {Outage} -Destination $args[0] -Format Json", At("r.html")).ThrowIfFailed();
        Assert.StartsWith("{", Read("r.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_of_the_pipeline_come_into_one_file()
    {
        var file = session.Run($"Get-PassthruEvidence {Outage}, samples/lpe12000-mixed | Export-PassthruReport -Destination $args[0] -Title 'My fleet' -PassThru", At("r.html")).ThrowIfFailed().Single;
        Assert.Equal(At("r.html"), file["FullName"]);
        Assert.Contains("<h1>My fleet</h1>", Read("r.html"), StringComparison.Ordinal);
        Assert.Contains("esx02.example.com", Read("r.html"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Export-PassthruReport samples -Destination $args[0]")]
    [InlineData("Export-PassthruReport -Path samples -Destination $args[0]")]
    [InlineData("Get-PassthruEvidence samples | Export-PassthruReport -Destination $args[0]")]
    public void A_folder_of_hosts_is_reported_without_an_error_whatever_else_lies_in_it(string script)
    {
        session.Run(script, At("r.csv")).ThrowIfFailed();
        Assert.All(["esx01.", "esx02.", "esx11.", "esx21."], host => Assert.Contains(host, Read("r.csv"), StringComparison.Ordinal));
    }

    [Fact]
    public void A_piped_budget_is_reported_with_the_headroom_that_it_was_asked_for()
    {
        session.Run("Test-HostVectorBudget samples/lpe12000-mixed -Headroom 5 | Export-PassthruReport -Destination $args[0]", At("r.csv")).ThrowIfFailed();
        Assert.Contains("\"Tight\"", Read("r.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public void Headroom_that_is_given_goes_before_the_budgets()
    {
        session.Run("Test-HostVectorBudget samples/lpe12000-mixed -Headroom 5 | Export-PassthruReport -Destination $args[0] -Headroom 0", At("r.csv")).ThrowIfFailed();
        Assert.Contains("\"Fits\"", Read("r.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_is_there_only_where_it_is_asked_for()
    {
        session.Run($"Export-PassthruReport {Outage} $args[0]; Export-PassthruReport {Outage} $args[1] -IncludePlan", At("without.html"), At("with.html")).ThrowIfFailed();
        Assert.DoesNotContain("4 changes in 2 VMs", Read("without.html"), StringComparison.Ordinal);
        Assert.Contains("4 changes in 2 VMs", Read("with.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_exists_is_left_alone()
    {
        File.WriteAllText(At("r.html"), "mine");
        Assert.Equal(["ReportExists"], session.Run($"Export-PassthruReport {Outage} $args[0]", At("r.html")).ErrorIds);
        Assert.Equal("mine", Read("r.html"));
    }

    [Fact]
    public void Force_overwrites_and_nothing_else_is_left_in_the_folder()
    {
        File.WriteAllText(At("r.json"), "mine");
        session.Run($"Export-PassthruReport {Outage} $args[0] -Force; Export-PassthruReport {Outage} $args[0] -Force", At("r.json")).ThrowIfFailed();
        Assert.StartsWith("{", Read("r.json"), StringComparison.Ordinal);
        Assert.Equal([At("r.json")], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Force_writes_a_file_that_is_not_there() =>
        Assert.Equal(true, session.Run($"(Export-PassthruReport {Outage} $args[0] -Force -PassThru).Exists", At("r.json")).ThrowIfFailed().Single.Value);

    [Fact]
    public void WhatIf_writes_nothing_and_names_the_file_and_what_it_would_hold()
    {
        File.WriteAllText(At("old.html"), "mine");
        Assert.Empty(session.Run($"Export-PassthruReport {Outage} $args[0] -WhatIf -PassThru; Export-PassthruReport {Outage} $args[1] -Force -WhatIf", At("r.html"), At("old.html")).ThrowIfFailed().Output);
        Assert.Equal([At("old.html")], Directory.GetFiles(_folder));
        Assert.Equal("mine", Read("old.html"));
        Assert.Contains("write the Html report of 1 host", session.Render($"Export-PassthruReport {Outage} $args[0] -WhatIf", 400, At("r.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_missing_is_told_before_any_host_is_read() =>
        Assert.Equal(["ReportFolderMissing"], session.Run("Export-PassthruReport /no/such/host $args[0]", At("no/r.html")).ErrorIds);

    [Fact]
    public void A_folder_is_no_file() => Assert.Equal(["ReportDestinationInvalid"], session.Run($"Export-PassthruReport {Outage} $args[0]", _folder).ErrorIds);

    [Fact]
    public void A_variable_is_no_file() => Assert.Equal(["ReportDestinationInvalid"], session.Run($"Export-PassthruReport {Outage} Variable:report").ErrorIds);

    [Fact]
    public void Without_any_host_no_report_is_written()
    {
        Assert.Equal(["InputNotFound", "ReportWithoutHost"], session.Run("Export-PassthruReport -Path /no/such/host -Destination $args[0]", At("r.html")).ErrorIds);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void One_bad_host_is_one_error_and_the_others_are_reported()
    {
        Assert.Equal(["InputNotFound"], session.Run($"Export-PassthruReport -Path /no/such/host, {Outage} -Destination $args[0]", At("r.html")).ErrorIds);
        Assert.Contains("esx01.example.com", Read("r.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_hosts_of_one_name_are_warned_of()
    {
        var result = session.Run($"Export-PassthruReport {Outage}, {Outage} $args[0]", At("r.prom")).ThrowIfFailed();
        Assert.Contains("esx01.example.com", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_destination_is_relative_to_the_current_location()
    {
        session.SetLocation(_folder);
        try
        {
            session.Run("Export-PassthruReport -LiteralPath $args[0] -Destination r.json", Path.Combine(Repository.Root, Outage)).ThrowIfFailed();
            Assert.True(File.Exists(At("r.json")));
        }
        finally
        {
            session.SetLocation(Repository.Root);
        }
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string Read(string name) => Encoding.UTF8.GetString(File.ReadAllBytes(At(name)));
}
