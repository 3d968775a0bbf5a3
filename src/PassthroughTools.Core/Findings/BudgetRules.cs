using PassthroughTools.Logs;
using PassthroughTools.Text;
using PassthroughTools.Vectors;
using PassthroughTools.Vmx;

namespace PassthroughTools.Findings;

/// <summary>What to keep in mind when reading the budget.</summary>
internal static class BudgetRules
{
    public static IEnumerable<FindingDraft> LogStartsAfterBoot(FindingContext context)
    {
        if (context.Host.LogEvents is not { } events || events.Any(entry => entry.Kind == LogEventKind.HostBoot)) yield break;
        var first = events.Count > 0 ? events[0] : null;
        yield return new FindingDraft(
            FindingSeverity.Information, Provenance.Measured,
            "The logs do not go back to the host's boot: what was allocated before their first line is not in the ledger, so the host's own use may be larger than it shows.",
            "Add the older vmkernel logs (vmkernel.0.gz and so on), back to the line of the boot.")
        {
            Evidence = [first is null ? new SourceReference("vmkernel.log", null, "no event at all") : new SourceReference(first.File ?? "vmkernel.log", first.Line, first.Text)],
        };
    }

    public static IEnumerable<FindingDraft> WithinMaximaYetExceeded(FindingContext context)
    {
        if (context.Budget.Verdict != BudgetVerdict.Exceeds) yield break;
        var maxima = ConfigMaximumChecker.Check(context.Host).Where(row => row.IsWithin is not null && row.Count > 0).ToList();
        if (maxima.Count == 0 || !maxima.TrueForAll(row => row.IsWithin == true)) yield break;
        var pools = context.Budget.Pools.Where(pool => pool.Verdict == BudgetVerdict.Exceeds).ToList();
        yield return new FindingDraft(
            FindingSeverity.Warning, pools.Max(pool => pool.Provenance),
            $"The host is within the published maxima, and its interrupts do not suffice all the same: {string.Join("; ", pools.Select(pool => $"{BudgetReasons.Name(pool.Pool)}: {pool.Arithmetic}"))}. The maxima count devices, not what their drivers ask for.",
            "Go by Test-HostVectorBudget; New-PassthruRemediationPlan proposes what to change.")
        {
            Evidence =
            [
                .. maxima.GroupBy(row => (row.Item, row.Maximum, row.Source)).Select(group => new SourceReference(
                    group.Key.Source ?? "published maxima", null, $"{group.Key.Item}: {group.Max(row => row.Count)} of {group.Key.Maximum}")),
                .. FindingContext.References([.. context.Budget.Exhaustions]),
            ],
        };
    }

    public static IEnumerable<FindingDraft> VirtualFunctionsCounted(FindingContext context)
    {
        var rows = context.Budget.Devices.Where(row => row is { Kind: PassthruSlotKind.SriovVf, IsCounted: true }).ToList();
        if (rows.Count == 0) yield break;
        var known = rows.FindAll(row => row.Demand is not null);
        yield return new FindingDraft(
            FindingSeverity.Information, known.Count == rows.Count ? rows.Min(row => row.Provenance) : Provenance.Unknown,
            $"{Wording.Count(rows.Count, "SR-IOV virtual function")} in use, taking vectors as passthrough devices do: {known.Sum(row => row.Demand)}"
            + (known.Count < rows.Count ? $" or more, since what {rows.Count - known.Count} of them ask for is not known." : "."),
            "Count them when devices are added. VMware plans with 3 vectors for a function of an Intel adapter and 2 for one of an Emulex adapter.")
        {
            VM = rows.Select(row => row.VM).Distinct().Count() == 1 ? rows[0].VM : null,
            Slot = rows.Count == 1 ? rows[0].Slot : null,
            Device = rows.Count == 1 ? rows[0].Address : null,
            Evidence = [.. context.Slots.Where(pair => pair.Slot.Kind == PassthruSlotKind.SriovVf).Take(8).Select(pair => context.KeyReference(pair.VM, pair.Slot, pair.Slot.Keys.ContainsKey("pfId") ? "pfId" : "present"))],
        };
    }
}
