namespace PassthroughTools.Tests;

/// <summary>The questions about a host's budget as a user asks them.</summary>
public sealed class BudgetCmdletTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    private const string Outage = "samples/lpe12000-outage";

    [Fact]
    public void The_readmes_command_tells_the_verdict_and_the_figures()
    {
        var budget = session.Run($"Get-PassthruEvidence {Outage} | Test-HostVectorBudget").ThrowIfFailed().Single;
        Assert.Equal("Exceeds", budget.Get<string>("Verdict"));
        var pool = session.Run($"(Test-HostVectorBudget {Outage}).Pools").ThrowIfFailed().Single;
        Assert.Equal((170, 26, 256, -112), (pool["Capacity"], pool["HostUse"], pool["Demand"], pool["Headroom"]));
        Assert.Equal("Inferred", session.Run($"(Test-HostVectorBudget {Outage}).Pools[0].HostUseFigure.Provenance").Single.ToString());
    }

    [Fact]
    public void Quiet_gives_a_boolean_for_each_host() =>
        Assert.Equal([true, false], session.Run($"'samples/lpe12000-mixed', '{Outage}' | Test-HostVectorBudget -Quiet").ThrowIfFailed().Output.Select(each => each.Value));

    [Fact]
    public void Less_than_the_asked_for_headroom_is_tight_and_not_quietly_true()
    {
        Assert.Equal("Tight", session.Run("Test-HostVectorBudget samples/lpe12000-mixed -Headroom 1").Single.Get<string>("Verdict"));
        Assert.Equal(false, session.Run("Test-HostVectorBudget samples/lpe12000-mixed -Headroom 1 -Quiet").Single.Value);
    }

    [Fact]
    public void Folders_bind_from_the_file_system()
    {
        var script = "Get-Item samples/lpe12000-outage | Test-HostVectorBudget -Quiet";
        if (session.Run("Get-Command Get-Item -ErrorAction Ignore").Output.Count == 0) script = "[System.IO.DirectoryInfo]::new($args[0]) | Test-HostVectorBudget -Quiet";
        Assert.Equal(false, session.Run(script, Path.Combine(Repository.Root, Outage)).ThrowIfFailed().Single.Value);
    }

    [Fact]
    public void A_budget_can_be_piped_on_to_the_next_question() =>
        Assert.Equal(8, session.Run($"Test-HostVectorBudget {Outage} | Get-PassthruVectorDemand").ThrowIfFailed().Output.Count);

    [Fact]
    public void Demand_can_be_narrowed_to_VMs()
    {
        var rows = session.Run($"Get-PassthruVectorDemand {Outage} -VM WIN0[34]").ThrowIfFailed().Output;
        Assert.Equal(["win03", "win03", "win04", "win04"], rows.Select(row => row.Get<string>("VM")));
        Assert.Equal("0000:08:00.0", rows[0].Get<string>("Address"));
        Assert.Equal(["MsiX", "MsiX"], [rows[0].Get<string>("VirtualMode"), rows[0].Get<string>("PhysicalMode")]);
    }

    [Fact]
    public void Capacity_lists_the_pools_of_the_version() =>
        Assert.Equal(["MsixVectors", "InterruptCookies"], session.Run("Get-HostVectorCapacity samples/esxi8-cookies").ThrowIfFailed().Output.Select(row => row.Get<string>("Pool")));

    [Fact]
    public void Capacity_can_be_narrowed_to_a_pool() =>
        Assert.Equal(1024, session.Run("Get-HostVectorCapacity samples/esxi8-cookies -Pool InterruptCookies").ThrowIfFailed().Single["Capacity"]);

    [Fact]
    public void The_ledger_adds_up_to_what_the_host_holds()
    {
        var latest = session.Run("Get-HostVectorLedger samples/esxi8-cookies -Latest").ThrowIfFailed().Output;
        Assert.Equal(190, latest.Sum(row => row.Get<int>("Held")));
        Assert.Equal(190, session.Run("Get-HostVectorLedger samples/esxi8-cookies").Output[^1]["HostTotal"]);
    }

    [Fact]
    public void Maxima_are_kept_by_the_case_although_its_budget_is_exceeded()
    {
        Assert.Equal(true, session.Run($"Test-PassthruConfigMaximum {Outage} -Quiet").ThrowIfFailed().Single.Value);
        Assert.Equal(5, session.Run($"Test-PassthruConfigMaximum {Outage}").ThrowIfFailed().Output.Count);
    }

    [Fact]
    public void One_bad_host_is_one_error_and_the_others_come_through()
    {
        var result = session.Run($"Test-HostVectorBudget -Path /no/such/host, {Outage} -Quiet");
        Assert.Equal(["InputNotFound"], result.ErrorIds);
        Assert.Equal(false, result.Single.Value);
    }

    [Fact]
    public void An_object_that_names_no_host_is_told() =>
        Assert.Equal(["HostNotRecognized"], session.Run("Test-HostVectorBudget 42").ErrorIds);

    [Fact]
    public void Evidence_without_version_and_log_is_told_by_the_commands_that_need_them()
    {
        var folder = Directory.CreateTempSubdirectory("passthru-host-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "host.json"), """{"name":"bare"}""");
            Assert.Equal(["HostVersionUnknown"], session.Run("Get-HostVectorCapacity -LiteralPath $args[0]", folder).ErrorIds);
            Assert.Equal(["HostLogMissing"], session.Run("Get-HostVectorLedger -LiteralPath $args[0]", folder).ErrorIds);
            Assert.Equal("Unknown", session.Run("Test-HostVectorBudget -LiteralPath $args[0]", folder).Single.Get<string>("Verdict"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void An_empty_folder_is_an_error_with_advice()
    {
        var folder = Directory.CreateTempSubdirectory("passthru-host-").FullName;
        try
        {
            var error = Assert.Single(session.Run("Get-PassthruEvidence $args[0]", folder).Errors);
            Assert.Equal("EvidenceNotFound,PassthroughTools.Commands.GetPassthruEvidenceCommand", error.FullyQualifiedErrorId);
            Assert.Contains("vmkernel.log", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Theory]
    [InlineData("samples/lpe12000-outage")]
    [InlineData("samples/lpe12000-mixed")]
    [InlineData("samples/esxi8-cookies")]
    [InlineData("samples/lookalikes")]
    public void A_budget_reads_in_100_columns(string sample)
    {
        var lines = session.Render($"Test-HostVectorBudget {sample} -WarningAction Ignore", width: 100).Split('\n');
        Assert.All(lines, line => Assert.True(line.Length < 100, line));
    }

    [Fact]
    public void A_budget_shows_pools_arithmetic_verdict_and_the_devices_that_starve()
    {
        var text = session.Render($"Test-HostVectorBudget {Outage}");
        Assert.Contains("EXCEEDS", text, StringComparison.Ordinal);
        Assert.Contains("170 - 26 - (8 x 32) = -112", text, StringComparison.Ordinal);
        Assert.Contains("refused", text, StringComparison.Ordinal);
        Assert.Contains("vmkernel.log:284", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-HostVectorCapacity samples/esxi8-cookies", "InterruptCookies")]
    [InlineData("Get-PassthruVectorDemand samples/lpe12000-outage", "0000:1a:00.1")]
    [InlineData("Test-PassthruConfigMaximum samples/lpe12000-outage", "PassthruDevicesPerHost")]
    [InlineData("Get-HostVectorLedger samples/esxi8-cookies -Latest", "HostTotal")]
    [InlineData("Get-PassthruEvidence samples/lpe12000-outage", "esx01.example.com")]
    [InlineData("New-PassthruRemediationPlan samples/lpe12000-outage", "MessageNumberLimit")]
    [InlineData("(New-PassthruRemediationPlan samples/lpe12000-outage).Steps", "MessageNumberLimit")]
    public void Every_record_has_a_view_of_100_columns(string command, string expected)
    {
        var text = session.Render(command);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }
}
