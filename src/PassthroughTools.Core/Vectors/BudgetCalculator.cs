using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Text;

namespace PassthroughTools.Vectors;

/// <summary>
/// Puts capacity, the host's own use and demand together. A verdict is given only where the bounds of the figures allow it:
/// <see cref="BudgetVerdict.Fits"/> when the most that can be used fits into the least that can be there, <see cref="BudgetVerdict.Exceeds"/>
/// when the least that is used does not fit into the most that can be there, else <see cref="BudgetVerdict.Unknown"/>.
/// </summary>
public static class BudgetCalculator
{
    /// <summary>Works out a host's budget from evidence alone.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="options">What is asked; defaults when null.</param>
    public static HostVectorBudget Compute(HostEvidence host, BudgetOptions? options = null)
    {
        options ??= new BudgetOptions();
        var history = LogHistory.Of(host);
        var devices = DemandCalculator.Compute(host, history, options.IncludePoweredOff, isNow: options.Placement is not null);
        var ledger = BuildLedger(host, devices);
        var hostUse = new HostUseCalculator(host, history, ledger, devices);
        // What the host itself uses follows from what is on now; what is thought of as started comes on top.
        if (options.Placement is { Devices: { Count: > 0 } added })
            devices = [.. devices.Where(device => device.IsCounted || !added.Any(each => each.VM == device.VM && each.Slot == device.Slot && each.VM is not null)), .. added];
        var pools = CapacityCalculator.Compute(host)
            .Select(pool =>
            {
                var capacity = pool.Capacity;
                var own = hostUse.Compute(pool.Pool, ref capacity);
                return Row(host, pool.Pool, capacity, own, devices, options, history);
            })
            .ToList();
        var verdict = Overall(pools, options.Placement);
        return new HostVectorBudget
        {
            HostName = host.HostName,
            Version = host.Version,
            Verdict = verdict,
            Pools = pools,
            Devices = devices,
            Reasons = [.. BudgetReasons.OfPlacement(options.Placement), .. BudgetReasons.Write(host, pools, devices, history)],
            Exhaustions = [.. history.Episodes.SelectMany(episode => episode.Lines)],
            LookAlikes = [.. (host.LogEvents ?? []).Concat((host.VMs ?? []).SelectMany(vm => vm.LogEvents ?? [])).Where(IsLookAlike)],
            Missing = host.Missing,
            CollectedAt = host.CollectedAt,
            Evidence = host,
        };
    }

    /// <summary>The ledger of the host's own devices.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="devices">Passthrough devices, which the ledger leaves out. One that the host drives itself is none, whatever a VM that is off names.</param>
    public static HostVectorLedger BuildLedger(HostEvidence host, IReadOnlyList<VectorDemand> devices)
    {
        bool IsPassthrough(VectorDemand device) => host.FindDevice(device.Address)?.CurrentOwner switch
        {
            PciOwner.VMPassthru => true,
            PciOwner.VMkernel => false,
            _ => device.IsCounted,
        };
        var ledger = HostVectorLedger.Build(host.HostName, host.LogEvents ?? [], new HashSet<PciAddress>(devices.Where(IsPassthrough).Select(device => device.Address).OfType<PciAddress>()));
        return host.IsLogCutOff ? ledger.CutOff() : ledger;
    }

    private static bool IsLookAlike(PassthruLogEvent entry) =>
        entry.Kind is LogEventKind.InvalidVector or LogEventKind.ZeroVectorMsiX or LogEventKind.MmioLimitExceeded or LogEventKind.IommuFault;

    private static BudgetVerdict Overall(List<HostVectorPool> pools, HostPlacement? placement)
    {
        if (pools.Count == 0) return BudgetVerdict.Unknown;
        if (pools.Exists(pool => pool.Verdict == BudgetVerdict.Exceeds)) return BudgetVerdict.Exceeds;
        if (pools.Exists(pool => pool.Verdict == BudgetVerdict.Unknown)) return BudgetVerdict.Unknown;

        // That a host has the vectors for a VM which it would not start answers another question.
        if (placement?.Problems.Count > 0) return BudgetVerdict.Unknown;
        return pools.Exists(pool => pool.Verdict == BudgetVerdict.Tight) ? BudgetVerdict.Tight : BudgetVerdict.Fits;
    }

    private static HostVectorPool Row(HostEvidence host, InterruptPool pool, Figure capacity, Figure hostUse, IReadOnlyList<VectorDemand> devices, BudgetOptions options, LogHistory history)
    {
        var counted = devices.Where(device => device.IsCounted).ToList();
        var demand = DemandOf(host, pool, counted);
        var row = new HostVectorPool
        {
            HostName = host.HostName,
            Pool = pool,
            RequestedHeadroom = options.Headroom,
            CapacityFigure = capacity,
            HostUseFigure = hostUse,
            DemandFigure = demand,
        };
        return row with { Verdict = Doubt(host, row, Judge(row, history, devices, isPlaced: options.Placement?.Devices.Count > 0), devices, history), Arithmetic = BudgetReasons.Arithmetic(row, counted, CapacityCalculator.IsGlobalPoolSure(host)) };
    }

    private static Figure DemandOf(HostEvidence host, InterruptPool pool, List<VectorDemand> counted)
    {
        if (counted.Count == 0)
        {
            if (host.VMs is not null) return Figure.Of(0, Provenance.Measured, "No passthrough device is in use.");
            if (host.ConfigSpaces?.Any(config => config.Sriov is { IsEnabled: true, NumVfs: > 0 }) == true || host.PassthruDevices?.Any(device => device.VirtualFunctions > 0) == true)
                return Figure.Unknown("The host has virtual functions enabled, and the VMs that may use them were not given.");
            return host.PciDevices?.Any(device => device.CurrentOwner != PciOwner.Unknown) == true
                ? Figure.Of(0, Provenance.Measured, "The host has set no device aside for passthrough.")
                : Figure.Unknown("Neither the VMs nor a device list that names owners were given.");
        }

        var isGlobalSure = CapacityCalculator.IsGlobalPoolSure(host);
        int? Use(VectorDemand device, int? vectors) => PoolUse.Of(pool, device.PhysicalMode, vectors, isGlobalSure);
        int? Most(VectorDemand device)
        {
            if (Use(device, device.DemandFigure.Maximum) is not { } use) return null;
            if (pool == InterruptPool.GlobalVectors) use = Math.Max(use, device.MsiAtMost ?? 0);
            return device.HeldMode is { } mode ? PoolUse.Of(pool, mode, device.DemandFigure.Maximum, isGlobalSure) is { } held ? Math.Max(use, held) : null : use;
        }

        var uses = counted.ConvertAll(device => Use(device, device.Demand));
        var least = counted.Sum(device => PoolUse.Of(pool, device.PhysicalMode, device.DemandFigure.Minimum, CapacityCalculator.HasGlobalPool(host)) ?? 0);
        var unknown = counted.Where(device => Use(device, device.Demand) is null).ToList();
        if (unknown.Count > 0)
        {
            return new Figure
            {
                Minimum = least,
                Explanation = FormattableString.Invariant($"At least {least}; what {unknown.Count} of {Wording.Count(counted.Count, "device")} ask for is unknown: {string.Join(", ", unknown.Take(8).Select(Name))}."),
            };
        }

        // That a vector takes one cookie, and that an MSI-X device takes one global vector, no document says.
        var provenance = counted.Min(device => device.Provenance);
        if (pool is InterruptPool.GlobalVectors or InterruptPool.InterruptCookies && provenance > Provenance.Inferred) provenance = Provenance.Inferred;
        var most = counted.ConvertAll(Most);
        var words = new List<string> { FormattableString.Invariant($"{Wording.Count(counted.Count, "device")}: {Summary(uses.Select(use => use!.Value))}.") };
        words.AddRange(counted.Where(device => Use(device, device.DemandFigure.Minimum) != Use(device, device.DemandFigure.Maximum)).Select(device => device.DemandFigure.Explanation).Distinct().Take(3));
        return new Figure
        {
            Value = uses.Sum(),
            Minimum = least,
            Maximum = most.Contains(null) ? null : most.Sum(),
            Provenance = provenance,
            Explanation = string.Join(" ", words),
            Evidence = [.. counted.SelectMany(device => device.DemandFigure.Evidence).Distinct()],
        };
    }

    private static BudgetVerdict Judge(HostVectorPool row, LogHistory history, IReadOnlyList<VectorDemand> devices, bool isPlaced)
    {
        long? most = (long?)row.DemandFigure.Maximum + row.HostUseFigure.Maximum;
        if ((long?)row.DemandFigure.Minimum + (row.HostUseFigure.Minimum ?? 0) > row.CapacityFigure.Maximum)
            return !isPlaced && IsServed(row, history, devices) ? BudgetVerdict.Unknown : BudgetVerdict.Exceeds;
        if (most is null || row.CapacityFigure.Minimum is not { } capacity || most > capacity)
            return HasStandingRefusal(row.Pool, history, devices) ? BudgetVerdict.Exceeds : BudgetVerdict.Unknown;
        if (IsContradicted(row, history)) return BudgetVerdict.Unknown;
        return most + row.RequestedHeadroom > capacity ? BudgetVerdict.Tight : BudgetVerdict.Fits;
    }

    /// <summary>
    /// Sources that disagree on a pool's size leave no sure verdict: what is too small by the smaller number may be large enough by the other. A refusal that
    /// names no pool may be any one's, so none is sure to fit.
    /// </summary>
    private static BudgetVerdict Doubt(HostEvidence host, HostVectorPool row, BudgetVerdict verdict, IReadOnlyList<VectorDemand> devices, LogHistory history)
    {
        if (IsDisputed(host, row.Pool, isEither: true)) return BudgetVerdict.Unknown;
        if (verdict is BudgetVerdict.Fits or BudgetVerdict.Tight && (RefusalsOfNoPool(host, history).Any() || PerhapsInUse(host, devices, history).Any())) return BudgetVerdict.Unknown;
        return verdict == BudgetVerdict.Exceeds && IsDisputed(host, row.Pool, isEither: false) ? BudgetVerdict.Unknown : verdict;
    }

    /// <summary>
    /// Refusals whose lines don't tell the pool, and that no line of the host's log explains: those of the host's own drivers since the boot, and those that
    /// a VM which is on met since it was started.
    /// </summary>
    /// <param name="host">Evidence.</param>
    /// <param name="history">What the log tells.</param>
    internal static IEnumerable<PassthruLogEvent> RefusalsOfNoPool(HostEvidence host, LogHistory history) =>
        history.DriverRefusals.Concat((host.VMs ?? []).Where(vm => vm.PowerState is VMPowerState.PoweredOn or VMPowerState.Unknown)
            .SelectMany(vm => vm.LogEvents ?? [])
            .Where(entry => entry.Kind == LogEventKind.InterruptRegistrationFailed && (entry.File is null || entry.File.EndsWith("vmware.log", StringComparison.OrdinalIgnoreCase)))
            .Where(entry => entry.Device is null || !history.Episodes.Any(episode => episode.Device == entry.Device)));

    /// <summary>
    /// Devices that are set aside and that no VM of the evidence uses: a VM which it lacks may, where the host's own list of VMs was not read and the log could
    /// have begun after that one's request.
    /// </summary>
    /// <param name="host">Evidence.</param>
    /// <param name="devices">All devices.</param>
    /// <param name="history">What the log tells.</param>
    internal static IEnumerable<VectorDemand> PerhapsInUse(HostEvidence host, IReadOnlyList<VectorDemand> devices, LogHistory history) => host.HasAllVMs || history.CoversBoot ? []
        : devices.Where(device => device is { VM: null, IsCounted: false } && !devices.Any(other => other.IsCounted && other.Address == device.Address));

    /// <summary>Whether sources disagree on what decides a pool's size.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="pool">Pool.</param>
    /// <param name="isEither">True for what makes one pool larger as it makes another smaller, so that no reading is the cautious one.</param>
    internal static bool IsDisputed(HostEvidence host, InterruptPool pool, bool isEither) => host.Disagreements.Any(each => (each.Area, each.Subject, pool) switch
    {
        (DisagreementArea.KernelSetting, "intrFirstMsixVector", InterruptPool.MsixVectors or InterruptPool.GlobalVectors) => isEither,
        (DisagreementArea.KernelSetting, "maxIntrCookies", InterruptPool.InterruptCookies) => !isEither,
        (DisagreementArea.LogicalCpus, _, InterruptPool.MsixVectors) => !isEither,
        _ => false,
    });

    /// <summary>
    /// The log says that the pool ran dry, and by the figures it can't have: something takes vectors that the evidence does not show.
    /// </summary>
    internal static bool IsContradicted(HostVectorPool row, LogHistory history) =>
        history.Episodes.Any(episode => Concerns(episode, row.Pool)
            && row.HostUseFigure.Maximum + episode.HeldVectors + (WantedBy(episode, history) ?? 1) <= row.CapacityFigure.Minimum);

    /// <summary>
    /// The log goes back to the boot of a 5.x host, shows the request of each device that counts and no refusal: by the figures that can't be, so the vector
    /// list is not what it is taken for. How later releases word a refusal is not known well enough to conclude anything from its absence.
    /// </summary>
    internal static bool IsServed(HostVectorPool row, LogHistory history, IReadOnlyList<VectorDemand> devices) =>
        row.Pool == InterruptPool.HostVectors && history.CoversBoot && history.Episodes.Count == 0
        && devices.Where(device => device.IsCounted)
            .All(device => device.PowerState is VMPowerState.PoweredOn or VMPowerState.Unknown && device.Address is { } at && history.Held.ContainsKey(at));

    /// <summary>
    /// Whether a request that was refused since the boot still stands: its device counts and was not served since, no guest takes fewer vectors than it asked
    /// for then, and nothing that may have held vectors then is off now. It proves what the figures leave open.
    /// </summary>
    /// <param name="pool">Pool.</param>
    /// <param name="history">What the log tells.</param>
    /// <param name="devices">All devices, those that don't count included.</param>
    private static bool HasStandingRefusal(InterruptPool pool, LogHistory history, IReadOnlyList<VectorDemand> devices)
    {
        int? AskedThen(VectorDemand device) => device.Address is { } at && history.Requests.TryGetValue(at, out var request) ? request.Vectors : null;
        if (devices.Any(device => device.IsCounted && device.Demand < AskedThen(device))) return false;
        var off = devices.Where(device => !device.IsCounted && device.VM is not null).ToList();
        if (off.Count > 0 && !history.CoversBoot) return false;
        return history.Episodes.Any(episode => Concerns(episode, pool)
            && devices.Any(device => device.IsCounted && device.Failure is not null && device.Address == episode.Device)
            && !episode.Held.Any(line => off.Exists(device => device.Address == line.Device)));
    }

    private static bool Concerns(ExhaustionEpisode episode, InterruptPool pool) =>
        episode.IsCookies ? pool == InterruptPool.InterruptCookies : pool is InterruptPool.HostVectors or InterruptPool.MsixVectors;

    private static int? WantedBy(ExhaustionEpisode episode, LogHistory history) =>
        episode.Device is { } device && history.Requests.TryGetValue(device, out var request) ? request.Vectors : null;

    internal static string Name(VectorDemand device) =>
        device.Address?.ToString() ?? (device.Slot is null ? device.VM ?? "?" : FormattableString.Invariant($"{device.VM} pciPassthru{device.Slot}"));

    /// <summary>Writes vectors as a sum of products: 8 x 32, or 4 x 32 + 4 x 2.</summary>
    /// <param name="uses">Vectors of each device.</param>
    internal static string Summary(IEnumerable<int> uses) =>
        string.Join(" + ", uses.GroupBy(use => use).OrderByDescending(group => group.Key).Select(group => FormattableString.Invariant($"{group.Count()} x {group.Key}")));
}
