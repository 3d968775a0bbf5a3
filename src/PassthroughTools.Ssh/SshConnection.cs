using System.Net.Sockets;
using System.Text;
using PassthroughTools.IO;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace PassthroughTools.Ssh;

/// <summary>What a command ended with.</summary>
/// <param name="ExitCode">Exit code; null where a signal ended it.</param>
/// <param name="Length">Bytes that it printed.</param>
/// <param name="Errors">The beginning of what it complained about.</param>
internal sealed record CommandResult(int? ExitCode, long Length, string Errors);

/// <summary>A session with one host, for one thread. Failures are <see cref="PassthruException"/> of <see cref="SshErrors"/>.</summary>
internal sealed class SshConnection : IDisposable
{
    /// <summary>Padding, checksums, key renewal and what goes to standard error.</summary>
    private const long Overhead = 1 << 20;

    private const int MostErrors = 2 * 1024;
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);

    private readonly SshAddress _address;
    private readonly SshOptions _options;
    private readonly SshRelay _relay;
    private readonly AuthenticationMethod[] _methods;
    private readonly SshLogin _login = new();
    private readonly SshClient _client;
    private readonly CancellationToken _cancellation;
    private readonly byte[] _buffer = new byte[32 * 1024];
    private PassthruException? _keyProblem;

    private SshConnection(SshAddress address, SshOptions options, SshRelay relay, CancellationToken cancellation)
    {
        (_address, _options, _relay, _cancellation) = (address, options, relay, cancellation);
        _methods = options.Credential.Methods(_login);
        _client = new SshClient(new ConnectionInfo("127.0.0.1", relay.LocalPort, options.Credential.User, _methods)
        {
            // The relay has the limits, and ends every wait by closing.
            Timeout = Forever,
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            RetryAttempts = 1,
        });
    }

    /// <summary>Connects, checks the host's key, logs in.</summary>
    public static SshConnection Open(SshAddress address, SshOptions options, Action<string> report, CancellationToken cancellation)
    {
        // What is wrong with the known hosts is found out before the host is bothered.
        var policy = new HostKeyPolicy(address, options);
        cancellation.ThrowIfCancellationRequested();
        report(SshPhase.Connect);
        var relay = SshRelay.Open(address, options.Timeouts, cancellation);
        SshConnection connection;
        try
        {
            connection = new SshConnection(address, options, relay, cancellation);
        }
        catch
        {
            relay.Dispose();
            throw;
        }

        try
        {
            connection.Connect(policy, report);
            policy.Remember();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command and passes what it prints on as it comes.</summary>
    /// <param name="command">Command.</param>
    /// <param name="output">Gets a block, and how much of it counts.</param>
    /// <param name="target">Name of what is written to, for errors.</param>
    /// <param name="most">Bytes that it may print.</param>
    /// <param name="isFile">True for the content of a file, which may take long as long as something comes in.</param>
    /// <exception cref="PassthruException"><see cref="SshErrors"/>.</exception>
    public CommandResult Run(string command, Action<byte[], int> output, string target, long most, bool isFile = false)
    {
        // 64 KiB/s is less than any line that a host is managed over.
        var limit = isFile ? _options.Timeouts.Command + TimeSpan.FromSeconds(most / 65536) : _options.Timeouts.Command;
        return Guarded(() =>
        {
            using var running = _client.CreateCommand(command);
            _relay.Enter(SshPhase.Command(Shorten(command)), limit, isFile ? _options.Timeouts.Command : null, most + (most / 16) + Overhead);
            var task = running.ExecuteAsync(CancellationToken.None);
            _relay.Backlog = () => running.OutputStream.Length + running.ExtendedOutputStream.Length;
            try
            {
                var length = Copy(running.OutputStream, output, target, command, most);
                task.GetAwaiter().GetResult();
                return new CommandResult(running.ExitStatus, length, ReadErrors(running.ExtendedOutputStream));
            }
            finally
            {
                _relay.Backlog = null;
                _relay.Enter(_relay.PhaseName, Forever);
                if (!task.IsCompleted) _relay.Close();
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            // With the relay open the host is told; it answers by hanging up.
            _relay.Enter(_relay.PhaseName, TimeSpan.FromSeconds(2));
            _client.Dispose();
        }
        catch (Exception e) when (IsFailure(e))
        {
            // It is over either way.
        }
        finally
        {
            _relay.Dispose();
            foreach (var method in _methods) method.Dispose();
        }
    }

    private void Connect(HostKeyPolicy policy, Action<string> report) => Guarded(() =>
    {
        PreferKnown(policy.KnownTypes);
        _client.HostKeyReceived += (_, e) =>
        {
            _keyProblem = policy.Judge(new HostKey(e.HostKey));
            e.CanTrust = _keyProblem is null;
            if (!e.CanTrust) return;
            report(SshPhase.Authenticate);
            _relay.Enter(SshPhase.Authenticate, _options.Timeouts.Authenticate);
        };
        report(SshPhase.Handshake);
        _client.Connect();
        return true;
    });

    /// <summary>Puts the types of key that are known first, and leaves certificates out: a plain key is what can be checked here.</summary>
    private void PreferKnown(IReadOnlyList<string> known)
    {
        var algorithms = _client.ConnectionInfo.HostKeyAlgorithms;
        var all = algorithms.Where(pair => pair.Key.IndexOf("-cert-", StringComparison.Ordinal) < 0).ToList();
        algorithms.Clear();
        foreach (var pair in all.OrderBy(pair => known.Contains(pair.Key.StartsWith("rsa-sha2", StringComparison.Ordinal) ? "ssh-rsa" : pair.Key) ? 0 : 1)) algorithms.Add(pair.Key, pair.Value);
    }

    private long Copy(Stream from, Action<byte[], int> to, string target, string command, long most)
    {
        var length = 0L;
        for (int read; (read = from.Read(_buffer, 0, _buffer.Length)) > 0;)
        {
            length += read;
            if (length > most) throw TooLarge(command, most);
            try
            {
                to(_buffer, read);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw FileErrors.Translate(e, target);
            }
        }

        return length;
    }

    private PassthruException TooLarge(string command, long most)
    {
        _relay.Fail(SshErrors.AnswerTooLarge.For(_address, _address, Shorten(command), most));
        return _relay.Failure!;
    }

    private static string ReadErrors(Stream stream)
    {
        var buffer = new byte[MostErrors];
        var length = 0;
        for (int read; length < buffer.Length && (read = stream.Read(buffer, length, buffer.Length - length)) > 0;) length += read;
        return string.Join(" ", Encoding.UTF8.GetString(buffer, 0, length).Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Take(3)).Trim();
    }

    private T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (IsFailure(e))
        {
            _cancellation.ThrowIfCancellationRequested();
            if (_relay.Failure is { } failure) throw failure;
            if (_keyProblem is { } problem) throw problem;
            throw e switch
            {
                SshAuthenticationException when _login.OpenQuestion is { } question => SshErrors.PromptUnanswered.Because(e, _address, _address, _options.Credential.User, question),
                SshAuthenticationException => SshErrors.AuthenticationFailed.Because(e, _address, _address, _options.Credential.User, Sentence(e) + _login.Said),
                SshConnectionException { DisconnectReason: Renci.SshNet.Messages.Transport.DisconnectReason.ProtocolError or Renci.SshNet.Messages.Transport.DisconnectReason.KeyExchangeFailed or Renci.SshNet.Messages.Transport.DisconnectReason.MacError } =>
                    SshErrors.Protocol.Because(e, _address, _address, _relay.PhaseName, Sentence(e)),
                SshConnectionException or SocketException or IOException or ObjectDisposedException or ThreadInterruptedException => SshErrors.ConnectionLost.Because(e, _address, _address, _relay.PhaseName),
                _ when _relay.IsHostGone => SshErrors.ConnectionLost.Because(e, _address, _address, _relay.PhaseName),
                _ => SshErrors.Protocol.Because(e, _address, _address, _relay.PhaseName, Sentence(e)),
            };
        }
    }

    // Bytes that are no protocol bring out whatever a parser of SSH.NET happens to throw.
    private static bool IsFailure(Exception e) => e is not (PassthruException or OperationCanceledException or OutOfMemoryException or StackOverflowException);

    private static string Sentence(Exception e)
    {
        var text = e.Message.Split(['\r', '\n'])[0].TrimEnd();
        return text.EndsWith(".", StringComparison.Ordinal) ? text : text + ".";
    }

    private static string Shorten(string command) => command.Length <= 60 ? command : command.Substring(0, 60) + "…";
}
