using System.Globalization;

namespace PassthroughTools.Tests;

/// <summary>Planning, remediation and undo as a user runs them, on copies of the samples.</summary>
public sealed class RemediationCmdletTests : IClassFixture<ModuleSession>, IDisposable
{
    private readonly ModuleSession _session;
    private readonly string _work = Directory.CreateTempSubdirectory("passthru-remediation-").FullName;
    private readonly string _host;
    private readonly string _journal;

    public RemediationCmdletTests(ModuleSession session)
    {
        _session = session;
        _host = Path.Combine(_work, "host");
        _journal = Path.Combine(_work, "journal");
        Copy(Path.Combine(Repository.Root, "samples", "lpe12000-outage"), _host);
    }

    public void Dispose() => Directory.Delete(_work, recursive: true);

    [Fact]
    public void A_plan_says_before_and_after_in_80_columns()
    {
        var lines = _session.Render("New-PassthruRemediationPlan -Path $args[0]", 80, _host).Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.Contains(lines, line => line.StartsWith("  HostVectors", StringComparison.Ordinal) && line.EndsWith("Exceeds -> Fits", StringComparison.Ordinal));
        Assert.EndsWith("Exceeds -> Fits", string.Join(' ', lines.TakeWhile(line => line.Length > 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_story_from_diagnosis_to_undo()
    {
        var before = Content();
        var result = Run("Get-PassthruEvidence $args[0] | Invoke-PassthruRemediation -JournalPath $args[1] -Confirm:$false").ThrowIfFailed().Single;
        Assert.Equal(("Fixed", 4), (result.Get<string>("Outcome"), result["Written"]));
        Assert.Equal("Fits", Run("(Test-HostVectorBudget $args[0]).Verdict").Single.ToString());
        var run = Run("Get-PassthruRemediation -JournalPath $args[1]").ThrowIfFailed().Single;
        Assert.Equal(("Completed", result["RunId"]), (run.Get<string>("State"), run["RunId"]));
        var undone = Run("Get-PassthruRemediation -JournalPath $args[1] | Undo-PassthruRemediation -Confirm:$false -PassThru").ThrowIfFailed().Single;
        Assert.Equal("Undone", undone.Get<string>("State"));
        Assert.Equal(before, Content());
    }

    [Fact]
    public void A_second_run_on_a_fixed_host_changes_nothing_and_says_so()
    {
        Run("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Confirm:$false").ThrowIfFailed();
        var before = Content();
        var again = Run("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Confirm:$false").ThrowIfFailed().Single;
        Assert.Equal(("NothingToDo", null, 0), (again.Get<string>("Outcome"), again["RunId"], again["Written"]));
        Assert.Equal(before, Content());
    }

    [Theory]
    [InlineData("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -WhatIf")]
    [InlineData("New-PassthruRemediationPlan $args[0] | Invoke-PassthruRemediation -JournalPath $args[1] -WhatIf")]
    public void WhatIf_writes_nothing_and_outputs_nothing(string script)
    {
        var before = Content();
        Assert.Empty(Run(script).ThrowIfFailed().Output);
        Assert.Equal(before, Content());
        Assert.False(Directory.Exists(_journal));
    }

    [Fact]
    public void WhatIf_names_host_VM_device_key_and_both_values()
    {
        var text = _session.Render("Invoke-PassthruRemediation $args[0] -WhatIf", 400, _host);
        Assert.Contains("\"(absent) -> 4\"", text, StringComparison.Ordinal);
        Assert.Contains("esx01.example.com/win01 0000:05:00.0", text, StringComparison.Ordinal);
        Assert.Contains("MessageNumberLimit", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_with_PassThru_gives_the_projection()
    {
        var before = Content();
        var result = Run("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -WhatIf -PassThru").ThrowIfFailed().Single;
        Assert.Equal("Projected", result.Get<string>("Outcome"));
        Assert.Equal("Fits", _session.Run("(Invoke-PassthruRemediation $args[0] -WhatIf -PassThru).After.Verdict", _host).Single.ToString());
        Assert.Equal(before, Content());
    }

    [Fact]
    public void WhatIf_of_an_undo_writes_nothing()
    {
        Run("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Confirm:$false").ThrowIfFailed();
        var before = Content(_work);
        Assert.Empty(Run("Get-PassthruRemediation -JournalPath $args[1] | Undo-PassthruRemediation -WhatIf").ThrowIfFailed().Output);
        Assert.Equal(before, Content(_work));
    }

    [Fact]
    public void A_refused_confirmation_changes_nothing()
    {
        var before = Content();
        _session.Choices.Enqueue(2);
        Run("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Confirm");
        Assert.Equal(before, Content());
    }

    [Theory]
    [InlineData("Invoke-PassthruRemediation $args[0] -JournalPath $args[1]")]
    [InlineData("Invoke-PassthruRemediation $args[0] -JournalPath $args[1]; 'and on'")]
    [InlineData("New-PassthruRemediationPlan $args[0] | Invoke-PassthruRemediation -JournalPath $args[1] -Confirm")]
    public void A_question_that_nobody_can_answer_changes_nothing(string script)
    {
        _session.Choices.Clear();
        var before = Content();
        var result = Run(script);
        Assert.NotEmpty(result.Errors);
        Assert.Equal(before, Content());
        Assert.False(Directory.Exists(_journal));
    }

    [Theory]
    [InlineData("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -ExcludeVM win0* -Confirm:$false")]
    [InlineData("Invoke-PassthruRemediation -Path /no/such/host -JournalPath $args[1] -Confirm:$false")]
    [InlineData("Invoke-PassthruRemediation -Resume nothing -JournalPath $args[1] -Confirm:$false")]
    public void A_failure_is_seen_by_what_comes_after(string script) => Assert.Equal(false, Run("$null = " + script + "; $?").Output[^1].Value);

    [Fact]
    public void A_success_is_seen_by_what_comes_after() =>
        Assert.Equal(true, Run("$null = Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Confirm:$false; $?").Output[^1].Value);

    [Theory]
    [InlineData("FewestReboots", 4)]
    [InlineData("EvenShare", 8)]
    [InlineData("MsiOff", 4)]
    public void A_preference_decides_what_is_changed(string prefer, int written)
    {
        var result = Run($"Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Prefer {prefer} -Confirm:$false").ThrowIfFailed().Single;
        Assert.Equal(("Fixed", written), (result.Get<string>("Outcome"), result["Written"]));
    }

    [Fact]
    public void What_can_not_be_made_to_fit_is_an_error_and_changes_nothing()
    {
        var before = Content();
        var result = Run("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -ExcludeVM win0* -Confirm:$false");
        Assert.Equal(["RemediationInfeasible"], result.ErrorIds);
        Assert.Equal("Infeasible", result.Single.Get<string>("Outcome"));
        Assert.Equal(before, Content());
    }

    [Theory]
    [InlineData("Export-PassthruEvidence $args[0] ($args[1] + '.zip'); Invoke-PassthruRemediation ($args[1] + '.zip') -WhatIf", "RemediationNotApplicable")]
    [InlineData("$plan = New-PassthruRemediationPlan $args[0]; $null = Invoke-PassthruRemediation $args[0] -Prefer EvenShare -JournalPath $args[1] -Confirm:$false; Invoke-PassthruRemediation -Plan $plan -WhatIf", "PlanOutdated")]
    public void What_a_run_would_refuse_is_refused_under_WhatIf(string script, string id) => Assert.Equal([id], Run(script).ErrorIds);

    [Fact]
    public void What_can_not_be_made_to_fit_is_an_error_under_WhatIf_too()
    {
        var result = Run("Invoke-PassthruRemediation $args[0] -ExcludeVM win0* -WhatIf");
        Assert.Equal(["RemediationInfeasible"], result.ErrorIds);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_plan_can_be_made_looked_at_and_applied_later()
    {
        var result = Run("$plan = New-PassthruRemediationPlan $args[0] -Prefer EvenShare; Invoke-PassthruRemediation -Plan $plan -JournalPath $args[1] -Confirm:$false").ThrowIfFailed().Single;
        Assert.Equal("Fixed", result.Get<string>("Outcome"));
    }

    [Theory]
    [InlineData("", 16)]
    [InlineData("-Headroom 0", 0)]
    public void A_budget_is_planned_for_as_it_was_asked_for_unless_told_otherwise(string options, int headroom)
    {
        var plan = Run($"Test-HostVectorBudget $args[0] -Headroom 16 | New-PassthruRemediationPlan {options}").ThrowIfFailed().Single;
        Assert.Equal(headroom, plan["Headroom"]);
        var left = Run($"(Test-HostVectorBudget $args[0] -Headroom 16 | Invoke-PassthruRemediation {options} -WhatIf -PassThru).After.Pools[0].Headroom").ThrowIfFailed().Single;
        Assert.InRange((int)left.Value!, headroom, int.MaxValue);
    }

    [Theory]
    [InlineData("New-PassthruRemediationPlan $args[0] -IncludePoweredOff | Invoke-PassthruRemediation -JournalPath $args[1] -Confirm:$false")]
    [InlineData("Test-HostVectorBudget $args[0] -IncludePoweredOff | Invoke-PassthruRemediation -JournalPath $args[1] -Confirm:$false")]
    [InlineData("Invoke-PassthruRemediation $args[0] -IncludePoweredOff -JournalPath $args[1] -Confirm:$false")]
    public void What_was_counted_for_the_plan_is_counted_afterwards(string script)
    {
        File.WriteAllText(Path.Combine(_host, "vms", "win04", "vm.json"), """{"schemaVersion":1,"name":"win04","powerState":"poweredOff","guestId":"windows7Server64Guest"}""");
        var result = Run(script).ThrowIfFailed().Single;
        Assert.Equal(8, _session.Run("@($args[0].Before.Devices | Where-Object IsCounted).Count", result.Value).Single.Value);
        Assert.Equal(8, _session.Run("@($args[0].After.Devices | Where-Object IsCounted).Count", result.Value).Single.Value);
    }

    [Fact]
    public void A_plan_that_is_out_of_date_is_refused_and_changes_nothing()
    {
        var result = Run("$plan = New-PassthruRemediationPlan $args[0]; $null = Invoke-PassthruRemediation $args[0] -Prefer EvenShare -JournalPath $args[1] -Confirm:$false; Invoke-PassthruRemediation -Plan $plan -JournalPath $args[1] -Confirm:$false");
        Assert.Equal(["PlanOutdated"], result.ErrorIds);
    }

    [Fact]
    public void Excluded_devices_are_given_as_addresses() =>
        Assert.DoesNotContain("0000:05:00.0", Run("(New-PassthruRemediationPlan $args[0] -ExcludeDevice 0000:05:00.0, 0000:05:00.1).Steps").ThrowIfFailed().Output.Select(step => step.Get<string>("Device")));

    [Theory]
    [InlineData("Undo-PassthruRemediation -RunId 20200101T000000000Z-00000000 -JournalPath $args[1] -Confirm:$false", "RunNotFound")]
    [InlineData("Get-PassthruRemediation -RunId 20200101T000000000Z-00000000 -JournalPath $args[1]", "RunNotFound")]
    [InlineData("Invoke-PassthruRemediation -Resume 20200101T000000000Z-00000000 -JournalPath $args[1] -Confirm:$false", "RunNotFound")]
    [InlineData("New-PassthruRemediationPlan /no/such/host", "InputNotFound")]
    public void Bad_input_has_its_own_error(string script, string id) => Assert.Equal([id], Run(script).ErrorIds);

    [Fact]
    public void A_run_that_was_undone_is_sealed()
    {
        Run("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Confirm:$false").ThrowIfFailed();
        Run("Get-PassthruRemediation -JournalPath $args[1] | Undo-PassthruRemediation -Confirm:$false").ThrowIfFailed();
        Assert.Equal(["RunSealed"], Run("Get-PassthruRemediation -JournalPath $args[1] | Undo-PassthruRemediation -Confirm:$false").ErrorIds);
    }

    [Fact]
    public void A_run_that_is_complete_can_not_be_resumed()
    {
        Run("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Confirm:$false").ThrowIfFailed();
        Assert.Equal(["RunNotResumable"], Run("Get-PassthruRemediation -JournalPath $args[1] | ForEach-Object { Invoke-PassthruRemediation -Resume $_.RunId -JournalPath $args[1] -Confirm:$false }".Replace("$args[1]", "'" + _journal + "'", StringComparison.Ordinal)).ErrorIds);
    }

    [Fact]
    public void A_result_shows_the_budget_before_and_after()
    {
        var text = _session.Render("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Confirm:$false", 100, _host, _journal);
        Assert.Contains("FIXED", text, StringComparison.Ordinal);
        Assert.Contains("Exceeds -> Fits", text, StringComparison.Ordinal);
        Assert.Contains("Undo-PassthruRemediation -RunId", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void The_inner_commands_are_not_exported() =>
        Assert.Empty(_session.Run("Get-Command Start-PassthruRun, Complete-PassthruRemediation -ErrorAction Ignore").Output);

    private ModuleResult Run(string script) => _session.Run(script, _host, _journal);

    private List<string> Content(string? folder = null) =>
        [.. Directory.EnumerateFiles(folder ?? _host, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(_work, file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"))];

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    [Theory]
    [InlineData(1, "-Plan $args[0]")]
    [InlineData(2, "-Plan $args[0]")]
    [InlineData(1, "-VMHost $args[0]")]
    public void A_plan_that_came_back_from_remoting_is_applied_if_it_is_still_the_same(int depth, string how)
    {
        var plan = _session.Run("New-PassthruRemediationPlan samples/lpe12000-outage -Prefer EvenShare").ThrowIfFailed().Single;
        var back = System.Management.Automation.PSSerializer.Deserialize(System.Management.Automation.PSSerializer.Serialize(plan.Value, depth));
        var result = _session.Run($"Invoke-PassthruRemediation {how} -WhatIf -PassThru", back).ThrowIfFailed().Single;
        Assert.Equal(plan["Id"]!.ToString(), _session.Run("$args[0].Plan.Id", result.Value).Single.ToString());
    }

    [Theory]
    [InlineData("-Plan 42")]
    [InlineData("-Plan ./plan.xml")]
    [InlineData("-Plan (New-PassthruRemediationPlan $args[0]), 42")]
    public void What_is_no_plan_is_an_error(string how) => Assert.Equal(["PlanNotRecognized"], Run($"Invoke-PassthruRemediation {how} -WhatIf").ErrorIds);

    [Theory]
    [InlineData("-Plan $args[0]")]
    [InlineData("-VMHost $args[0]")]
    public void Plans_may_be_given_together(string how)
    {
        var plans = _session.Run("New-PassthruRemediationPlan samples/lpe12000-outage, samples/esxi8-cookies -Prefer EvenShare").ThrowIfFailed().Output;
        var results = _session.Run($"Invoke-PassthruRemediation {how} -WhatIf -PassThru", new[] { plans.Select(plan => plan.Value).ToArray() }).ThrowIfFailed().Output;
        Assert.Equal(plans.Select(plan => plan["Id"]), results.Select(result => _session.Run("$args[0].Plan.Id", result.Value).Single.Value));
    }

    [Theory]
    [InlineData("-Plan $args[0]")]
    [InlineData("-VMHost $args[0]")]
    public void Plans_that_came_back_together_are_each_held_against_their_host(string how)
    {
        var plans = _session.Run("New-PassthruRemediationPlan samples/lpe12000-outage, samples/esxi8-cookies -ExcludeVM win01, db03").ThrowIfFailed().Output;
        var back = plans.Select(plan => System.Management.Automation.PSSerializer.Deserialize(System.Management.Automation.PSSerializer.Serialize(plan.Value, 2))).ToArray();
        var result = _session.Run($"Invoke-PassthruRemediation {how} -WhatIf -PassThru", new[] { back });
        Assert.Equal(["PlanNotRebuilt", "PlanNotRebuilt"], result.ErrorIds);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("New-PassthruRemediationPlan $args[0] -ExcludeVM win01, wni02", "-ExcludeVM 'wni02'")]
    [InlineData("New-PassthruRemediationPlan $args[0] -ExcludeDevice 0000:26:00.0, 0000:1a:00.0", "-ExcludeDevice 0000:26:00.0")]
    [InlineData("Invoke-PassthruRemediation $args[0] -ExcludeVM win01, wni02 -WhatIf", "-ExcludeVM 'wni02'")]
    [InlineData("Get-PassthruEvidence samples/lpe12000-mixed, $args[0] | New-PassthruRemediationPlan -ExcludeVM win03, lin01, wni02", "-ExcludeVM 'wni02'")]
    public void An_exclusion_that_protects_nothing_is_told(string script, string part) =>
        Assert.Contains(part, Assert.Single(Run(script).ThrowIfFailed().Warnings), StringComparison.Ordinal);

    [Fact]
    public void The_way_back_names_the_journal_where_it_is_not_the_default_one()
    {
        var result = Run("Invoke-PassthruRemediation $args[0] -JournalPath $args[1] -Confirm:$false").ThrowIfFailed().Single;
        var last = (string)_session.Run("$args[0].NextSteps[-1]", result.Value).Single.Value!;
        Assert.Equal($"To go back: Undo-PassthruRemediation -RunId {result["RunId"]} -JournalPath '{_journal}'", last);
        _session.Run(last["To go back: ".Length..] + " -Confirm:$false").ThrowIfFailed();
    }

    [Fact]
    public void A_plan_that_would_be_another_one_now_is_refused()
    {
        var plan = _session.Run("New-PassthruRemediationPlan samples/lpe12000-outage -ExcludeVM win01").ThrowIfFailed().Single;
        var back = System.Management.Automation.PSSerializer.Deserialize(System.Management.Automation.PSSerializer.Serialize(plan.Value, 1));
        var result = _session.Run("Invoke-PassthruRemediation -Plan $args[0] -WhatIf -PassThru", back);
        Assert.Equal(["PlanNotRebuilt"], result.ErrorIds);
        Assert.Empty(result.Output);
    }
}
