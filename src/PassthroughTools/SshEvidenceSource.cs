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
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Cmdlet _cmdlet;
    private readonly SshFleet _fleet;
    private readonly Action<string, HostEvidence> _write;
    private readonly SshProgressBar _bar;
    private readonly Dictionary<string, string> _askedAs = new(StringComparer.OrdinalIgnoreCase);

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
        _bar = new SshProgressBar(cmdlet);
        _fleet = new SshFleet(parameters.ToOptions(), parameters.ThrottleLimit, cancellation);
    }

    /// <summary>Starts on a host.</summary>
    public void Add(string host) => _fleet.Add(host);

    /// <summary>Writes what is there, without waiting.</summary>
    public void WriteReady() => EndBarOnFailure(() =>
    {
        while (_fleet.TryTake(TimeSpan.Zero, out var result)) Write(result);
        _bar.Show(() => _fleet.Progress, isComplete: false);
    });

    /// <summary>Writes what is still to come.</summary>
    public void WriteAll() => EndBarOnFailure(() =>
    {
        _fleet.CompleteAdding();
        while (!_fleet.IsDrained)
        {
            if (_fleet.TryTake(Pause, out var result)) Write(result);
            _bar.Show(() => _fleet.Progress, isComplete: true);
        }

        _bar.Complete();
    });

    /// <summary>Closes every connection and waits for the workers.</summary>
    public void Dispose() => _fleet.Dispose();

    private void Write(SshResult result)
    {
        if (result.Failure is { } failure)
        {
            // With -ErrorAction Stop this is the last that can be written: the bar would stay on the screen.
            _bar.Complete();
            _cmdlet.WriteError(failure.ToErrorRecord(result.Host));
            return;
        }

        var evidence = result.Evidence!;
        if (!_askedAs.TryGetValue(evidence.HostName, out var other)) _askedAs[evidence.HostName] = result.Host;
        else evidence = evidence with { Warnings = [.. evidence.Warnings, $"'{other}' and '{result.Host}' both call themselves {evidence.HostName}: they are one host under two names, or two with the same name."] };
        _write(result.Host, evidence);
    }

    // Select-Object -First ends the command from within WriteObject.
    private void EndBarOnFailure(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            _bar.Complete();
            throw;
        }
    }
}
