using PassthroughTools.Evidence;
using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;
using PassthroughTools.Tests.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools.Tests.Remediation;

public sealed class RemediationRunnerTests : IDisposable
{
    private readonly Sample _sample = Sample.Copy(Sample.Outage);
    private readonly Sample _journal = Sample.Empty();

    public void Dispose()
    {
        _sample.Dispose();
        _journal.Dispose();
    }

    private RemediationRunner Runner => new(new JournalStore(_journal.Path));

    private RemediationPlan Plan(PlanObjective prefer = PlanObjective.FewestReboots) =>
        RemediationPlanner.Plan(_sample.Read(), new RemediationOptions { Prefer = prefer }, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(PlanObjective.FewestReboots)]
    [InlineData(PlanObjective.EvenShare)]
    [InlineData(PlanObjective.MsiOff)]
    public void The_case_is_fixed_on_its_files_and_undone_to_the_same_bytes(PlanObjective prefer)
    {
        var before = _sample.Content();
        var plan = Plan(prefer);
        var run = Runner.Apply(plan, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((RunState.Completed, plan.Steps.Count), (run.State, run.Written));
        Assert.Equal(BudgetVerdict.Fits, _sample.Budget().Verdict);
        Assert.Equal(RunState.Undone, Runner.Undo(run.RunId!, cancellation: TestContext.Current.CancellationToken).State);
        Assert.Equal(before, _sample.Content());
    }

    [Fact]
    public void A_second_run_on_a_fixed_host_changes_nothing()
    {
        Runner.Apply(Plan(), cancellation: TestContext.Current.CancellationToken);
        var again = Plan();
        Assert.True(again.IsFeasible);
        Assert.Empty(again.Steps);
    }

    [Fact]
    public void The_same_plan_applied_twice_writes_once()
    {
        var plan = Plan();
        Runner.Apply(plan, cancellation: TestContext.Current.CancellationToken);
        var again = Runner.Apply(plan, cancellation: TestContext.Current.CancellationToken);
        Assert.True(again.NothingToDo);
    }

    [Fact]
    public void A_projection_writes_nothing_at_all()
    {
        var before = _sample.Content();
        var plan = Plan();
        Assert.Equal(plan.Steps.Count, Runner.Project(plan).Count);
        Assert.Equal(before, _sample.Content());
        Assert.Empty(_journal.Content());
    }

    [Fact]
    public void A_projection_asks_no_actuator_to_write()
    {
        var plan = Plan();
        var runner = new RemediationRunner(new JournalStore(_journal.Path), [new NoWrite(new VmxFileActuator()), new NoWrite(new RegFileActuator())]);
        Assert.Equal(plan.Steps.Count, runner.Project(plan).Count(step => step.Differs));
        Assert.Equal(RunState.Failed, runner.Apply(plan, cancellation: TestContext.Current.CancellationToken).State);
    }

    [Fact]
    public void A_file_changed_since_the_plan_was_made_refuses_the_run_before_its_first_write()
    {
        var plan = Plan();
        var step = plan.Steps[^1];
        Edit(step.Container, document => document.SetValue(step.Key[..step.Key.LastIndexOf('\\')], step.ShortKey, RegData.Dword(7)));
        var before = _sample.Content();
        Assert.Equal("PlanOutdated", Assert.Throws<PassthruException>(() => Runner.Apply(plan)).ErrorId);
        Assert.Equal(before, _sample.Content());
    }

    [Fact]
    public void A_value_that_someone_else_changed_since_is_reported_by_undo_and_left()
    {
        var plan = Plan();
        var run = Runner.Apply(plan, cancellation: TestContext.Current.CancellationToken);
        var step = plan.Steps[0];
        Edit(step.Container, document => document.SetValue(step.Key[..step.Key.LastIndexOf('\\')], step.ShortKey, RegData.Dword(9)));
        var undo = Runner.Undo(run.RunId!, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(RunState.PartlyUndone, undo.State);
        Assert.Equal("UndoConflict", Assert.Single(undo.Errors).ErrorId);
        Assert.Equal(9ul, RegDocument.Load(step.Container).GetValue(step.Key[..step.Key.LastIndexOf('\\')], step.ShortKey)!.AsNumber());
    }

    [Fact]
    public void A_key_that_had_to_be_created_goes_again_with_the_undo()
    {
        var registry = _sample.Place("vms/win01/guest-pci.reg");
        Edit(registry, document =>
        {
            foreach (var setting in GuestMsiReader.Read(document).Where(setting => setting.VendorId == 0x10df))
                document.RemoveKey(setting.KeyPath + @"\Device Parameters\Interrupt Management");
        });
        var before = _sample.Content();
        var run = Runner.Apply(Plan(PlanObjective.EvenShare), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(BudgetVerdict.Fits, _sample.Budget().Verdict);
        Runner.Undo(run.RunId!, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(before, _sample.Content());
    }

    [Fact]
    public void A_run_that_was_stopped_can_be_resumed()
    {
        using var stop = new CancellationTokenSource();
        var plan = Plan(PlanObjective.EvenShare);
        var stopped = Runner.Apply(plan, new Stop(stop, after: 3), stop.Token);
        Assert.True(stopped.WasCancelled);
        var resumed = Runner.Resume(stopped.RunId!, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(RunState.Completed, resumed.State);
        Assert.Equal(BudgetVerdict.Fits, _sample.Budget().Verdict);
    }

    [Fact]
    public void A_plan_from_an_archive_can_not_be_applied()
    {
        var plan = Plan();
        plan = plan with { Steps = [.. plan.Steps.Select(step => step with { Container = "/evidence.tgz/vms/win01/guest-pci.reg" })] };
        Assert.Equal("RemediationNotApplicable", Assert.Throws<PassthruException>(() => Runner.Apply(plan)).ErrorId);
    }

    private static void Edit(string path, Action<RegDocument> edit)
    {
        var document = RegDocument.Load(path);
        edit(document);
        File.WriteAllBytes(path, document.ToBytes());
    }

    /// <summary>Fails on any write, to prove that there is none.</summary>
    private sealed class NoWrite(ISettingActuator inner) : ISettingActuator
    {
        public string Kind => inner.Kind;

        public SettingValue Read(SettingTarget target) => inner.Read(target);

        public void Write(SettingTarget target, SettingValue newValue, SettingValue expected) => throw new InvalidOperationException("written to");
    }

    private sealed class Stop(CancellationTokenSource source, int after) : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            if (value.Completed >= after) source.Cancel();
        }
    }
}
