using System.Net;
using System.Net.Sockets;

namespace PassthroughTools.Tests.Ssh;

/// <summary>A TCP server between client and sshd, or in sshd's place, that causes the failure that a test is about.</summary>
internal sealed class Disruptor : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _sockets = [];

    private Disruptor(Func<Socket, CancellationToken, Task> serve)
    {
        _listener.Start();
        _ = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    var socket = await _listener.AcceptSocketAsync(_stop.Token);
                    lock (_sockets) _sockets.Add(socket);
                    _ = Task.Run(async () =>
                    {
                        try
                        {
                            using (socket) await serve(socket, _stop.Token);
                        }
                        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
                        {
                        }
                    });
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
            }
        });
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Name => SshServer.NameOf(Port);

    /// <summary>Connections that came in.</summary>
    public int Connections
    {
        get
        {
            lock (_sockets) return _sockets.Count;
        }
    }

    /// <summary>Takes the connection and never says a word.</summary>
    public static Disruptor HalfOpen() => new(DrainAsync);

    /// <summary>Says something, and then either waits or hangs up.</summary>
    public static Disruptor Says(byte[] words, bool hangsUp = false) => new(async (socket, stop) =>
    {
        await socket.SendAsync(words, stop);
        if (hangsUp) socket.Shutdown(SocketShutdown.Send);
        await DrainAsync(socket, stop);
    });

    /// <summary>Says something one byte at a time, with a pause before each.</summary>
    public static Disruptor Trickles(byte[] words, TimeSpan pause) => new(async (socket, stop) =>
    {
        foreach (var word in words)
        {
            await Task.Delay(pause, stop);
            await socket.SendAsync(new[] { word }, stop);
        }

        await DrainAsync(socket, stop);
    });

    /// <summary>Passes on to a server: so many bytes, then something else happens with the rest.</summary>
    /// <param name="port">Port of the server.</param>
    /// <param name="bytes">Bytes from the server that are passed on as they are.</param>
    /// <param name="then">Gets the client's socket and what came next.</param>
    public static Disruptor After(int port, long bytes, Func<Socket, Memory<byte>, CancellationToken, Task> then) => new(async (socket, stop) =>
    {
        // What is done to the client ends when the client hangs up.
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await server.ConnectAsync(IPAddress.Loopback, port, stop);
        var forth = Task.Run(async () =>
        {
            var buffer = new byte[16 * 1024];
            try
            {
                for (int read; (read = await socket.ReceiveAsync(buffer, stop)) > 0;) await server.SendAsync(buffer.AsMemory(0, read), stop);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
            }

            gone.Cancel();
            server.Dispose();
        }, stop);
        var passed = 0L;
        var isDone = false;
        var block = new byte[4 * 1024];
        for (int read; (read = await server.ReceiveAsync(block, stop)) > 0;)
        {
            if (!isDone && passed + read > bytes)
            {
                isDone = true;
                await then(socket, block.AsMemory(0, read), gone.Token);
                if (then == Cut) break;
                continue;
            }

            await socket.SendAsync(block.AsMemory(0, read), stop);
            passed += read;
        }

        socket.Dispose();
        await forth;
    });

    /// <summary>The connection is reset.</summary>
    public static Task Cut(Socket socket, Memory<byte> rest, CancellationToken stop)
    {
        socket.LingerState = new LingerOption(true, 0);
        return Task.CompletedTask;
    }

    /// <summary>Nothing more comes.</summary>
    public static Task Stall(Socket socket, Memory<byte> rest, CancellationToken stop) => Task.Delay(Timeout.Infinite, stop);

    /// <summary>One bit of what comes next is changed.</summary>
    public static async Task Garble(Socket socket, Memory<byte> rest, CancellationToken stop)
    {
        rest.Span[rest.Length / 2] ^= 1;
        await socket.SendAsync(rest, stop);
    }

    public void Dispose()
    {
        // May be called twice: a test that counts what is left must be rid of this first.
        _stop.Cancel();
        _listener.Stop();
        lock (_sockets) _sockets.ForEach(socket => socket.Dispose());
    }

    private static async Task DrainAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, stop) > 0)
        {
        }
    }
}
