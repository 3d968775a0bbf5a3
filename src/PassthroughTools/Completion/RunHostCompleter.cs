using System.Collections;

namespace PassthroughTools.Completion;

/// <summary>Offers the hosts that the journal has runs of.</summary>
public sealed class RunHostCompleter : EvidenceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Remark)> Names(IDictionary bound, CancellationToken cancellation) =>
        RunIdCompleter.Runs(bound).Select(run => (run.HostName ?? "", ""));
}
