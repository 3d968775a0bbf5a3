using PassthroughTools.CrashHost;
using PassthroughTools.IO;
using PassthroughTools.Journal;
using PassthroughTools.Tests.IO;

namespace PassthroughTools.Tests.Journal;

/// <summary>A folder with the scenario's two files in their original state.</summary>
public abstract class JournalTestBase : IDisposable
{
    private protected JournalTestBase()
    {
        Scenario = new(Folder.Path);
        Scenario.WriteOriginals();
    }

    private protected TestFolder Folder { get; } = new(inMemory: true);

    private protected Scenario Scenario { get; }

    private protected RunExecutor Executor => Scenario.Executor();

    private protected RunSummary Newest => Scenario.Store().List()[0];

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static RunRequest Request(params RunStep[] steps) => new() { Steps = steps };

    private protected static SettingValue Value(string? text) => text is null ? SettingValue.Absent : SettingValue.Of(text);

    private protected RunStep Beta(string? value) => Scenario.Step(Scenario.FileA, "beta", Value(value));

    private protected static void AssertId(ErrorDefinition expected, Action action) =>
        Assert.Equal(expected.Id, Assert.Throws<PassthruException>(action).ErrorId);

    private protected static void AssertClean(RunResult result) => Assert.Empty(result.Errors);

    private protected void AssertOriginal() => AssertFiles(Scenario.OriginalA, Scenario.OriginalB);

    private protected void AssertFinal() => AssertFiles(Scenario.FinalA, Scenario.FinalB);

    private protected void AssertWhole()
    {
        Assert.Contains(File.ReadAllText(Scenario.FileA), new[] { Scenario.OriginalA, "alpha=1\nbeta=FALSE\nzeta=9\n", Scenario.FinalA });
        Assert.Contains(File.ReadAllText(Scenario.FileB), new[] { Scenario.OriginalB, Scenario.FinalB });
    }

    /// <summary>After a fault at whatever point: resume leads to the end, undo to the beginning, and no temporary file stays.</summary>
    private protected void AssertResumableAndUndoable()
    {
        AssertWhole();
        var snapshot = Folder.Snapshot();
        if (Scenario.Store().List() is [] or [{ State: RunState.Undone }, ..])
        {
            // Killed before the run was on record: nothing may have been written.
            AssertOriginal();
            AssertClean(Executor.Apply(Scenario.Request));
            AssertFinal();
            return;
        }

        if (Newest.CanResume) AssertClean(Executor.Resume(Newest.RunId));
        if (Newest.State == RunState.Completed) AssertFinal();
        else Assert.Equal(RunState.PartlyUndone, Newest.State);

        Folder.Restore(snapshot);
        AssertClean(Executor.Undo(Newest.RunId));
        AssertOriginal();
        Assert.Equal(RunState.Undone, Newest.State);
        AssertId(JournalErrors.RunSealed, () => Executor.Undo(Newest.RunId));

        // The folder of the files is clean at once, that of the journal after the next run.
        Assert.Equal(["a.conf", "b.conf", "state"], Folder.Names());
        AssertClean(Executor.Apply(Scenario.Request));
        Assert.DoesNotContain(Directory.EnumerateFiles(Folder.Path, "*", SearchOption.AllDirectories), AtomicFile.IsTemporary);
    }

    private void AssertFiles(string a, string b)
    {
        Assert.Equal(a, File.ReadAllText(Scenario.FileA));
        Assert.Equal(b, File.ReadAllText(Scenario.FileB));
    }
}
