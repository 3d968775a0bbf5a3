using PassthroughTools.Evidence;
using PassthroughTools.Logs;
using PassthroughTools.Pci;

namespace PassthroughTools.Vectors;

/// <summary>
/// What the log tells of passthrough devices since the last boot: what each asked for last, what each held when a pool ran dry.
/// </summary>
public sealed class LogHistory
{
    /// <summary>Lines of one allocation follow each other at once; a larger gap means that they have nothing to do with each other.</summary>
    private static readonly TimeSpan SameRequest = TimeSpan.FromSeconds(5);

    /// <summary>More than any device has: the number of a damaged line counts as this, so that no sum goes round.</summary>
    internal const int MostVectors = 100_000;

    private readonly Dictionary<PciAddress, PassthruLogEvent> _requests = [];
    private readonly Dictionary<PciAddress, PassthruLogEvent> _failures = [];
    private readonly Dictionary<PciAddress, PassthruLogEvent> _held = [];
    private readonly Dictionary<long, PassthruLogEvent> _lastByWorld = [];
    private readonly List<ExhaustionEpisode> _episodes = [];
    private readonly HashSet<PciAddress> _beforeGap = [];
    private readonly HashSet<PciAddress> _beforeBoot = [];
    private readonly Dictionary<string, PassthruLogEvent> _unnamed = new(StringComparer.Ordinal);
    private readonly List<PassthruLogEvent> _driverRefusals = [];

    private LogHistory()
    {
    }

    /// <summary>True when the log shows the boot itself, so that nothing allocated since is missing.</summary>
    public bool CoversBoot { get; private set; }

    /// <summary>The latest request of each device. Its vectors are what the driver asked for.</summary>
    public IReadOnlyDictionary<PciAddress, PassthruLogEvent> Requests => _requests;

    /// <summary>The latest refusal of each device that was not followed by a later successful request.</summary>
    public IReadOnlyDictionary<PciAddress, PassthruLogEvent> Failures => _failures;

    /// <summary>Requests that no failure followed: what the devices hold, as far as the log tells.</summary>
    public IReadOnlyDictionary<PciAddress, PassthruLogEvent> Held => _held;

    /// <summary>Each time a pool ran dry, oldest first.</summary>
    public IReadOnlyList<ExhaustionEpisode> Episodes => _episodes;

    /// <summary>Devices whose latest request stands before a gap in the log: they may have asked for another number since.</summary>
    internal IReadOnlyCollection<PciAddress> BeforeGap => _beforeGap;

    /// <summary>Devices that asked for nothing since the last boot: they may take less by now.</summary>
    internal IReadOnlyCollection<PciAddress> BeforeBoot => _beforeBoot;

    /// <summary>Requests of devices that the lines give no address, such as virtual functions: the latest of each name.</summary>
    internal IReadOnlyCollection<PassthruLogEvent> Unnamed => _unnamed.Values;

    /// <summary>Refusals of the host's own drivers since the boot. Their lines don't say why, so that they prove no more than a doubt.</summary>
    internal IReadOnlyList<PassthruLogEvent> DriverRefusals => _driverRefusals;

    /// <summary>Walks the events of a host's logs, and takes the gaps in them for what they are.</summary>
    /// <param name="host">Evidence.</param>
    internal static LogHistory Of(HostEvidence host)
    {
        var history = Read(host.LogEvents ?? []);
        if (host.IsLogCutOff) history.Forget();
        return history;
    }

    /// <summary>Walks the events in order.</summary>
    /// <param name="events">Events of the host's logs, oldest first.</param>
    public static LogHistory Read(IEnumerable<PassthruLogEvent> events)
    {
        var history = new LogHistory();
        foreach (var entry in events) history.Add(entry);
        return history;
    }

    /// <summary>
    /// Lines are missing here. What was asked for before may be another number now, what was held may have been given back, what was refused may have
    /// been served: it is as if the log began after the gap, but for the requests, which show that a device is in use.
    /// </summary>
    private void Forget()
    {
        CoversBoot = false;
        _held.Clear();
        _failures.Clear();
        _lastByWorld.Clear();
        _beforeGap.UnionWith(_requests.Keys);
    }

    private void Add(PassthruLogEvent entry)
    {
        if (entry.FollowsGap) Forget();
        if (entry.Vectors > MostVectors) entry = entry with { Vectors = MostVectors };
        switch (entry.Kind)
        {
            case LogEventKind.HostBoot:
                CoversBoot = true;
                _held.Clear();
                _failures.Clear();
                _lastByWorld.Clear();
                _episodes.Clear();
                _driverRefusals.Clear();
                _beforeBoot.UnionWith(_requests.Keys);
                break;

            case LogEventKind.PassthruRequest:
                if (entry.Device is { } device)
                {
                    _requests[device] = entry;
                    _held[device] = entry;
                    _failures.Remove(device);
                    _beforeGap.Remove(device);
                    _beforeBoot.Remove(device);
                }
                else if (entry.DeviceText is { } name)
                {
                    _unnamed[name] = entry;
                }

                Remember(entry);
                break;

            case LogEventKind.PassthruDeviceDestroyed when entry.Device is { } gone:
                _held.Remove(gone);
                break;

            case LogEventKind.DriverAllocationFailed or LogEventKind.LinuxDriverAllocationFailed:
                _driverRefusals.Add(entry);
                break;

            case LogEventKind.OutOfVectors or LogEventKind.CookiesExhausted:
                Fail(entry, Preceding(entry)?.Device);
                break;

            case LogEventKind.VectorAllocationFailed:
                Fail(entry, entry.Device ?? Preceding(entry)?.Device);
                Remember(entry);
                break;

            case LogEventKind.PassthruAllocationFailed:
                AddRefusal(entry);
                break;
        }
    }

    /// <summary>"Failed to allocate N MSIX vectors" names no device: it is the one of the lines before, of the same world.</summary>
    private void AddRefusal(PassthruLogEvent entry)
    {
        var device = entry.Device ?? Preceding(entry)?.Device;
        Fail(entry, device);
        if (device is not { } refused || entry.Vectors is null) return;

        // The size of a request is known from its refusal too, where the request's own line is not in the log.
        if (_requests.TryGetValue(refused, out var request) && IsSameRequest(request, entry)) return;
        _requests[refused] = entry with { Device = refused };
        _beforeGap.Remove(refused);
        _beforeBoot.Remove(refused);
    }

    private void Fail(PassthruLogEvent entry, PciAddress? device)
    {
        var episode = _episodes.Count > 0 ? _episodes[_episodes.Count - 1] : null;
        if (episode is null || !IsSameRequest(episode.First, entry) || (device is not null && episode.Device is not null && device != episode.Device))
        {
            episode = new ExhaustionEpisode(entry, [.. _held.Where(pair => pair.Key != device).Select(pair => pair.Value)]) { CoversBoot = CoversBoot };
            _episodes.Add(episode);
        }

        episode.Add(entry, device);
        if (device is not { } failed) return;
        episode.Forget(failed);
        _held.Remove(failed);
        _failures[failed] = entry;
    }

    private void Remember(PassthruLogEvent entry) => _lastByWorld[entry.WorldId ?? 0] = entry;

    private PassthruLogEvent? Preceding(PassthruLogEvent entry) =>
        _lastByWorld.TryGetValue(entry.WorldId ?? 0, out var last) && IsSameRequest(last, entry) ? last : null;

    private static bool IsSameRequest(PassthruLogEvent earlier, PassthruLogEvent later) =>
        earlier.WorldId == later.WorldId && earlier.File == later.File
        && (earlier.Time is null || later.Time is null || later.Time - earlier.Time <= SameRequest);
}

/// <summary>One time that a pool ran dry: the lines that say so, and what the passthrough devices held at that moment.</summary>
public sealed class ExhaustionEpisode
{
    private readonly List<PassthruLogEvent> _lines = [];
    private readonly List<PassthruLogEvent> _held;

    internal ExhaustionEpisode(PassthruLogEvent first, List<PassthruLogEvent> held)
    {
        First = first;
        _held = held;
    }

    /// <summary>The first line.</summary>
    public PassthruLogEvent First { get; }

    /// <summary>True where the log shows the boot before it, so that what devices asked for by then can't be missing.</summary>
    internal bool CoversBoot { get; init; }

    /// <summary>All lines of the episode.</summary>
    public IReadOnlyList<PassthruLogEvent> Lines => _lines;

    /// <summary>The device that was refused, where the lines name it.</summary>
    public PciAddress? Device { get; private set; }

    /// <summary>Vectors that the refused device had got before the pool ran dry; null where no line tells.</summary>
    public int? Granted => _lines.FirstOrDefault(line => line.Kind == LogEventKind.VectorAllocationFailed)?.Index;

    /// <summary>True when cookies, not vectors, ran out.</summary>
    public bool IsCookies => _lines.Exists(line => line.Kind == LogEventKind.CookiesExhausted);

    /// <summary>The requests of the other passthrough devices that were granted before.</summary>
    public IReadOnlyList<PassthruLogEvent> Held => _held;

    /// <summary>Vectors that the other passthrough devices held.</summary>
    public int HeldVectors => _held.Sum(line => line.Vectors ?? 0);

    internal void Add(PassthruLogEvent line, PciAddress? device)
    {
        _lines.Add(line);
        Device ??= device;
    }

    internal void Forget(PciAddress device) => _held.RemoveAll(line => line.Device == device);
}
