using PassthroughTools.IO;
using PassthroughTools.Journal;

namespace PassthroughTools.Tests.Journal;

public sealed class JournalStoreTests : JournalTestBase
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(true, null, "/var/lib/passthroughtools")]
    [InlineData(true, "/state", "/var/lib/passthroughtools")]
    [InlineData(false, "/state", "/state/passthroughtools")]
    [InlineData(false, null, "/home/ada/.local/state/passthroughtools")]
    [InlineData(false, "relative", "/home/ada/.local/state/passthroughtools")]
    public void The_default_folder_follows_the_platform(bool isRoot, string? stateHome, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix paths");
        Assert.Equal(expected, JournalFolder.ForUnix(isRoot, stateHome, "/home/ada"));
    }

    [Fact]
    public void A_folder_that_does_not_exist_holds_no_runs_and_is_not_created()
    {
        Assert.Empty(Scenario.Store().List());
        Assert.False(Directory.Exists(Scenario.JournalPath));
    }

    [Fact]
    public void Runs_are_listed_the_newest_first_and_foreign_files_are_passed_over()
    {
        var first = Executor.Apply(Request(Beta("one"))).RunId;
        var second = Executor.Apply(Request(Beta("two"))).RunId;
        File.WriteAllText(Path.Combine(Scenario.JournalPath, "notes.jsonl"), "mine");

        Assert.Equal([second, first], Scenario.Store().List().Select(run => run.RunId));
    }

    [Fact]
    public void An_identifier_holds_the_utc_time() =>
        Assert.StartsWith("20260301T120000000Z-", RunIdentifier.Next(Noon, []), StringComparison.Ordinal);

    [Fact]
    public void An_identifier_sorts_last_even_when_the_clock_was_set_back()
    {
        var ids = new List<string>();
        foreach (var minutes in new[] { 0, 0, -600, 1, -1 }) ids.Add(RunIdentifier.Next(Noon.AddMinutes(minutes), ids));

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.All(ids, id => Assert.True(RunIdentifier.IsValid(id)));
    }

    [Fact]
    public void A_journal_is_readable_by_its_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
        Executor.Apply(Scenario.Request);
#pragma warning disable CA1416 // skipped on Windows
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Newest.JournalFile));
#pragma warning restore CA1416
    }

    [Fact]
    public void Identifiers_of_errors_are_unique_and_without_spaces()
    {
        var ids = ErrorCatalog.Find().Select(error => error.Id).ToList();

        Assert.Contains(FileErrors.Changed.Id, ids);
        Assert.Contains(JournalErrors.Corrupt.Id, ids);
        Assert.Equal(ids.Distinct(StringComparer.OrdinalIgnoreCase), ids);
        Assert.DoesNotContain(ids, id => id.Contains(' ', StringComparison.Ordinal));
    }
}
