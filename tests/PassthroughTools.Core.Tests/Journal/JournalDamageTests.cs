using System.Text;
using System.Text.Json;
using PassthroughTools.Journal;

namespace PassthroughTools.Tests.Journal;

public sealed class JournalDamageTests : JournalTestBase
{
    private static readonly string[] Refusals = [JournalErrors.Corrupt.Id];

    [Fact]
    public void Every_line_is_a_json_object_with_its_type()
    {
        Executor.Apply(Scenario.Request);

        var types = File.ReadAllLines(Newest.JournalFile).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString());

        Assert.Equal(
            [
                "run", "step-planned", "step-planned", "step-planned", "step-planned",
                "step-started", "step-done", "step-started", "step-done", "step-started", "step-done", "run-completed",
            ],
            types);
    }

    [Fact]
    public void A_journal_cut_off_at_any_byte_is_refused_or_undone_to_the_original()
    {
        Executor.Apply(Scenario.Request);
        var (path, whole) = (Newest.JournalFile, File.ReadAllBytes(Newest.JournalFile));
        var planned = EndOfLine(whole, 5);
        var start = Folder.Snapshot();

        for (var length = 0; length < whole.Length; length++)
        {
            Folder.Restore(start);
            File.WriteAllBytes(path, whole[..length]);
            var run = Newest;
            if (length < planned)
            {
                Assert.Equal(RunState.Corrupt, run.State);
                AssertId(JournalErrors.Corrupt, () => Executor.Undo(run.RunId));
                AssertId(JournalErrors.Corrupt, () => Executor.Resume(run.RunId));
                AssertFinal();
                continue;
            }

            Assert.Equal(whole[length - 1] == '\n' ? 0 : 1, run.Warnings.Count);
            AssertClean(Executor.Resume(run.RunId));
            AssertFinal();

            File.WriteAllBytes(path, whole[..length]);
            AssertClean(Executor.Undo(run.RunId));
            AssertOriginal();
        }
    }

    [Fact]
    public void A_journal_with_any_byte_changed_is_refused_and_listed_as_corrupt()
    {
        Executor.Apply(Scenario.Request);
        var (path, runId, whole) = (Newest.JournalFile, Newest.RunId, File.ReadAllBytes(Newest.JournalFile));

        // The line feed of the last line is the one byte whose loss looks like an unfinished line.
        for (var i = 0; i < whole.Length - 1; i++)
        {
            var damaged = whole.ToArray();
            damaged[i] ^= 1;
            File.WriteAllBytes(path, damaged);

            Assert.Equal(RunState.Corrupt, Newest.State);
            AssertId(JournalErrors.Corrupt, () => Executor.Undo(runId));
        }

        AssertFinal();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public void A_missing_line_in_the_middle_is_noticed(int line)
    {
        Executor.Apply(Scenario.Request);
        var lines = File.ReadAllLines(Newest.JournalFile).ToList();
        lines.RemoveAt(line);
        File.WriteAllText(Newest.JournalFile, string.Concat(lines.Select(text => text + "\n")));

        Assert.Equal(RunState.Corrupt, Newest.State);
        Assert.Contains(Newest.Problem!.ErrorId, Refusals);
    }

    [Fact]
    public void A_last_line_of_zeros_is_an_unfinished_one()
    {
        Executor.Apply(Scenario.Request);
        var whole = File.ReadAllBytes(Newest.JournalFile);
        File.WriteAllBytes(Newest.JournalFile, [.. whole, .. new byte[40], (byte)'\n']);

        Assert.Equal(RunState.Completed, Newest.State);
        Assert.Single(Newest.Warnings);
    }

    [Fact]
    public void An_unfinished_last_line_is_cut_off_before_the_journal_goes_on()
    {
        Executor.Apply(Scenario.Request);
        File.AppendAllText(Newest.JournalFile, "{\"type\":\"undo-st");

        Executor.Undo(Newest.RunId);

        Assert.Equal(RunState.Undone, Newest.State);
        Assert.Empty(Newest.Warnings);
    }

    [Fact]
    public void A_journal_of_a_newer_schema_is_refused_with_the_advice_to_update()
    {
        Executor.Apply(Scenario.Request);
        var line = JournalLine.Format(JournalLine.NoSum, json =>
        {
            json.WriteString("type", "run");
            json.WriteNumber("schema", JournalHeader.CurrentSchema + 1);
        }, out _);
        File.WriteAllBytes(Newest.JournalFile, line);

        Assert.Equal(RunState.Unsupported, Newest.State);
        AssertId(JournalErrors.Unsupported, () => Executor.Undo(Newest.RunId));
    }

    [Fact]
    public void A_journal_under_the_name_of_another_run_is_refused()
    {
        Executor.Apply(Scenario.Request);
        var other = Newest.JournalFile.Replace(Newest.RunId, "20260101T000000000Z-00000000", StringComparison.Ordinal);
        File.Move(Newest.JournalFile, other);

        AssertId(JournalErrors.Corrupt, () => Executor.Undo("20260101T000000000Z-00000000"));
    }

    [Fact]
    public void A_journal_that_can_not_be_opened_is_listed_as_unreadable()
    {
        Executor.Apply(Scenario.Request);
        using var holder = new FileStream(Newest.JournalFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal(RunState.Unreadable, Newest.State);
        AssertId(JournalErrors.Unreadable, () => Executor.Undo(Newest.RunId));
    }

    private static int EndOfLine(byte[] bytes, int lines)
    {
        var end = 0;
        for (var i = 0; i < lines; i++) end = Array.IndexOf(bytes, (byte)'\n', end) + 1;
        Assert.StartsWith("{\"type\":\"step-started\"", Encoding.UTF8.GetString(bytes, end, 30), StringComparison.Ordinal);
        return end;
    }
}
