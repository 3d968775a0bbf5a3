using System.Globalization;
using PassthroughTools.Evidence;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Text;

namespace PassthroughTools.Vectors;

/// <summary>Says in words why a budget came out as it did.</summary>
internal static class BudgetReasons
{
    private const int MostDevices = 8;

    /// <summary>The sum of a pool in words.</summary>
    /// <param name="row">Pool.</param>
    /// <param name="counted">Devices that count.</param>
    /// <param name="hasGlobalPool">True where INTx and MSI have a pool of their own.</param>
    public static string Arithmetic(HostVectorPool row, List<VectorDemand> counted, bool hasGlobalPool)
    {
        var uses = counted.ConvertAll(device => PoolUse.Of(row.Pool, device.PhysicalMode, device.Demand, hasGlobalPool));
        var demand = uses.Count == 0 ? Number(row.Demand) : uses.Contains(null) ? Number(row.DemandFigure.Minimum) + "+?" : "(" + BudgetCalculator.Summary(uses.Select(use => use!.Value)) + ")";
        return Number(row.Capacity) + " - " + Number(row.HostUse) + " - " + demand + " = " + Number(row.Headroom);
    }

    /// <summary>The reasons, most important first.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="pools">Pools.</param>
    /// <param name="devices">Devices.</param>
    /// <param name="history">What the log tells.</param>
    public static IReadOnlyList<string> Write(HostEvidence host, IReadOnlyList<HostVectorPool> pools, IReadOnlyList<VectorDemand> devices, LogHistory history)
    {
        var reasons = new List<string>();
        foreach (var disagreement in host.Disagreements.Take(MostDevices)) reasons.Add(disagreement.ToString());
        if (host.Disagreements.Count > MostDevices) reasons.Add(Invariant($"… and {host.Disagreements.Count - MostDevices} more disagreements of the sources."));
        if (host.Version is null)
            reasons.Add("The ESXi version is not known, and which pools a host has depends on it. Give host.json or esxcli-system-version-get.txt.");
        foreach (var pool in pools.OrderByDescending(pool => pool.Verdict == BudgetVerdict.Exceeds).ThenBy(pool => pool.Verdict)) reasons.Add(OfPool(pool, history, devices));
        foreach (var episode in history.Episodes.Take(MostDevices)) reasons.Add(OfEpisode(episode, devices, history));
        if (history.Episodes.Count > MostDevices)
            reasons.Add(Invariant($"… and {history.Episodes.Count - MostDevices} more times; see Get-PassthruLogEvent."));
        var refusals = BudgetCalculator.RefusalsOfNoPool(host, history).ToList();
        if (refusals.Count > 0 && pools.Any(pool => pool.Verdict == BudgetVerdict.Unknown))
            reasons.Add(Invariant($"{Wording.Count(refusals.Count, "refusal")} in the log whose pool is not known ({Place(refusals[0])}): as long as one stands there, no pool is found to fit. {refusals[0].Meaning}"));
        var perhaps = BudgetCalculator.PerhapsInUse(host, devices, history).ToList();
        if (perhaps.Count > 0 && pools.Any(pool => pool.Verdict == BudgetVerdict.Unknown))
        {
            var names = string.Join(", ", perhaps.Take(MostDevices).Select(BudgetCalculator.Name)) + (perhaps.Count > MostDevices ? ", …" : "");
            reasons.Add(Invariant($"Set aside, and used by no VM of the evidence: {names}. As the log does not go back to the boot, a VM that the evidence lacks may use them, so no pool is found to fit. ")
                + "Evidence over SSH (Get-PassthruEvidence -HostName, or -Ssh) has the host's own list of VMs and settles it.");
        }
        reasons.AddRange(Remedies(host, pools, devices));
        var capped = devices.Count(device => device.IsCounted && device.Demand < device.Requested && device.RequestedFigure.Provenance == Provenance.Measured);
        if (capped > 0)
            reasons.Add(Invariant($"{Wording.Count(capped, "device")}: what the guest's registry allows is counted, which is less than the log shows. It takes effect with the next start of the VM; check the log then."));
        reasons.AddRange(LookAlikes(host));
        var poweredOff = devices.Count(device => !device.IsCounted && device.VM is not null);
        if (poweredOff > 0) reasons.Add(Invariant($"Not counted: {Wording.Count(poweredOff, "device")} of VMs that are off (-IncludePoweredOff counts them too)."));
        var assumedOn = devices.Where(device => device.IsCounted && device.VM is not null && device.PowerState == VMPowerState.Unknown).Select(device => device.VM).Distinct().ToList();
        if (assumedOn.Count > 0) reasons.Add("Power state not known, counted as on: " + string.Join(", ", assumedOn) + ".");
        if (host.Missing.Count > 0) reasons.Add(OfMissing(host.Missing));
        return reasons;
    }

    /// <summary>Which VMs are thought of as started, and what stands against it.</summary>
    /// <param name="placement">Placement; null for none.</param>
    public static IEnumerable<string> OfPlacement(HostPlacement? placement)
    {
        if (placement is null) yield break;
        if (placement.Started.Count > 0)
        {
            var known = placement.Devices.Where(device => device.Demand is not null).Select(device => device.Demand!.Value).ToList();
            var vectors = known.Count == 0 ? "vectors unknown" : BudgetCalculator.Summary(known) + (known.Count == placement.Devices.Count ? " vectors" : " vectors and more that are unknown");
            yield return Invariant($"Thought of as started here: {string.Join(", ", placement.Started)} ({Wording.Count(placement.Devices.Count, "device")}, {vectors}).");
        }

        if (placement.AlreadyOn.Count > 0) yield return "On here already, counted once: " + string.Join(", ", placement.AlreadyOn) + ".";
        foreach (var problem in placement.Problems) yield return problem.Reason;
    }

    private static string OfPool(HostVectorPool pool, LogHistory history, IReadOnlyList<VectorDemand> devices)
    {
        var name = Name(pool.Pool);
        switch (pool.Verdict)
        {
            case BudgetVerdict.Exceeds:
                if (IsOpen(pool))
                    return Invariant($"{name}: {pool.Arithmetic} is an estimate, and the log proves that it does not fit: a request that was refused still stands. {string.Join(" ", Open(pool))}");
                var taken = pool.DemandFigure.Minimum + (pool.HostUseFigure.Minimum ?? 0) - pool.CapacityFigure.Maximum;
                return Invariant($"{name}: {pool.Arithmetic}. {taken} too few. Demand: {pool.DemandFigure.Explanation} Capacity: {pool.CapacityFigure.Explanation} Host: {pool.HostUseFigure.Explanation}");
            case BudgetVerdict.Fits or BudgetVerdict.Tight:
                var least = pool.CapacityFigure.Minimum - pool.HostUseFigure.Maximum - pool.DemandFigure.Maximum;
                return Invariant($"{name}: {pool.Arithmetic}. Left: {least} at the least, {pool.RequestedHeadroom} asked for. Host: {pool.HostUseFigure.Explanation}");
            default:
                if (BudgetCalculator.IsContradicted(pool, history))
                    return Invariant($"{name}: the figures say that it fits ({pool.Arithmetic}), and the log says that the pool ran dry. Something takes vectors that the evidence does not show, or one CPU's share ran out before the whole did.");
                if (!IsOpen(pool) && BudgetCalculator.IsServed(pool, history, devices))
                    return Invariant($"{name}: the figures say that it does not fit ({pool.Arithmetic}), and the log since the boot shows each request and no refusal. {pool.CapacityFigure.Explanation}");
                return name + ": can't be decided. " + string.Join(" ", Open(pool));
        }
    }

    /// <summary>True where the figures alone prove nothing.</summary>
    private static bool IsOpen(HostVectorPool pool) =>
        (pool.DemandFigure.Minimum ?? 0) + (pool.HostUseFigure.Minimum ?? 0) <= (pool.CapacityFigure.Maximum ?? int.MaxValue);

    private static IEnumerable<string> Open(HostVectorPool pool)
    {
        foreach (var (words, figure) in new[] { ("Capacity", pool.CapacityFigure), ("Host", pool.HostUseFigure), ("Demand", pool.DemandFigure) })
        {
            var range = (figure.Minimum, figure.Maximum) switch
            {
                ({ } low, { } high) when low == high => Number(low),
                ({ } low, { } high) => Invariant($"{low} to {high}"),
                ({ } low, null) => Invariant($"{low} or more"),
                (null, { } high) => Invariant($"up to {high}"),
                _ => "unknown",
            };
            yield return Invariant($"{words}: {range} ({figure.Explanation})");
        }
    }

    private static string OfEpisode(ExhaustionEpisode episode, IReadOnlyList<VectorDemand> devices, LogHistory history)
    {
        var row = devices.FirstOrDefault(device => device.Address is not null && device.Address == episode.Device);
        var who = episode.Device is null ? "A device that the lines do not name"
            : episode.Device + (row?.VM is { } vm ? Invariant($" ({vm}, pciPassthru{row.Slot})") : "");
        var wanted = episode.Device is { } device && history.Requests.TryGetValue(device, out var request) ? request.Vectors : null;
        var what = episode.IsCookies ? "was refused an interrupt cookie" : "was refused its vectors";
        if (episode.Granted is { } granted) what = wanted is { } all ? Invariant($"got {granted} of {Wording.Count(all, "vector")} before the pool ran dry") : Invariant($"got {Wording.Count(granted, "vector")} before the pool ran dry");
        else if (wanted is { } asked) what += Invariant($" ({asked} asked for)");
        var when = episode.First.Time is { } time ? time.UtcDateTime.ToString(" 'at' yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "";
        return Invariant($"{who} {what}{when} ({Place(episode.First)}).");
    }

    private static IEnumerable<string> Remedies(HostEvidence host, IReadOnlyList<HostVectorPool> pools, IReadOnlyList<VectorDemand> devices)
    {
        var isShort = pools.Any(pool => pool.Verdict == BudgetVerdict.Exceeds);
        var ineffective = devices.Count(device => device.MsiEnabled == false && device.PhysicalMode is InterruptMode.Msi or InterruptMode.MsiX);
        if (ineffective > 0)
            yield return Invariant($"pciPassthruN.msiEnabled = \"FALSE\" is set for {Wording.Count(ineffective, "device")} and changes nothing by itself: it moves the physical mode to the IOAPIC only where the guest's driver uses line-based interrupts (INTx), and these drivers use MSI or MSI-X.");
        if (isShort && devices.Any(device => device.VirtualMode is InterruptMode.Msi or InterruptMode.MsiX))
            yield return "MSI and MSI-X are edge-triggered: two devices can't share a vector. Take fewer per device in the guest (MessageNumberLimit, or MSISupported = 0), or pass fewer devices through.";
        if (pools.FirstOrDefault(pool => pool.Pool == InterruptPool.InterruptCookies && pool.Verdict == BudgetVerdict.Exceeds) is { Capacity: < 4096 } cookies)
            yield return Invariant($"maxIntrCookies is {cookies.Capacity} and can be raised to 4096 (KB 312151): esxcli system settings kernel set -s maxIntrCookies -v 4096, then reboot the host.");
        if (pools.FirstOrDefault(pool => pool.Pool == InterruptPool.GlobalVectors && pool.Verdict == BudgetVerdict.Exceeds) is not null)
            yield return "intrFirstMsixVector can be raised to 0x80 or 0x90 (KB 313395), which takes as many vectors from each CPU's MSI-X range; ESXi 8.0 U1 and later do not need it.";
        foreach (var pending in (host.KernelSettings ?? []).Where(setting => setting is { RebootPending: true, Name: "maxIntrCookies" or "intrFirstMsixVector" }))
            yield return Invariant($"{pending.Name} is configured as {pending.Configured}, and the running host has {pending.Runtime}: it takes effect with the next reboot.");
    }

    private static IEnumerable<string> LookAlikes(HostEvidence host)
    {
        var entries = (host.LogEvents ?? []).Concat((host.VMs ?? []).SelectMany(vm => vm.LogEvents ?? []));
        foreach (var group in entries
            .Where(entry => entry.Kind is LogEventKind.InvalidVector or LogEventKind.ZeroVectorMsiX or LogEventKind.MmioLimitExceeded or LogEventKind.IommuFault)
            .GroupBy(entry => entry.Kind))
        {
            yield return OfLookAlike(group.Key, group.Count(), group.First());
        }
    }

    /// <summary>Says of lines that look like exhaustion that they are none.</summary>
    /// <param name="kind">Kind of the lines.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="first">The first of them.</param>
    internal static string OfLookAlike(LogEventKind kind, int count, PassthruLogEvent first) =>
        Invariant($"{kind}, {Wording.Count(count, "line")}. {first.Meaning} ({Place(first)})");

    /// <summary>Names files that the evidence does not have.</summary>
    /// <param name="files">Names.</param>
    internal static string OfMissing(IReadOnlyList<string> files) => "Not in the evidence: " + string.Join(", ", files) + ".";

    internal static string Name(InterruptPool pool) => pool switch
    {
        InterruptPool.HostVectors => "Interrupt vectors of the host",
        InterruptPool.MsixVectors => "MSI-X vectors (per CPU)",
        InterruptPool.GlobalVectors => "Global vectors (INTx and MSI)",
        _ => "Interrupt cookies (maxIntrCookies)",
    };

    private static string Place(PassthruLogEvent entry) => Invariant($"{entry.File ?? "log"}:{entry.Line}");

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
