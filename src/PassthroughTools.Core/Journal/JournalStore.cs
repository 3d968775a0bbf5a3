using PassthroughTools.IO;

namespace PassthroughTools.Journal;

/// <summary>The journals of a folder. Runs exclude one another only within one folder: two folders know nothing of each other.</summary>
public sealed class JournalStore
{
    private const string Extension = ".jsonl";

    /// <summary>Opens a folder; it need not exist, and nothing is created before the first run.</summary>
    /// <param name="folder">Folder; <see cref="JournalFolder.Default"/> when null.</param>
    /// <param name="operations">File operations; the real ones when null.</param>
    public JournalStore(string? folder = null, IFileOperations? operations = null)
    {
        Folder = Path.GetFullPath(folder ?? JournalFolder.Default);
        Operations = operations ?? FileOperations.Default;
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    internal IFileOperations Operations { get; }

    internal string LockFolder => Path.Combine(Folder, "locks");

    /// <summary>All runs, the newest first. A damaged or unreadable journal is listed as such.</summary>
    public IReadOnlyList<RunSummary> List()
    {
        var running = RunLock.RunningRuns(LockFolder);
        return [.. RunIds().OrderByDescending(id => id, StringComparer.Ordinal).Select(id => Summarize(id, running))];
    }

    /// <summary>One run.</summary>
    /// <param name="runId">Its identifier.</param>
    /// <exception cref="PassthruException"><see cref="JournalErrors.RunNotFound"/>; damage is told by the summary, not thrown.</exception>
    public RunSummary Get(string runId)
    {
        RequireExisting(runId);
        return Summarize(runId, RunLock.RunningRuns(LockFolder));
    }

    /// <exception cref="PassthruException">As <see cref="JournalDocument.Load"/>, or <see cref="JournalErrors.RunNotFound"/>.</exception>
    internal JournalDocument Load(string runId)
    {
        RequireExisting(runId);
        var document = JournalDocument.Load(PathOf(runId));
        if (document.Header.RunId != runId) throw JournalErrors.Corrupt.For(document.Path, document.Path, 1, "it belongs to run " + document.Header.RunId);
        return document;
    }

    internal string PathOf(string runId) => Path.Combine(Folder, runId + Extension);

    internal string NextRunId() => RunIdentifier.Next(DateTimeOffset.UtcNow, RunIds());

    internal IEnumerable<string> RunIds() => Directory.Exists(Folder)
        ? Directory.GetFiles(Folder, "*" + Extension).Select(Path.GetFileNameWithoutExtension).OfType<string>().Where(RunIdentifier.IsValid)
        : [];

    private void RequireExisting(string runId)
    {
        if (!RunIdentifier.IsValid(runId) || !File.Exists(PathOf(runId))) throw JournalErrors.RunNotFound.For(runId, runId, Folder);
    }

    private RunSummary Summarize(string runId, ICollection<string> running)
    {
        try
        {
            return RunSummaries.From(Load(runId), running.Contains(runId));
        }
        catch (PassthruException e)
        {
            var state = e.ErrorId == JournalErrors.Corrupt.Id ? RunState.Corrupt
                : e.ErrorId == JournalErrors.Unsupported.Id ? RunState.Unsupported
                : RunState.Unreadable;
            return new() { RunId = runId, State = state, JournalFile = PathOf(runId), Problem = e };
        }
    }
}
