using PassthroughTools.CrashHost;
using PassthroughTools.IO;
using PassthroughTools.Journal;

namespace PassthroughTools.Tests.Journal;

public sealed class UndoTests : JournalTestBase
{
    [Fact]
    public void A_value_that_someone_changed_since_is_reported_and_left_and_the_rest_is_restored()
    {
        var run = Executor.Apply(Scenario.Request).RunId!;
        File.WriteAllText(Scenario.FileB, "gamma=theirs\n");

        var result = Executor.Undo(run);

        Assert.Equal(RunState.PartlyUndone, result.State);
        Assert.Equal(JournalErrors.UndoConflict.Id, Assert.Single(result.Errors).ErrorId);
        Assert.Equal(StepOutcome.Conflict, result.Steps[3].Outcome);
        Assert.Equal("gamma=theirs\n", File.ReadAllText(Scenario.FileB));
        Assert.Equal(Scenario.OriginalA, File.ReadAllText(Scenario.FileA));
    }

    [Fact]
    public void Undo_again_settles_a_conflict_that_was_put_right()
    {
        var run = Executor.Apply(Scenario.Request).RunId!;
        File.WriteAllText(Scenario.FileB, "gamma=theirs\n");
        Executor.Undo(run);
        File.WriteAllText(Scenario.FileB, Scenario.OriginalB);

        Assert.Equal(RunState.Undone, Executor.Undo(run).State);
        AssertOriginal();
    }

    [Fact]
    public void Undo_may_keep_the_conflicts_and_close_the_run()
    {
        var run = Executor.Apply(Scenario.Request).RunId!;
        File.WriteAllText(Scenario.FileB, "gamma=theirs\n");

        var result = Executor.Undo(run, new UndoOptions { KeepConflicts = true });

        Assert.Equal(RunState.Undone, result.State);
        Assert.Empty(result.Errors);
        Assert.Single(result.Warnings);
        Assert.Equal("gamma=theirs\n", File.ReadAllText(Scenario.FileB));
    }

    [Fact]
    public void A_value_changed_after_it_was_restored_is_no_conflict()
    {
        var run = Executor.Apply(Scenario.Request).RunId!;
        File.WriteAllText(Scenario.FileB, "gamma=theirs\n");
        Executor.Undo(run);
        File.WriteAllText(Scenario.FileA, "alpha=1\nbeta=later\nzeta=9\n");
        File.WriteAllText(Scenario.FileB, Scenario.OriginalB);

        Assert.Equal(RunState.Undone, Executor.Undo(run).State);
    }

    [Fact]
    public void An_undone_run_is_sealed()
    {
        var run = Executor.Apply(Scenario.Request).RunId!;
        Executor.Undo(run);

        AssertId(JournalErrors.RunSealed, () => Executor.Undo(run));
        AssertId(JournalErrors.RunNotResumable, () => Executor.Resume(run));
    }

    [Fact]
    public void A_run_that_someone_undid_while_we_waited_for_the_lock_is_sealed()
    {
        var run = Executor.Apply(Scenario.Request).RunId!;
        var operations = new FaultyFileOperations(FileOperations.Default) { FaultAt = 1, Fault = () => Executor.Undo(run) };

        AssertId(JournalErrors.RunSealed, () => Scenario.Executor(operations).Undo(run));
        AssertOriginal();
    }

    [Fact]
    public void Values_put_back_by_hand_leave_nothing_to_undo()
    {
        var run = Executor.Apply(Scenario.Request).RunId!;
        Scenario.WriteOriginals();

        var result = Executor.Undo(run);

        Assert.Equal((RunState.Undone, 0), (result.State, result.Written));
    }

    [Fact]
    public void An_earlier_run_is_not_undone_before_a_later_one_on_the_same_setting()
    {
        var first = Executor.Apply(Request(Beta("one"))).RunId!;
        var second = Executor.Apply(Request(Beta("two"))).RunId!;

        var error = Assert.Throws<PassthruException>(() => Executor.Undo(first));

        Assert.Equal(JournalErrors.RunSuperseded.Id, error.ErrorId);
        Assert.Contains(second, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_undone_the_later_first_bring_the_first_original_back()
    {
        var first = Executor.Apply(Request(Beta("one"))).RunId!;
        var second = Executor.Apply(Request(Beta("two"))).RunId!;

        Executor.Undo(second);
        Executor.Undo(first);

        AssertOriginal();
    }

    [Fact]
    public void A_later_run_on_other_settings_does_not_stand_in_the_way()
    {
        var first = Executor.Apply(Request(Beta("one"))).RunId!;
        Executor.Apply(Request(Scenario.Step(Scenario.FileB, "gamma", Value("8"))));

        Assert.Equal(RunState.Undone, Executor.Undo(first).State);
    }

    [Fact]
    public void An_interrupted_run_is_not_resumed_over_a_later_one()
    {
        var first = new RunExecutor(Scenario.Store(), [new KeyValueActuator { BeforeWrite = _ => throw new InvalidOperationException() }])
            .Apply(Request(Beta("one"))).RunId!;
        Executor.Apply(Request(Beta("two")));

        AssertId(JournalErrors.RunSuperseded, () => Executor.Resume(first));
    }

    [Fact]
    public void A_damaged_later_journal_is_warned_of_and_does_not_block_undo()
    {
        var first = Executor.Apply(Request(Beta("one"))).RunId!;
        Executor.Apply(Request(Scenario.Step(Scenario.FileB, "gamma", Value("8"))));
        File.WriteAllText(Newest.JournalFile, "garbage\n");

        var result = Executor.Undo(first);

        Assert.Equal(RunState.Undone, result.State);
        Assert.Single(result.Warnings);
    }
}
