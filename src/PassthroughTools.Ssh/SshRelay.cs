using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PassthroughTools.Ssh;

/// <summary>
/// Our own connection to the host, handed to SSH.NET over the loopback. SSH.NET makes its sockets itself and waits in ways that no token ends; here each
/// phase has its limit, bytes are counted and held back, and closing both ends is what ends any wait within SSH.NET at once. What passes is encrypted end
/// to end, and the host's key is checked by SSH.NET's caller, so whoever else connects to the loopback port gains nothing.
/// </summary>
internal sealed class SshRelay : IDisposable
{
    /// <summary>RFC 4253 lets a server send lines before its identification; more than this is something else.</summary>
    private const int MostPreamble = 8 * 1024;

    private const int BlockSize = 32 * 1024;
    private const long MostBacklog = 4 << 20;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly SshAddress _address;
    private readonly TcpClient _host;
    private readonly NetworkStream _hostStream;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenRegistration _stop;
    private readonly object _gate = new();
    private Socket? _local;
    private Timer? _timer;
    private int _isClosed;
    private Phase _phase;
    private long _received;

    private SshRelay(SshAddress address, TcpClient host, Phase phase, CancellationToken cancellation)
    {
        _address = address;
        _host = host;
        _hostStream = host.GetStream();
        _phase = phase;
        _timer = new Timer(_ => Watch(), null, Tick, Tick);
        _stop = cancellation.Register(Close);
    }

    /// <summary>Port of the loopback that SSH.NET connects to.</summary>
    public int LocalPort => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Name of the phase that is going on, or that was when it all ended.</summary>
    public string PhaseName => _phase.Name;

    /// <summary>The failure that closed the relay; null where it was closed on purpose, or by the host.</summary>
    public PassthruException? Failure { get; private set; }

    /// <summary>True when the host ended the connection.</summary>
    public bool IsHostGone { get; private set; }

    /// <summary>How much has come in and was not read yet; the host is slowed down by it.</summary>
    public Func<long>? Backlog { get; set; }

    /// <summary>Bytes that came in.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Connects, and reads the other side's identification.</summary>
    /// <exception cref="PassthruException"><see cref="SshErrors"/>.</exception>
    public static SshRelay Open(SshAddress address, SshTimeouts timeouts, CancellationToken cancellation)
    {
        var host = ConnectTo(address, timeouts.Connect, cancellation);
        SshRelay relay;
        try
        {
            relay = new SshRelay(address, host, new Phase(SshPhase.Handshake, timeouts.Handshake, null, long.MaxValue, 0), cancellation);
        }
        catch
        {
            host.Dispose();
            throw;
        }

        try
        {
            relay.Start(relay.ReadIdentification());
            return relay;
        }
        catch (Exception e)
        {
            relay.Dispose();
            cancellation.ThrowIfCancellationRequested();
            if (relay.Failure is { } failure) throw failure;
            if (e is IOException or SocketException or ObjectDisposedException) throw SshErrors.ConnectionLost.Because(e, address, address, relay.PhaseName);
            throw;
        }
    }

    /// <summary>Begins a phase.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="idle">How long nothing may come in; null for no such limit.</param>
    /// <param name="most">Bytes that may come in, with the overhead of the protocol.</param>
    public void Enter(string name, TimeSpan limit, TimeSpan? idle = null, long most = long.MaxValue) =>
        _phase = new Phase(name, limit, idle, most, Received);

    /// <summary>Closes both ends, with a reason unless there is one already.</summary>
    public void Fail(PassthruException failure)
    {
        lock (_gate) Failure ??= failure;
        Close();
    }

    /// <summary>Closes both ends, which ends all that waits for them.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        Interlocked.Exchange(ref _timer, null)?.Dispose();
        _listener.Dispose();
        lock (_gate) _local?.Dispose();
        _host.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _stop.Dispose();
    }

    private static TcpClient ConnectTo(SshAddress address, TimeSpan limit, CancellationToken cancellation)
    {
#if NET8_0_OR_GREATER
        var client = new TcpClient(); // either family
#else
        var client = IPAddress.TryParse(address.Host, out var ip) ? new TcpClient(ip.AddressFamily) : new TcpClient();
#endif
        try
        {
            client.NoDelay = true;
            var task = client.ConnectAsync(address.Host, address.Port);
            // Closing the client below fails the task; nobody waits for it any more then.
            _ = task.ContinueWith(done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            if (!task.Wait((int)limit.TotalMilliseconds, cancellation)) throw SshErrors.Timeout.For(address, address, SshPhase.Connect, limit.TotalSeconds);
            return client;
        }
        catch (AggregateException e)
        {
            client.Dispose();
            var cause = e.GetBaseException();
            if (cause is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }) throw SshErrors.NameUnknown.Because(cause, address, address);
            throw SshErrors.ConnectFailed.Because(cause, address, address, cause.Message);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private byte[] ReadIdentification()
    {
        var buffer = new byte[MostPreamble];
        var length = 0;
        while (true)
        {
            var read = length < buffer.Length ? _hostStream.ReadAsync(buffer, length, buffer.Length - length).GetAwaiter().GetResult() : -1;
            length += Math.Max(0, read);
            var text = Encoding.ASCII.GetString(buffer, 0, length);
            var start = text.StartsWith("SSH-", StringComparison.Ordinal) ? 0 : text.IndexOf("\nSSH-", StringComparison.Ordinal) is >= 0 and var at ? at + 1 : -1;
            if (start >= 0 && text.IndexOf('\n', start) is >= 0 and var end)
            {
                var version = text.Substring(start, end - start);
                if (version.StartsWith("SSH-2.0-", StringComparison.Ordinal) || version.StartsWith("SSH-1.99-", StringComparison.Ordinal)) return [.. buffer.Take(length)];
                throw SshErrors.NotSsh.For(_address, _address, Show(version));
            }

            // No server of this protocol sends a zero byte before its identification.
            if (read > 0 && text.IndexOf('\0') < 0) continue;
            if (read == 0 && length == 0)
            {
                IsHostGone = true;
                throw SshErrors.ConnectionLost.For(_address, _address, PhaseName);
            }

            throw SshErrors.NotSsh.For(_address, _address, Show(text));
        }
    }

    private static string Show(string text)
    {
        var line = text.Split('\n')[0].TrimEnd('\r');
        return new string([.. line.Take(60).Select(character => character is >= ' ' and < (char)127 ? character : '.')]);
    }

    private void Start(byte[] identification)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
        _ = RunAsync(identification);
    }

    private async Task RunAsync(byte[] identification)
    {
        try
        {
            var local = await Task.Factory.FromAsync(_listener.BeginAccept, _listener.EndAccept, null).ConfigureAwait(false);
            lock (_gate) _local = local;
            if (_isClosed != 0)
            {
                local.Dispose();
                return;
            }

            _listener.Dispose();
            local.NoDelay = true;
            using var localStream = new NetworkStream(local, ownsSocket: true);
            await localStream.WriteAsync(identification, 0, identification.Length).ConfigureAwait(false);
            var outward = PumpAsync(localStream, _hostStream, isInward: false);
            await PumpAsync(_hostStream, localStream, isInward: true).ConfigureAwait(false);
            if (_isClosed == 0) IsHostGone = true;

            // What was passed on reaches SSH.NET before the end does.
            local.Shutdown(SocketShutdown.Both);
            await outward.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            if (_isClosed == 0) IsHostGone = true;
        }

        Close();
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, bool isInward)
    {
        var buffer = new byte[BlockSize];
        try
        {
            for (int read; (read = await from.ReadAsync(buffer, 0, buffer.Length).ConfigureAwait(false)) > 0;)
            {
                if (isInward)
                {
                    var phase = _phase;
                    phase.Touch();
                    if (Interlocked.Add(ref _received, read) > phase.Most)
                    {
                        // With the reason first: SSH.NET only sees the connection end.
                        Fail(SshErrors.AnswerTooLarge.For(_address, _address, phase.Name, phase.Allowed));
                        return;
                    }

                    while (Backlog?.Invoke() > MostBacklog && _isClosed == 0)
                    {
                        phase.Touch();
                        await Task.Delay(5).ConfigureAwait(false);
                    }
                }

                await to.WriteAsync(buffer, 0, read).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // One end is gone; whoever waits for the other is told by its being closed.
        }

        // SSH.NET hung up: so do we.
        if (!isInward) Close();
    }

    private void Watch()
    {
        var phase = _phase;
        if (phase.IsOver) Fail(SshErrors.Timeout.For(_address, _address, phase.Name, Math.Round(phase.Limit.TotalSeconds, 1)));
    }

    private sealed class Phase(string name, TimeSpan limit, TimeSpan? idle, long allowed, long before)
    {
        private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
        private long _lastTouch;

        public string Name => name;

        /// <summary>Bytes that may come in during the phase.</summary>
        public long Allowed => allowed;

        /// <summary>Bytes that may have come in by its end.</summary>
        public long Most { get; } = allowed == long.MaxValue ? allowed : before + allowed;

        /// <summary>The limit that ran out.</summary>
        public TimeSpan Limit => idle is { } rest && _sinceStart.Elapsed <= limit ? rest : limit;

        public bool IsOver => _sinceStart.Elapsed > limit || (idle is { } rest && _sinceStart.ElapsedMilliseconds - Interlocked.Read(ref _lastTouch) > rest.TotalMilliseconds);

        public void Touch() => Interlocked.Exchange(ref _lastTouch, _sinceStart.ElapsedMilliseconds);
    }
}
