using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Text;

namespace PassthroughTools.Vectors;

/// <summary>
/// What the host itself takes from a pool. In this order: the ledger of allocations in the log; the index at which a request failed; the most
/// that devices are known to have held at once without a failure; the vendor's planning reserve; unknown.
/// </summary>
internal sealed class HostUseCalculator
{
    private const int Reserve = 1024;
    private const int ReserveCapacity = 4096;
    private const int Reserve5 = 128;

    private readonly HostEvidence _host;
    private readonly LogHistory _history;
    private readonly HostVectorLedger _ledger;
    private readonly IReadOnlyList<VectorDemand> _devices;

    public HostUseCalculator(HostEvidence host, LogHistory history, HostVectorLedger ledger, IReadOnlyList<VectorDemand> devices)
    {
        _host = host;
        _history = history;
        _ledger = ledger;
        _devices = devices;
    }

    /// <summary>The host's own use of a pool.</summary>
    /// <param name="pool">Pool.</param>
    /// <param name="capacity">The pool's capacity; given back as it may be relied on beside that use.</param>
    public Figure Compute(InterruptPool pool, ref Figure capacity)
    {
        if (pool != InterruptPool.HostVectors && FromLedger(pool) is { } ledger) return ledger;
        if ((FromFailure(pool, capacity) ?? FromSuccess(pool, capacity)) is not { } rest)
            return FromReserve(pool, capacity) ?? Figure.Unknown("The log shows no allocations of the host's own drivers, and no figure of the vendor applies.");

        // Such a use is what the devices left of the capacity that is assumed: what they may have together is the same, were the capacity less.
        if (capacity is { Minimum: null, Value: { } assumed })
            capacity = capacity with { Minimum = assumed, Explanation = capacity.Explanation + " What is left for passthrough follows from the log and does not depend on it." };
        return rest;
    }

    private Figure? FromLedger(InterruptPool pool)
    {
        if (_ledger.Entries.Count == 0) return null;
        int Msi(bool most) => most ? _ledger.HeldAtMost(InterruptMode.Msi) : _ledger.Held(InterruptMode.Msi);
        int MsiX(bool most) => most ? _ledger.HeldAtMost(InterruptMode.MsiX) : _ledger.Held(InterruptMode.MsiX);
        var isGlobalSure = CapacityCalculator.IsGlobalPoolSure(_host);
        int Sum(bool most) => pool switch
        {
            InterruptPool.MsixVectors => MsiX(most) + (isGlobalSure ? 0 : Msi(most)),
            InterruptPool.GlobalVectors => Msi(most) + (LineBased ?? 0),
            _ => MsiX(most) + Msi(most) + (LineBased ?? 0),
        };

        var needsLines = pool is InterruptPool.GlobalVectors or InterruptPool.InterruptCookies;
        int value = Sum(false), most = Sum(true);
        var least = _host.IsLogCutOff ? 0 : pool == InterruptPool.MsixVectors && CapacityCalculator.HasGlobalPool(_host) ? MsiX(false) : value;
        var uncounted = Uncounted();
        int? maximum = _ledger.IsComplete && uncounted.Count == 0 && !(needsLines && LineBased is null) ? most
            : pool == InterruptPool.MsixVectors ? Math.Max(most, Reserve) : null;
        var words = FormattableString.Invariant($"{Wording.Count(_ledger.DeviceCount, "host device")} {(_ledger.DeviceCount == 1 ? "holds" : "hold")} {value} by the allocations in the log");
        if (needsLines) words += LineBased is { } lines ? FormattableString.Invariant($", {lines} of them line-based") : "; line-based interrupts are not known";
        words += _ledger.IsComplete ? "." : "; the log does not tell of all drivers from the boot until now, so there may be more.";
        if (uncounted.Count > 0) words += FormattableString.Invariant($" It has no line of {Wording.Count(uncounted.Count, "device")} that a driver of the host has, such as {uncounted[0].Address} ({uncounted[0].ModuleName}).");
        if (most > value) words += FormattableString.Invariant($" Grants that were repeated without a release would make it {most} at the most.");
        var last = _ledger.Entries[_ledger.Entries.Count - 1];
        return new Figure
        {
            Value = value,
            Minimum = least,
            Maximum = maximum,
            Provenance = Provenance.Inferred,
            Explanation = words,
            Evidence = [new SourceReference(last.File ?? "log", last.Line, FormattableString.Invariant($"last of {_ledger.Entries.Count} ledger entries"))],
        };
    }

    /// <summary>
    /// Devices that a driver of the host has, that no line-based vector is listed for and that the log has no allocation of: what they take is not in the
    /// ledger.
    /// </summary>
    private List<EsxcliPciDevice> Uncounted()
    {
        var counted = new HashSet<PciAddress>(_ledger.Entries.Select(entry => entry.Device));
        return [.. (_host.PciDevices ?? []).Where(device => device is { CurrentOwner: PciOwner.VMkernel, ModuleName: { Length: > 0 } module, InterruptVector: null or 0 }
            && !string.Equals(module, "None", StringComparison.OrdinalIgnoreCase) && !counted.Contains(device.Address))];
    }

    /// <summary>Distinct line-based vectors of the host's own devices; null without a device list that tells them, as the vSphere API's does not.</summary>
    private int? LineBased => _host.PciDevices?.Any(device => device.InterruptVector is not null) != true ? null : _host.PciDevices
        .Where(device => device.CurrentOwner != PciOwner.VMPassthru && device.InterruptVector is > 0)
        .Select(device => device.InterruptVector)
        .Distinct()
        .Count();

    /// <summary>
    /// A pool that ran dry was full: what the passthrough devices held then, and what the refused one had got, is not the host's.
    /// </summary>
    private Figure? FromFailure(InterruptPool pool, Figure capacity)
    {
        // A per-CPU range that is full says nothing of the other CPUs', so only the host-wide pools can be told this way.
        if (capacity.Value is not { } total || pool is not (InterruptPool.HostVectors or InterruptPool.InterruptCookies)) return null;
        var isCookies = pool == InterruptPool.InterruptCookies;
        var episode = _history.Episodes.FirstOrDefault(each => each.IsCookies == isCookies && each.Device is not null && (isCookies || each.Granted is not null));
        if (episode is null) return null;
        var granted = episode.Granted ?? 0;
        var own = total - episode.HeldVectors - granted;
        if (own < 0) return null;

        // A device that was on already, and whose request is not in the log, would have held some of these: then less is the host's.
        var unseen = _devices.Where(device => device.IsCounted && (device.Address is not { } address || !_history.Requests.ContainsKey(address))).ToList();
        var uncertain = unseen.Sum(device => device.RequestedFigure.Maximum ?? own);

        // So would one that asked for its vectors again later, where the log does not go back to the boot. That bounds the figure, and is no better estimate.
        var earlier = episode.CoversBoot ? 0 : _devices.Where(device => device.Address is { } address && address != episode.Device
            && _history.Requests.ContainsKey(address) && !episode.Held.Any(line => line.Device == address)).Sum(device => device.RequestedFigure.Maximum ?? own);
        if (episode.Granted is null) uncertain += (_history.Requests.TryGetValue(episode.Device!.Value, out var request) ? request.Vectors - 1 : null) ?? own;

        // A VM that is off now may have been off already when the pool ran dry, and so may one that was started since: then what its devices had asked
        // for was the host's.
        var doubtful = episode.Held.Where(line => !IsOn(line.Device) || _history.Requests[line.Device!.Value] != line).Sum(line => line.Vectors ?? 0);
        var isSure = uncertain == 0 && doubtful == 0;
        var sum = FormattableString.Invariant($"{total} - {episode.HeldVectors} held by {episode.Held.Count} passthrough devices - {granted} that {episode.Device} had got when the pool ran dry = {own}");
        return new Figure
        {
            Value = isSure ? own : null,
            Minimum = Math.Max(0, own - uncertain - earlier),
            Maximum = own + doubtful,
            Provenance = isSure ? Provenance.Inferred : Provenance.Unknown,
            Explanation = isSure ? "At the moment of the failure: " + sum + "."
                : doubtful > 0 ? FormattableString.Invariant($"{Math.Max(0, own - uncertain)} to {own + doubtful} ({sum}); some of those devices belong to VMs that are off now or were started since, and may have been off then.")
                : FormattableString.Invariant($"At the most {own} ({sum}); the log does not tell how much {unseen.Count} other passthrough devices and the refused one held."),
            Evidence = [.. episode.Held.Concat(episode.Lines).Select(DemandCalculator.ReferenceTo)],
        };
    }

    /// <summary>What devices held at once without a failure was not the host's: the rest is the most that it can have taken.</summary>
    private Figure? FromSuccess(InterruptPool pool, Figure capacity)
    {
        if (pool != InterruptPool.HostVectors || capacity.Value is not { } total || _history.Episodes.Count > 0 || _history.Held.Count == 0) return null;

        // Only what is on now is known to be held at once; a VM that is off gave its vectors back, and no line says so.
        var lines = _history.Held.Values.Where(line => IsOn(line.Device)).OrderBy(line => line.Line).ToList();
        var held = lines.Sum(Holds);
        var most = total - held;
        if (most is < 0 or > Reserve5) return null;
        return new Figure
        {
            Value = most,
            Minimum = 0,
            Maximum = most,
            Provenance = Provenance.Inferred,
            Explanation = FormattableString.Invariant($"At the most {total} - {held} = {most}: {Wording.Count(lines.Count, "passthrough device")} asked for {Wording.Count(held, "vector")} and the log shows no refusal."),
            Evidence = [.. lines.Select(DemandCalculator.ReferenceTo)],
        };
    }

    /// <summary>What a device is known to hold still: no more than its guest takes by now, since a guest that takes less has been started again.</summary>
    private int Holds(PassthruLogEvent line) =>
        Math.Min(line.Vectors ?? 0, _devices.Where(device => device.Address is not null && device.Address == line.Device).Min(device => device.DemandFigure.Minimum) ?? 0);

    /// <summary>True for a device of a VM that is on, as far as the evidence tells.</summary>
    private bool IsOn(PciAddress? address) =>
        _devices.Any(device => device.Address is not null && device.Address == address && device.PowerState is (VMPowerState.PoweredOn or VMPowerState.Unknown));

    private Figure? FromReserve(InterruptPool pool, Figure capacity)
    {
        if (pool == InterruptPool.HostVectors)
        {
            var isDocumented = _host.Version!.IsAtLeast(5, 5);
            return Figure.Of(Reserve5, isDocumented ? Provenance.Documented : Provenance.Inferred,
                isDocumented ? "The vendor's planning figure: up to 128 of 256 for the host's own devices." : "The vendor's planning figure for 5.5: up to 128 of 256 for the host's own devices.",
                new SourceReference("vSphere 5.5 troubleshooting: virtual functions and interrupt vectors"));
        }

        if (pool != InterruptPool.MsixVectors || capacity.Minimum is not { } relied) return null;
        var source = new SourceReference("vSphere Networking: SR-IOV and the number of interrupt vectors");
        if (relied >= ReserveCapacity || (CapacityCalculator.IsFirstMsixVectorOpen(_host) && capacity.Value >= ReserveCapacity))
        {
            // The reserve stands in the documents of 6.0 to 7.0 only.
            return _host.Version!.IsAtLeast(8, 0)
                ? Figure.Of(Reserve, Provenance.Assumed, "The vendor's planning reserve in the documents of 6.0 to 7.0: up to 1024 of 4096 for the host's own devices.", source)
                : Figure.Of(Reserve, Provenance.Documented, "The vendor's planning reserve: up to 1024 of 4096 for the host's own devices.", source);
        }

        // The documents give the reserve for 32 CPUs only. A share of it is the estimate, the whole of it what is relied on.
        var share = relied / (ReserveCapacity / Reserve);
        return new Figure
        {
            Value = share,
            Minimum = 0,
            Maximum = Reserve,
            Provenance = Provenance.Inferred,
            Explanation = FormattableString.Invariant($"A quarter of the pool, as the vendor's planning reserve is 1024 of 4096; up to {Reserve} can't be ruled out on a host of this size without the log of a boot."),
            Evidence = [source],
        };
    }
}
