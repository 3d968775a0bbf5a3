using System.Collections.Concurrent;
using System.Diagnostics;
using PassthroughTools.Evidence;

namespace PassthroughTools.Ssh;

/// <summary>What became of one host: evidence, or the reason why there is none.</summary>
/// <param name="Host">Host, as it was named.</param>
/// <param name="Evidence">Evidence; null where it failed.</param>
/// <param name="Failure">Failure; null where it worked.</param>
public sealed record SshResult(string Host, HostEvidence? Evidence, PassthruException? Failure);

/// <summary>How far a fleet is.</summary>
/// <param name="Total">Hosts that were asked for.</param>
/// <param name="Done">Hosts that are done with, failures included.</param>
/// <param name="Failed">Hosts that failed.</param>
/// <param name="Running">Hosts that are being collected, the longest-running first, each with what it is doing.</param>
public sealed record SshProgress(int Total, int Done, int Failed, IReadOnlyList<(string Host, string Step)> Running);

/// <summary>
/// Collects from many hosts at once. Each worker is a thread of its own, since SSH.NET waits on the thread that calls it and a pool's threads would soon
/// be used up; the results go to a queue that one thread drains. Disposing ends all connections and waits for the workers.
/// </summary>
public sealed class SshFleet : IDisposable
{
    private const int StackSize = 256 * 1024;

    /// <summary>An admin who presses Ctrl+C has the prompt back within a second, whatever a worker is at.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly SshOptions _options;
    private readonly int _throttleLimit;
    private readonly Func<string, Action<string>, CancellationToken, HostEvidence> _collect;
    private readonly BlockingCollection<SshResult> _results = new(new ConcurrentQueue<SshResult>());
    private readonly Queue<string> _waiting = new();
    private readonly List<Thread> _workers = [];
    private readonly Dictionary<string, Step> _steps = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly object _gate = new();
    private readonly CancellationTokenSource _stop;
    private bool _isComplete;
    private int _idle;
    private int _total;
    private int _done;
    private int _failed;
    private int _taken;

    /// <summary>Makes a fleet; the workers start with the hosts.</summary>
    /// <param name="options">Options for all hosts.</param>
    /// <param name="throttleLimit">Hosts at once.</param>
    /// <param name="cancellation">Ends all.</param>
    /// <param name="collect">Collects one host; <see cref="SshEvidence.Collect"/> when null.</param>
    public SshFleet(SshOptions options, int throttleLimit, CancellationToken cancellation, Func<string, Action<string>, CancellationToken, HostEvidence>? collect = null)
    {
        _options = options;
        _throttleLimit = Math.Max(1, throttleLimit);
        _collect = collect ?? ((host, report, token) => SshEvidence.Collect(host, _options, report, token));
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    /// <summary>How far it is.</summary>
    public SshProgress Progress
    {
        get
        {
            lock (_gate)
                return new SshProgress(_total, _done, _failed, [.. _steps.Values.OrderBy(step => step.Started).Select(step => (step.Host, step.Text))]);
        }
    }

    /// <summary>Adds a host, and starts on it as soon as a worker is free. A host that was added before is not collected twice.</summary>
    /// <param name="host">Name or address, with a port if need be.</param>
    public void Add(string host)
    {
        lock (_gate)
        {
            if (!_known.Add(KeyOf(host))) return;
            _total++;
            _waiting.Enqueue(host);
            if (_idle > 0 || _workers.Count >= _throttleLimit)
            {
                Monitor.Pulse(_gate);
                return;
            }

            var worker = new Thread(Work, StackSize) { IsBackground = true, Name = "passthru-ssh" };
            _workers.Add(worker);
            worker.Start();
        }
    }

    /// <summary>Says that no host will be added any more.</summary>
    public void CompleteAdding()
    {
        lock (_gate)
        {
            _isComplete = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes the next result.</summary>
    /// <param name="timeout">How long to wait for it.</param>
    /// <param name="result">Result.</param>
    /// <returns>False where none came in time.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool TryTake(TimeSpan timeout, out SshResult result)
    {
        if (!_results.TryTake(out result!, (int)timeout.TotalMilliseconds, _stop.Token)) return false;
        _taken++;
        return true;
    }

    /// <summary>True when a result of every host was taken, as far as hosts were added.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_gate) return _taken == _total;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CompleteAdding();
        _stop.Cancel();
        var clock = Stopwatch.StartNew();
        foreach (var worker in _workers)
        {
            // Closed sockets end all waits within SSH.NET at once. What may still take a moment is the reading of a large log, which looks at the token now
            // and then: such a worker is left to end by itself, with nothing open.
            var left = Patience - clock.Elapsed;
            worker.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        if (HasEnded)
        {
            _stop.Dispose();
            _results.Dispose();
        }
    }

    /// <summary>True when no worker is left.</summary>
    internal bool HasEnded => _workers.TrueForAll(worker => !worker.IsAlive);

    // esx01 and ESX01:22 are one host, and would fight for one folder.
    private string KeyOf(string host)
    {
        try
        {
            return SshAddress.Parse(host, _options.Port).ToString();
        }
        catch (PassthruException)
        {
            return host;
        }
    }

    private void Work()
    {
        while (Next() is { } host)
        {
            var step = new Step(host);
            lock (_gate) _steps[host] = step;
            SshResult? result = null;
            try
            {
                result = new SshResult(host, _collect(host, text => step.Text = text, _stop.Token), null);
            }
            catch (PassthruException e)
            {
                result = new SshResult(host, null, e);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A thread of ours must not end the process; what this is, the report of the error tells.
                result = new SshResult(host, null, SshErrors.Protocol.Because(e, host, host, step.Text, e.Message));
            }

            lock (_gate)
            {
                _steps.Remove(host);
                _done++;
                if (result?.Failure is not null) _failed++;
            }

            if (result is not null && !_stop.IsCancellationRequested) _results.Add(result);
        }
    }

    private string? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_stop.IsCancellationRequested) return null;
                if (_waiting.Count > 0) return _waiting.Dequeue();
                if (_isComplete) return null;
                _idle++;
                Monitor.Wait(_gate);
                _idle--;
            }
        }
    }

    private sealed class Step(string host)
    {
        public string Host => host;

        public long Started { get; } = Stopwatch.GetTimestamp();

        public volatile string Text = "";
    }
}
