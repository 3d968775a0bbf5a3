using PassthroughTools.Evidence;
using PassthroughTools.Logs;

namespace PassthroughTools.Reports;

/// <summary>Chooses the log lines that tell a host's story.</summary>
internal static class ReportTimeline
{
    /// <summary>The latest failures, then, as far as there is room, the latest requests and boots; oldest first.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="most">Lines to keep.</param>
    /// <param name="omitted">Lines of these kinds that were left out.</param>
    public static IReadOnlyList<PassthruLogEvent> Select(HostEvidence host, int most, out int omitted)
    {
        var found = new List<(DateTimeOffset Time, int Order, PassthruLogEvent Entry)>();
        Add(found, host.LogEvents);
        foreach (var vm in host.VMs ?? []) Add(found, vm.LogEvents);
        var sorted = found.OrderBy(each => each.Time).ThenBy(each => each.Order).Select(each => each.Entry).ToList();

        var kept = new HashSet<int>();
        foreach (var isFailure in new[] { true, false })
        {
            for (var i = sorted.Count - 1; i >= 0 && kept.Count < most; i--)
            {
                if (IsFailure(sorted[i]) == isFailure) kept.Add(i);
            }
        }

        omitted = sorted.Count - kept.Count;
        return [.. sorted.Where((_, i) => kept.Contains(i))];
    }

    /// <summary>True for lines that say that something was refused.</summary>
    /// <param name="entry">Line.</param>
    public static bool IsFailure(PassthruLogEvent entry) => entry.IsExhaustion || entry.Kind is
        LogEventKind.OutOfVectors or LogEventKind.CookiesExhausted or LogEventKind.VectorAllocationFailed or LogEventKind.PassthruAllocationFailed
        or LogEventKind.DriverAllocationFailed or LogEventKind.LinuxDriverAllocationFailed or LogEventKind.InterruptRegistrationFailed;

    /// <summary>A line without a time stands where the log has it: at the time of the line before.</summary>
    private static void Add(List<(DateTimeOffset Time, int Order, PassthruLogEvent Entry)> found, IReadOnlyList<PassthruLogEvent>? events)
    {
        var time = DateTimeOffset.MinValue;
        foreach (var entry in events ?? [])
        {
            time = entry.Time ?? time;
            if (IsFailure(entry) || entry.Kind is LogEventKind.PassthruRequest or LogEventKind.HostBoot) found.Add((time, found.Count, entry));
        }
    }
}
