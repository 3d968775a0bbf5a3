using PassthroughTools.CrashHost;
using PassthroughTools.Journal;

namespace PassthroughTools.Tests.Journal;

public sealed class RunExecutorTests : JournalTestBase
{
    [Fact]
    public void A_run_brings_every_value_and_says_what_it_wrote()
    {
        var result = Executor.Apply(Scenario.Request);

        AssertFinal();
        Assert.Equal(RunState.Completed, result.State);
        Assert.Equal(3, result.Written);
        Assert.Equal([StepOutcome.Done, StepOutcome.Unchanged, StepOutcome.Done, StepOutcome.Done], result.Steps.Select(step => step.Outcome));
        Assert.Empty(result.Errors);
    }

    [Fact]
    public void Undo_brings_every_byte_back_absent_values_included()
    {
        var run = Executor.Apply(Scenario.Request);

        var result = Executor.Undo(run.RunId!);

        AssertOriginal();
        Assert.Equal(RunState.Undone, result.State);
        Assert.Equal(3, result.Written);
    }

    [Fact]
    public void A_second_run_writes_nothing_and_says_so()
    {
        Executor.Apply(Scenario.Request);
        var before = Scenario.Store().List().Count;

        var result = Executor.Apply(Scenario.Request);

        Assert.True(result.NothingToDo);
        Assert.Equal(0, result.Written);
        Assert.Equal(before, Scenario.Store().List().Count);
    }

    [Fact]
    public void A_projection_tells_what_would_change_and_touches_nothing()
    {
        var executor = new RunExecutor(Scenario.Store(), [new ReadOnlyActuator()]);

        var steps = executor.Project(Scenario.Request.Steps);

        Assert.Equal([StepOutcome.Pending, StepOutcome.Unchanged, StepOutcome.Pending, StepOutcome.Pending], steps.Select(step => step.Outcome));
        Assert.Equal([Value("TRUE"), Value("1"), Value(null), Value("7")], steps.Select(step => step.Before));
        Assert.Equal(["a.conf", "b.conf"], Folder.Names());
    }

    [Fact]
    public void All_prior_values_are_on_record_before_the_first_write()
    {
        RunSummary? seen = null;
        Scenario.Executor(beforeWrite: _ => seen ??= Newest).Apply(Scenario.Request);

        Assert.Equal([Value("TRUE"), Value("1"), Value(null), Value("7")], seen!.Steps.Select(step => step.Before));
        Assert.Equal(RunState.Running, seen.State);
    }

    [Fact]
    public void A_listed_run_names_host_and_plan()
    {
        Executor.Apply(Scenario.Request);

        Assert.Equal(("esx01", "plan-1", RunState.Completed), (Newest.HostName, Newest.PlanId, Newest.State));
        Assert.InRange(Newest.Started!.Value, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
    }

    [Fact]
    public void A_plan_made_from_another_value_is_refused_before_anything_is_written()
    {
        var request = Request(Scenario.Step(Scenario.FileB, "gamma", Value("8")), Beta("FALSE") with { Expected = Value("maybe") });

        AssertId(JournalErrors.PlanOutdated, () => Executor.Apply(request));
        AssertOriginal();
    }

    [Fact]
    public void A_value_that_the_plan_wants_is_no_outdated_plan() =>
        Assert.True(Executor.Apply(Request(Beta("TRUE") with { Expected = Value("FALSE") })).NothingToDo);

    [Fact]
    public void A_setting_twice_in_a_run_is_refused() => AssertId(JournalErrors.StepDuplicate, () => Executor.Apply(Request(Beta("1"), Beta("2"))));

    [Fact]
    public void A_kind_that_nobody_writes_is_refused()
    {
        var step = Beta("1");
        AssertId(JournalErrors.ActuatorMissing, () => Executor.Apply(Request(step with { Target = step.Target with { Kind = "other" } })));
    }

    [Fact]
    public void A_secret_is_refused() =>
        AssertId(JournalErrors.StepSecret, () => Executor.Apply(Request(Scenario.Step(Scenario.FileA, "encryption.keySafe", Value("x")))));

    [Fact]
    public void A_value_that_the_journal_would_not_give_back_is_refused()
    {
        AssertId(JournalErrors.ValueNotStorable, () => Executor.Apply(Request(Beta("\uD800"))));
        AssertOriginal();
    }

    [Fact]
    public void A_failed_step_stops_the_run_which_can_be_resumed()
    {
        var result = Failing("delta").Apply(Scenario.Request);

        Assert.Equal(RunState.Failed, result.State);
        Assert.Equal([JournalErrors.StepFailed.Id], result.Errors.Select(error => error.ErrorId));
        Assert.Equal([StepOutcome.Done, StepOutcome.Unchanged, StepOutcome.Failed, StepOutcome.Pending], result.Steps.Select(step => step.Outcome));
        Assert.Equal(RunState.Failed, Newest.State);

        Assert.Equal(RunState.Completed, Executor.Resume(result.RunId!).State);
        AssertFinal();
    }

    [Fact]
    public void A_failed_run_can_be_undone()
    {
        var result = Failing("delta").Apply(Scenario.Request);

        Assert.Equal(RunState.Undone, Executor.Undo(result.RunId!).State);
        AssertOriginal();
    }

    [Fact]
    public void A_run_may_go_on_after_a_failed_step()
    {
        var executor = new RunExecutor(Scenario.Store(), [FailingActuator("delta")]) { ContinueOnError = true };

        var result = executor.Apply(Scenario.Request);

        Assert.Equal(RunState.Failed, result.State);
        Assert.Equal([StepOutcome.Done, StepOutcome.Unchanged, StepOutcome.Failed, StepOutcome.Done], result.Steps.Select(step => step.Outcome));
    }

    [Fact]
    public void The_text_of_a_foreign_exception_stays_out_of_the_journal()
    {
        Failing("delta").Apply(Scenario.Request);

        Assert.DoesNotContain("hunter2", File.ReadAllText(Newest.JournalFile), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_changed_between_planning_and_writing_is_left()
    {
        var actuator = new KeyValueActuator();
        var executor = new RunExecutor(Scenario.Store(), [new MeddlingActuator(actuator, () => File.WriteAllText(Scenario.FileA, "beta=other\n"))]);

        var result = executor.Apply(Request(Beta("FALSE")));

        Assert.Equal([JournalErrors.SettingChanged.Id], result.Errors.Select(error => error.ErrorId));
        Assert.Equal("beta=other\n", File.ReadAllText(Scenario.FileA));
    }

    [Fact]
    public void A_write_that_does_not_stick_is_noticed()
    {
        var result = new RunExecutor(Scenario.Store(), [new ForgetfulActuator()]).Apply(Request(Beta("FALSE")));

        Assert.Equal(JournalErrors.SettingNotVerified.Id, Assert.Single(result.Errors).ErrorId);
    }

    [Fact]
    public void A_cancelled_run_stops_between_steps_and_can_be_resumed()
    {
        using var stop = new CancellationTokenSource();

        var result = Scenario.Executor(beforeWrite: _ => stop.Cancel()).Apply(Scenario.Request, cancellation: stop.Token);

        Assert.True(result.WasCancelled);
        Assert.Equal(RunState.Interrupted, result.State);
        Assert.Equal(1, result.Written);
        Assert.Equal(RunState.Completed, Executor.Resume(result.RunId!).State);
        AssertFinal();
    }

    [Fact]
    public void A_cancelled_undo_can_be_undone_again()
    {
        var run = Executor.Apply(Scenario.Request).RunId!;
        using var stop = new CancellationTokenSource();

        var result = Scenario.Executor(beforeWrite: _ => stop.Cancel()).Undo(run, cancellation: stop.Token);

        Assert.Equal((true, RunState.PartlyUndone), (result.WasCancelled, result.State));
        Assert.Equal(RunState.Undone, Executor.Undo(run).State);
        AssertOriginal();
    }

    [Fact]
    public void A_completed_run_can_not_be_resumed()
    {
        var run = Executor.Apply(Scenario.Request).RunId!;
        AssertId(JournalErrors.RunNotResumable, () => Executor.Resume(run));
    }

    [Fact]
    public void A_resumption_leaves_a_done_step_that_someone_changed_since()
    {
        var run = Failing("delta").Apply(Scenario.Request).RunId!;
        File.WriteAllText(Scenario.FileA, Scenario.OriginalA); // even back to the prior value: it is their change

        var result = Executor.Resume(run);

        Assert.Equal(JournalErrors.SettingChanged.Id, Assert.Single(result.Errors).ErrorId);
        Assert.Equal(Scenario.OriginalA, File.ReadAllText(Scenario.FileA));
    }

    [Theory]
    [InlineData("nosuchrun")]
    [InlineData("../../etc/passwd")]
    [InlineData("20260101T000000000Z-00000000")]
    public void An_unknown_run_is_not_found(string runId)
    {
        AssertId(JournalErrors.RunNotFound, () => Executor.Undo(runId));
        AssertId(JournalErrors.RunNotFound, () => Executor.Resume(runId));
        AssertId(JournalErrors.RunNotFound, () => Scenario.Store().Get(runId));
    }

    [Fact]
    public void Steps_of_one_barrier_share_a_bracket_that_only_writes_open()
    {
        var barrier = new RecordingBarrier();
        var executor = new RunExecutor(Scenario.Store(), [new KeyValueActuator { BeforeWrite = target => barrier.Log.Add(target.Key) }]) { Barrier = barrier };

        executor.Apply(Request(
            Scenario.Step(Scenario.FileA, "alpha", Value("1")) with { Barrier = "vm0" },
            Beta("FALSE") with { Barrier = "vm1" },
            Scenario.Step(Scenario.FileA, "zeta", Value("8")) with { Barrier = "vm1" },
            Scenario.Step(Scenario.FileB, "gamma", Value("8")) with { Barrier = "vm2" }));

        Assert.Equal(["+vm1", "beta", "zeta", "-vm1", "+vm2", "gamma", "-vm2"], barrier.Log);
    }

    [Fact]
    public void A_bracket_that_can_not_be_entered_fails_its_step_and_nothing_of_it_is_written()
    {
        var executor = new RunExecutor(Scenario.Store(), [new KeyValueActuator()]) { Barrier = new RecordingBarrier { RefuseEntry = true } };

        var result = executor.Apply(Request(Beta("FALSE") with { Barrier = "vm1" }));

        Assert.Equal((RunState.Failed, 0), (result.State, result.Written));
        AssertOriginal();
    }

    [Fact]
    public void Progress_is_told_for_each_step_in_order()
    {
        var told = new ProgressList();

        Executor.Apply(Scenario.Request, told);

        Assert.Equal([(1, 4, StepOutcome.Done), (2, 4, StepOutcome.Unchanged), (3, 4, StepOutcome.Done), (4, 4, StepOutcome.Done)],
            told.Select(entry => (entry.Completed, entry.Total, entry.Step.Outcome)));
    }

    private static KeyValueActuator FailingActuator(string key) => new()
    {
        BeforeWrite = target =>
        {
            if (target.Key == key) throw new InvalidOperationException("password=hunter2");
        },
    };

    private RunExecutor Failing(string key) => new(Scenario.Store(), [FailingActuator(key)]);

    private sealed class ReadOnlyActuator : ISettingActuator
    {
        public string Kind => KeyValueActuator.KindName;

        public SettingValue Read(SettingTarget target) => new KeyValueActuator().Read(target);

        public void Write(SettingTarget target, SettingValue newValue, SettingValue expected) => Assert.Fail("written");
    }

    private sealed class MeddlingActuator(ISettingActuator inner, Action meddle) : ISettingActuator
    {
        public string Kind => inner.Kind;

        public SettingValue Read(SettingTarget target) => inner.Read(target);

        public void Write(SettingTarget target, SettingValue newValue, SettingValue expected)
        {
            meddle();
            inner.Write(target, newValue, expected);
        }
    }

    private sealed class ForgetfulActuator : ISettingActuator
    {
        public string Kind => KeyValueActuator.KindName;

        public SettingValue Read(SettingTarget target) => Value("TRUE");

        public void Write(SettingTarget target, SettingValue newValue, SettingValue expected)
        {
        }
    }

    private sealed class RecordingBarrier : IRunBarrier
    {
        public List<string> Log { get; } = [];

        public bool RefuseEntry { get; init; }

        public void Enter(string name)
        {
            if (RefuseEntry) throw new InvalidOperationException("the VM does not power off");
            Log.Add("+" + name);
        }

        public void Leave(string name) => Log.Add("-" + name);

        public void Settle(string name) => Log.Add("=" + name);
    }

    private sealed class ProgressList : List<StepProgress>, IProgress<StepProgress>
    {
        public void Report(StepProgress value) => Add(value);
    }
}
