using PassthroughTools.Logs;
using PassthroughTools.Pci;

namespace PassthroughTools.Vectors;

/// <summary>One change of what a host device holds.</summary>
public sealed record LedgerEntry
{
    /// <summary>Host.</summary>
    public required string HostName { get; init; }

    /// <summary>When; null in early boot.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Device.</summary>
    public required PciAddress Device { get; init; }

    /// <summary>Kind of interrupt, where the line names it.</summary>
    public InterruptMode InterruptMode { get; init; }

    /// <summary>Interrupts granted (positive) or given back (negative).</summary>
    public int Change { get; init; }

    /// <summary>What the device holds afterwards.</summary>
    public int Held { get; init; }

    /// <summary>What all host devices in the ledger hold afterwards.</summary>
    public int HostTotal { get; init; }

    /// <summary>True when the device's earlier grant was replaced without a line that gave it back.</summary>
    public bool IsReplacement { get; init; }

    /// <summary>File of the log line.</summary>
    public string? File { get; init; }

    /// <summary>Line in the file.</summary>
    public long Line { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Device}: {Change:+0;-0;0}");
}

/// <summary>What the host's own devices hold over time, rebuilt from the allocations and releases in the log.</summary>
public sealed class HostVectorLedger
{
    private readonly Dictionary<PciAddress, Holding> _holdings = [];
    private readonly List<LedgerEntry> _entries = [];

    private HostVectorLedger(string hostName) => HostName = hostName;

    /// <summary>Host.</summary>
    public string HostName { get; }

    /// <summary>Every change, oldest first; those before the last boot are left out.</summary>
    public IReadOnlyList<LedgerEntry> Entries => _entries;

    /// <summary>True when the log shows the boot, so that no allocation since can be missing.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Interrupts held now, by kind. A device that was granted twice without a release counts with its latest grant.</summary>
    /// <param name="mode">Kind of interrupt.</param>
    public int Held(InterruptMode mode) => _holdings.Values.Where(holding => holding.Mode == mode).Sum(holding => holding.Vectors);

    /// <summary>The same, with every grant added that no line gave back: the most that can be held.</summary>
    /// <param name="mode">Kind of interrupt.</param>
    public int HeldAtMost(InterruptMode mode) => _holdings.Values.Sum(holding => holding.AtMost(mode));

    /// <summary>Number of devices that hold interrupts.</summary>
    public int DeviceCount => _holdings.Values.Count(holding => holding.Vectors > 0);

    /// <summary>Builds the ledger.</summary>
    /// <param name="hostName">Host.</param>
    /// <param name="events">Events of the host's logs, oldest first.</param>
    /// <param name="passthrough">Devices passed through to VMs: what those take is demand, not the host's own use.</param>
    public static HostVectorLedger Build(string hostName, IEnumerable<PassthruLogEvent> events, ISet<PciAddress> passthrough)
    {
        var ledger = new HostVectorLedger(hostName);
        foreach (var entry in events)
        {
            // After a gap it is as if the log began there.
            if (entry.Kind == LogEventKind.HostBoot || entry.FollowsGap) ledger.Reset(isBoot: entry.Kind == LogEventKind.HostBoot);
            if (entry.Device is { } device && !passthrough.Contains(device)) ledger.Add(entry, device);
            else if (entry.Device is null && entry.Kind == LogEventKind.Allocation) ledger.IsComplete = false;
        }

        return ledger;
    }

    /// <summary>Says that the newest lines of the log are missing.</summary>
    internal HostVectorLedger CutOff()
    {
        IsComplete = false;
        return this;
    }

    private void Reset(bool isBoot)
    {
        IsComplete = isBoot;
        _holdings.Clear();
        _entries.Clear();
    }

    private void Add(PassthruLogEvent entry, PciAddress device)
    {
        var before = _holdings.TryGetValue(device, out var holding) ? holding : new Holding(entry.InterruptMode, 0, 0, 0);
        var vectors = Math.Min(entry.Vectors ?? 0, LogHistory.MostVectors);
        switch (entry.Kind)
        {
            case LogEventKind.Allocation:
                _holdings[device] = before.Grant(entry.InterruptMode, vectors);
                break;

            // A release names cookies, not the kind: it is the kind that was granted.
            case LogEventKind.Release:
                _holdings[device] = before.GiveBack(vectors);
                break;

            // A driver that uses MSI-X, and the line does not say how many vectors: what the ledger adds up to is not all.
            case LogEventKind.LinuxDriverMsiXEnabled:
                IsComplete = false;
                return;

            default:
                return;
        }

        var after = _holdings[device];
        _entries.Add(new LedgerEntry
        {
            HostName = HostName,
            Time = entry.Time,
            Device = device,
            InterruptMode = after.Mode,
            Change = after.Vectors - before.Vectors,
            Held = after.Vectors,
            HostTotal = _holdings.Values.Sum(each => each.Vectors),
            IsReplacement = entry.Kind == LogEventKind.Allocation && before.Vectors > 0,
            File = entry.File,
            Line = entry.Line,
        });
    }

    /// <summary>What a device holds, and how much of each kind it can hold where grants were not given back in between.</summary>
    private sealed record Holding(InterruptMode Mode, int Vectors, int MsiAtMost, int MsiXAtMost)
    {
        public int AtMost(InterruptMode mode) => mode == InterruptMode.Msi ? MsiAtMost : mode == InterruptMode.MsiX ? MsiXAtMost : 0;

        public Holding Grant(InterruptMode mode, int vectors) => new(mode, vectors,
            Math.Min(MsiAtMost + (mode == InterruptMode.Msi ? vectors : 0), LogHistory.MostVectors), Math.Min(MsiXAtMost + (mode == InterruptMode.MsiX ? vectors : 0), LogHistory.MostVectors));

        /// <summary>Where it may hold both kinds, which of them it gave back is not known, and neither bound falls.</summary>
        public Holding GiveBack(int vectors) => this with
        {
            Vectors = Math.Max(0, Vectors - vectors),
            MsiAtMost = MsiXAtMost == 0 ? Math.Max(0, MsiAtMost - vectors) : MsiAtMost,
            MsiXAtMost = MsiAtMost == 0 ? Math.Max(0, MsiXAtMost - vectors) : MsiXAtMost,
        };
    }
}
