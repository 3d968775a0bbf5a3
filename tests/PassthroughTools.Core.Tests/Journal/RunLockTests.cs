using System.Diagnostics;
using PassthroughTools.CrashHost;
using PassthroughTools.IO;
using PassthroughTools.Journal;
using PassthroughTools.Tests.IO;

namespace PassthroughTools.Tests.Journal;

public sealed class RunLockTests : JournalTestBase
{
    [Fact]
    public void A_second_process_on_the_same_file_is_refused_with_the_run_of_the_first()
    {
        using var first = StartHolding();
        var run = Newest;

        var second = CrashHostProcess.Run(CrashHostProcess.Path, ["apply", Folder.Path]);

        Assert.Equal(RunState.Running, run.State);
        Assert.StartsWith(JournalErrors.RunInProgress.Id, second, StringComparison.Ordinal);
        Assert.Contains(run.RunId, second, StringComparison.Ordinal);
        Release(first);
        AssertFinal();
    }

    [Fact]
    public void A_running_run_can_be_neither_undone_nor_resumed_by_another_process()
    {
        using var first = StartHolding();
        var run = Newest.RunId;

        AssertId(JournalErrors.RunInProgress, () => Executor.Undo(run));
        AssertId(JournalErrors.RunInProgress, () => Executor.Resume(run));

        Release(first);
    }

    [Fact]
    public void A_run_on_another_file_is_not_held_up()
    {
        using var first = StartHolding();
        var other = Folder.Write("other.conf", "key=1\n");

        AssertClean(Executor.Apply(Request(Scenario.Step(other, "key", Value("2")))));

        Release(first);
        AssertFinal();
    }

    [Fact]
    public void The_lock_of_a_killed_process_holds_nobody_up()
    {
        using var first = StartHolding();
        first.Kill();
        first.WaitForExit();

        Assert.Equal(RunState.Interrupted, Newest.State);
        AssertClean(Executor.Resume(Newest.RunId));
        AssertFinal();
    }

    [Fact]
    public void Of_two_processes_that_start_at_once_each_ends_the_run_or_is_refused()
    {
        for (var round = 0; round < 5; round++)
        {
            Folder.Restore([]);
            Scenario.WriteOriginals();
            var both = new[] { "apply", "apply" }.Select(command => CrashHostProcess.Start(CrashHostProcess.Path, [command, Folder.Path])).ToArray();

            var outputs = both.Select(process => process.StandardOutput.ReadToEnd()).ToArray();
            foreach (var process in both)
            {
                process.WaitForExit();
                process.Dispose();
            }

            // Both may get through, one after the other; then the second has nothing to do and no run.
            Assert.All(outputs, output => Assert.True(char.IsAsciiDigit(output[0]) || output.StartsWith(JournalErrors.RunInProgress.Id, StringComparison.Ordinal), output));
            Assert.Equal(RunState.Completed, Assert.Single(Scenario.Store().List()).State);
            AssertFinal();
        }
    }

    [Fact]
    public void Two_runs_in_one_process_exclude_one_another_too()
    {
        PassthruException? refused = null;
        RunSummary? running = null;
        var executor = Scenario.Executor(beforeWrite: _ =>
        {
            running ??= Newest;
            refused ??= Assert.Throws<PassthruException>(() => Executor.Apply(Request(Beta("other"))));
        });

        AssertClean(executor.Apply(Scenario.Request));

        Assert.Equal(JournalErrors.RunInProgress.Id, refused!.ErrorId);
        Assert.Contains(running!.RunId, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_run_gives_back_the_locks_that_it_had_got()
    {
        using var first = StartHolding();
        var other = Folder.Write("0-sorts-first.conf", "key=1\n");
        var step = Scenario.Step(other, "key", Value("2"));

        AssertId(JournalErrors.RunInProgress, () => Executor.Apply(Request(step, Beta("x"))));

        AssertClean(Executor.Apply(Request(step)));
        Release(first);
    }

    [Fact]
    public void A_living_holder_is_respected_where_the_file_system_knows_no_locks()
    {
        using var first = StartHolding();
        var run = Newest.RunId;

        var error = Assert.Throws<PassthruException>(() => Scenario.Executor(new LocklessFileOperations()).Apply(Scenario.Request));

        Assert.Equal(JournalErrors.RunInProgress.Id, error.ErrorId);
        Assert.Contains(run, error.Message, StringComparison.Ordinal);
        Release(first);
    }

    [Fact]
    public void A_process_number_used_again_is_not_taken_for_the_holder()
    {
        var self = ProcessIdentity.Current;

        Assert.True(self.IsAlive);
        Assert.False((self with { Start = "another boot:1" }).IsAlive);
        Assert.Null((self with { Machine = "elsewhere" }).IsAlive);
    }

    private static void Release(Process process)
    {
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private Process StartHolding()
    {
        var process = CrashHostProcess.Start(CrashHostProcess.Path, ["hold", Folder.Path]);
        Assert.Equal("holding", process.StandardOutput.ReadLine());
        return process;
    }

    /// <summary>Every lock is granted, as on a file system that ignores them.</summary>
    private sealed class LocklessFileOperations : IFileOperations
    {
        private readonly FileOperations _inner = FileOperations.Default;

        public void CreateDirectory(string path) => _inner.CreateDirectory(path);

        public IFileWriter CreateNew(string path, bool ownerOnly) => _inner.CreateNew(path, ownerOnly);

        public IFileWriter OpenAppend(string path, long length) => _inner.OpenAppend(path, length);

        public void CopyPermissions(string source, string target) => _inner.CopyPermissions(source, target);

        public void Replace(string source, string target) => _inner.Replace(source, target);

        public void MoveNew(string source, string target) => _inner.MoveNew(source, target);

        public void Delete(string path) => _inner.Delete(path);

        public void FlushDirectory(string path) => _inner.FlushDirectory(path);

        public IDisposable? TryLock(string path) => new MemoryStream();
    }
}
