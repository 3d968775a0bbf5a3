using PassthroughTools.CrashHost;
using PassthroughTools.IO;
using PassthroughTools.Journal;
using PassthroughTools.Tests.IO;

namespace PassthroughTools.Tests.Journal;

/// <summary>A real process, really killed, at every file operation in turn.</summary>
public sealed class KillTests : JournalTestBase
{
    private const int Killed = 137;

    public KillTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGKILL");

    [Fact]
    public void A_run_killed_at_any_operation_can_be_resumed_and_undone()
    {
        var log = Log(operations => Scenario.Executor(operations).Apply(Scenario.Request));
        KillEverywhere("apply", log, Fresh());
    }

    [Fact]
    public void An_undo_killed_at_any_operation_can_be_undone_again()
    {
        Executor.Apply(Scenario.Request);
        var start = Folder.Snapshot();
        var log = Log(operations => Scenario.Executor(operations).Undo(Newest.RunId));
        KillEverywhere("undo", log, start);
    }

    [Fact]
    public void A_resumption_killed_at_any_operation_can_be_resumed_and_undone()
    {
        var applied = Log(operations => Scenario.Executor(operations).Apply(Scenario.Request));
        Folder.Restore(Fresh());

        // Killed while the second write is half on the disk, with its step begun.
        var midway = applied.FindLastIndex(entry => entry == "replace a.conf") - 2;
        Assert.Equal(Killed, CrashHostProcess.ExitCode("apply", Folder.Path, Text(midway), "half"));
        Assert.Equal(RunState.Interrupted, Newest.State);

        var start = Folder.Snapshot();
        var log = Log(operations => Scenario.Executor(operations).Resume(Newest.RunId));
        KillEverywhere("resume", log, start);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private Dictionary<string, byte[]> Fresh() => new()
    {
        [Scenario.FileA] = System.Text.Encoding.UTF8.GetBytes(Scenario.OriginalA),
        [Scenario.FileB] = System.Text.Encoding.UTF8.GetBytes(Scenario.OriginalB),
    };

    private static List<string> Log(Action<FaultyFileOperations> run)
    {
        var operations = new FaultyFileOperations(FileOperations.Default);
        run(operations);
        return operations.Log;
    }

    private void KillEverywhere(string command, List<string> log, Dictionary<string, byte[]> start)
    {
        Assert.True(log.Count > 20, "the run has too few operations to be the real one");
        for (var n = 1; n <= log.Count; n++)
        {
            foreach (var point in log[n - 1].StartsWith("write", StringComparison.Ordinal) ? new[] { "before", "half" } : ["before"])
            {
                Folder.Restore(start);
                Assert.Equal(Killed, CrashHostProcess.ExitCode(command, Folder.Path, Text(n), point));
                AssertResumableAndUndoable();
            }
        }

        // The enumeration was complete: one operation further, nobody is killed.
        Folder.Restore(start);
        Assert.Equal(0, CrashHostProcess.ExitCode(command, Folder.Path, Text(log.Count + 1), "before"));
        AssertWhole();
    }
}
