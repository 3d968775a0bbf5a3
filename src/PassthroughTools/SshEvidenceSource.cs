using System.Diagnostics;
using System.Management.Automation;
using System.Security;
using PassthroughTools.Evidence;
using PassthroughTools.Ssh;

namespace PassthroughTools;

/// <summary>What a cmdlet's parameters say about SSH, unresolved.</summary>
internal sealed record SshParameters
{
    public int Port { get; init; } = SshAddress.DefaultPort;

    public PSCredential? Credential { get; init; }

    public IReadOnlyList<string> KeyFiles { get; init; } = [];

    public SecureString? KeyPassphrase { get; init; }

    public string? KnownHosts { get; init; }

    public IReadOnlyList<string> HostKeyFingerprints { get; init; } = [];

    public bool AcceptNewHostKey { get; init; }

    public int ThrottleLimit { get; init; } = 32;

    public int TimeoutSec { get; init; } = 30;

    public DateTimeOffset? LogSince { get; init; }

    public long MaxLogSize { get; init; } = 512L << 20;

    public string? Destination { get; init; }

    /// <summary>Reads keys and fingerprints, which serve all hosts.</summary>
    /// <exception cref="PassthruException"><see cref="SshErrors"/>, <see cref="InputErrors"/>.</exception>
    public SshOptions ToOptions() => new()
    {
        Credential = SshCredential.Create(Credential?.UserName.TrimStart('\\') ?? "root", Credential is { Password.Length: > 0 } ? Credential.Password : null, KeyFiles, KeyPassphrase),
        Port = Port,
        KnownHosts = KnownHosts,
        HostKeyFingerprints = [.. HostKeyFingerprints.Select(SshFingerprint.Check)],
        AcceptNewHostKey = AcceptNewHostKey,
        Timeouts = SshTimeouts.Of(TimeSpan.FromSeconds(TimeoutSec)),
        LogSince = LogSince,
        MaxLogSize = MaxLogSize,
        Destination = Destination,
    };
}

/// <summary>
/// Hosts over SSH for a cmdlet: workers fill a queue, and only the pipeline's thread, which calls the members here, writes. Hosts may be added as they
/// come down the pipeline; results are written as they come.
/// </summary>
internal sealed class SshEvidenceSource : IDisposable
{
    private const int ActivityId = 1;
    private const int DetailId = 2;
    private const string Activity = "Collecting evidence over SSH";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Cmdlet _cmdlet;
    private readonly SshFleet _fleet;
    private readonly Action<string, HostEvidence> _write;
    private readonly Stopwatch _sinceProgress = Stopwatch.StartNew();
    private bool _hasProgress;

    /// <summary>Makes the source.</summary>
    /// <param name="cmdlet">Writes errors and progress.</param>
    /// <param name="parameters">Parameters.</param>
    /// <param name="write">Gets the host as it was named and its evidence, on the thread that calls <see cref="WriteReady"/> or <see cref="WriteAll"/>.</param>
    /// <param name="cancellation">The cmdlet's token.</param>
    /// <exception cref="PassthruException"><see cref="SshErrors"/>, <see cref="InputErrors"/>: what is wrong for all hosts alike.</exception>
    public SshEvidenceSource(Cmdlet cmdlet, SshParameters parameters, Action<string, HostEvidence> write, CancellationToken cancellation)
    {
        _cmdlet = cmdlet;
        _write = write;
        _fleet = new SshFleet(parameters.ToOptions(), parameters.ThrottleLimit, cancellation);
    }

    /// <summary>Starts on a host.</summary>
    public void Add(string host) => _fleet.Add(host);

    /// <summary>Writes what is there, without waiting.</summary>
    public void WriteReady()
    {
        while (_fleet.TryTake(TimeSpan.Zero, out var result)) Write(result);
        Show();
    }

    /// <summary>Writes what is still to come.</summary>
    public void WriteAll()
    {
        _fleet.CompleteAdding();
        while (!_fleet.IsDrained)
        {
            if (_fleet.TryTake(Interval, out var result)) Write(result);
            Show();
        }

        if (!_hasProgress) return;
        _cmdlet.WriteProgress(new ProgressRecord(DetailId, "Hosts", "Done") { ParentActivityId = ActivityId, RecordType = ProgressRecordType.Completed });
        _cmdlet.WriteProgress(new ProgressRecord(ActivityId, Activity, "Done") { RecordType = ProgressRecordType.Completed });
    }

    /// <summary>Closes every connection and waits for the workers.</summary>
    public void Dispose() => _fleet.Dispose();

    private void Write(SshResult result)
    {
        if (result.Failure is { } failure) _cmdlet.WriteError(failure.ToErrorRecord(result.Host));
        else _write(result.Host, result.Evidence!);
    }

    private void Show()
    {
        if (_sinceProgress.Elapsed < Interval) return;
        _sinceProgress.Restart();
        var progress = _fleet.Progress;
        if (progress.Total == 0) return;
        _hasProgress = true;
        var status = FormattableString.Invariant($"{progress.Done} of {progress.Total} hosts done, {progress.Failed} failed, {progress.Running.Count} at work");
        _cmdlet.WriteProgress(new ProgressRecord(ActivityId, Activity, status) { PercentComplete = 100 * progress.Done / progress.Total });
        if (progress.Running.Count == 0) return;
        var (host, step) = progress.Running[0];
        _cmdlet.WriteProgress(new ProgressRecord(DetailId, host, step.Length == 0 ? "starting" : step)
        {
            ParentActivityId = ActivityId,
            CurrentOperation = progress.Running.Count > 1 ? string.Join(", ", progress.Running.Skip(1).Take(5).Select(each => each.Host)) : null,
        });
    }
}
