using System.Collections;
using PassthroughTools.Journal;

namespace PassthroughTools.Completion;

/// <summary>Offers the runs in the journal that the command line names, or in the usual one.</summary>
public sealed class RunIdCompleter : EvidenceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Remark)> Names(IDictionary bound, CancellationToken cancellation) =>
        Runs(bound).Select(run => (run.RunId, $"{run.HostName} {run.State}".Trim()));

    internal static IReadOnlyList<RunSummary> Runs(IDictionary bound)
    {
        var path = bound["JournalPath"] ?? bound["Journal"];
        return new JournalStore(path is null ? null : Completions.FullPath(path.ToString() ?? "")).List();
    }
}
