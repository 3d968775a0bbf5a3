using System.Diagnostics;
using PassthroughTools.CrashHost;
using PassthroughTools.IO;
using PassthroughTools.Journal;
using PassthroughTools.Tests.IO;

namespace PassthroughTools.Tests.Journal;

/// <summary>Failing disks and power cuts at every operation in turn, caused inside this process.</summary>
public sealed class FaultTests : JournalTestBase
{
    public static TheoryData<int, string> Failures => new()
    {
        { 28, FileErrors.DiskFull.Id },
        { 5, FileErrors.WriteFailed.Id },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_disk_that_fails_at_any_operation_and_stays_so_gives_its_error_and_loses_nothing(int errno, string errorId)
    {
        var count = Count(operations => Scenario.Executor(operations).Apply(Scenario.Request));
        for (var n = 1; n <= count; n++)
        {
            Reset();
            var operations = new FaultyFileOperations(FileOperations.Default)
            {
                FaultAt = n,
                Point = FaultPoint.Half,
                IsLasting = true,
                Fault = () => throw new IOException("the disk says no", errno),
            };

            var errors = Errors(() => Scenario.Executor(operations).Apply(Scenario.Request));

            // The last two operations give the locks free; by then the run is complete.
            if (n > count - 2) Assert.Empty(errors);
            else Assert.Contains(errorId, errors);
            AssertResumableAndUndoable();
        }
    }

    [Fact]
    public void A_disk_that_fails_once_at_any_operation_loses_nothing()
    {
        var count = Count(operations => Scenario.Executor(operations).Apply(Scenario.Request));
        for (var n = 1; n <= count; n++)
        {
            Reset();
            var operations = new FaultyFileOperations(FileOperations.Default) { FaultAt = n, Fault = () => throw new IOException("once", 5) };

            Errors(() => Scenario.Executor(operations).Apply(Scenario.Request));

            AssertResumableAndUndoable();
        }
    }

    [Fact]
    public void A_really_full_disk_is_named_and_loses_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs root to mount a small file system");
        var disk = Folder["disk"];
        Directory.CreateDirectory(disk);
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk));
        try
        {
            // Four pages: the file's own, two of filling, one left; the new content needs two.
            var file = Path.Combine(disk, "full.conf");
            File.WriteAllText(file, "key=old\n");
            File.WriteAllBytes(Path.Combine(disk, "filling"), new byte[8192]);
            var step = Scenario.Step(file, "key", Value(new string('x', 5000)));

            var result = Executor.Apply(Request(step));

            Assert.Equal(FileErrors.DiskFull.Id, Assert.Single(result.Errors).ErrorId);
            Assert.Equal("key=old\n", File.ReadAllText(file));
            Assert.Equal(["filling", "full.conf"], Directory.GetFiles(disk).Select(Path.GetFileName).Order(StringComparer.Ordinal));

            File.Delete(Path.Combine(disk, "filling"));
            AssertClean(Executor.Resume(result.RunId!));
            AssertClean(Executor.Undo(result.RunId!));
            Assert.Equal("key=old\n", File.ReadAllText(file));
        }
        finally
        {
            Run("umount", disk);
        }
    }

    [Fact]
    public void A_journal_on_a_really_full_disk_stops_the_run_before_its_first_write()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs root to mount a small file system");
        var disk = Scenario.JournalPath;
        Directory.CreateDirectory(disk);
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk));
        try
        {
            File.WriteAllBytes(Path.Combine(disk, "filling"), new byte[12288]);

            AssertId(FileErrors.DiskFull, () => Executor.Apply(Scenario.Request));

            AssertOriginal();
            Assert.Empty(Scenario.Store().List());
        }
        finally
        {
            Run("umount", disk);
        }
    }

    [Fact]
    public void A_read_only_file_fails_its_step_and_nothing_is_lost()
    {
        File.SetAttributes(Scenario.FileB, FileAttributes.ReadOnly);

        var result = Executor.Apply(Scenario.Request);

        Assert.Equal(FileErrors.ReadOnly.Id, Assert.Single(result.Errors).ErrorId);
        File.SetAttributes(Scenario.FileB, FileAttributes.Normal);
        AssertResumableAndUndoable();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_power_cut_at_any_operation_of_a_run_loses_nothing(bool keepNames, bool zeros)
    {
        var count = Count(operations => Scenario.Executor(operations).Apply(Scenario.Request));
        for (var n = 1; n <= count + 1; n++)
        {
            Reset();
            CutPower(n, keepNames, zeros, operations => Scenario.Executor(operations).Apply(Scenario.Request));
            AssertResumableAndUndoable();
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void A_power_cut_at_any_operation_of_an_undo_loses_nothing(bool keepNames, bool zeros)
    {
        Executor.Apply(Scenario.Request);
        var start = Folder.Snapshot();
        var count = Count(operations => Scenario.Executor(operations).Undo(Newest.RunId));
        for (var n = 1; n <= count; n++)
        {
            Folder.Restore(start);
            CutPower(n, keepNames, zeros, operations => Scenario.Executor(operations).Undo(Newest.RunId));
            if (Newest.State == RunState.Undone) AssertOriginal();
            else AssertResumableAndUndoable();
        }
    }

    [Fact]
    public void What_is_reported_as_done_survives_a_power_cut_right_after()
    {
        var disk = new PowerCutFileOperations(FileOperations.Default);

        AssertClean(Scenario.Executor(disk).Apply(Scenario.Request));
        disk.Cut(keepNames: false, zeros: false);

        AssertFinal();
        Assert.Equal(RunState.Completed, Newest.State);
    }

    [Fact]
    public void A_crash_while_resuming_after_a_crash_loses_nothing()
    {
        var count = Count(operations => Scenario.Executor(operations).Apply(Scenario.Request));
        for (var n = 12; n <= count; n += 3)
        {
            for (var m = 1; m <= count; m += 2)
            {
                Reset();
                Crash(n, operations => Scenario.Executor(operations).Apply(Scenario.Request));
                if (Scenario.Store().List() is [{ CanResume: true } run]) Crash(m, operations => Scenario.Executor(operations).Resume(run.RunId));
                AssertResumableAndUndoable();
            }
        }
    }

    private static void Crash(int at, Action<IFileOperations> action)
    {
        try
        {
            action(new FaultyFileOperations(FileOperations.Default) { FaultAt = at, Point = FaultPoint.Half });
        }
        catch (SimulatedCrashException)
        {
            // As asked for.
        }
    }

    private static void CutPower(int at, bool keepNames, bool zeros, Action<IFileOperations> action)
    {
        var disk = new PowerCutFileOperations(FileOperations.Default);
        try
        {
            action(new FaultyFileOperations(disk) { FaultAt = at, Point = FaultPoint.Half });
        }
        catch (SimulatedCrashException)
        {
            // As asked for.
        }

        disk.Cut(keepNames, zeros);
    }

    private static int Count(Action<FaultyFileOperations> run)
    {
        var operations = new FaultyFileOperations(FileOperations.Default);
        run(operations);
        return operations.Count;
    }

    private static List<string> Errors(Func<RunResult> run)
    {
        try
        {
            return [.. run().Errors.Select(error => error.ErrorId)];
        }
        catch (PassthruException e)
        {
            return [e.ErrorId];
        }
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments))!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private void Reset()
    {
        Folder.Restore([]);
        Scenario.WriteOriginals();
    }
}
