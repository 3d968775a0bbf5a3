using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PassthroughTools.Ssh;

/// <summary>Where an SSH server is.</summary>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">Port.</param>
public sealed record SshAddress(string Host, int Port)
{
    /// <summary>SSH's own port.</summary>
    public const int DefaultPort = 22;

    /// <summary>Reads NAME, NAME:PORT, [ADDRESS]:PORT or a bare address of either family.</summary>
    /// <param name="text">Text.</param>
    /// <param name="port">Port where the text names none.</param>
    /// <exception cref="PassthruException"><see cref="SshErrors.AddressInvalid"/>.</exception>
    public static SshAddress Parse(string text, int port = DefaultPort)
    {
        var host = text.Trim();
        if (IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6) return new SshAddress(host.Trim('[', ']'), PortOf(text, port));
        var colon = host.LastIndexOf(':');
        if (colon >= 0)
        {
            if (!int.TryParse(host.Substring(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535) throw SshErrors.AddressInvalid.For(text, text);
            host = host.Substring(0, colon);
            if (host.Length > 2 && host[0] == '[' && host[host.Length - 1] == ']') host = host.Substring(1, host.Length - 2);
        }

        // Names are not looked up here; this only keeps out what can't be one, above all in known_hosts.
        var isPlain = host.Length is > 0 and < 254 && host.All(character => char.IsLetterOrDigit(character) || character is '.' or '-' or '_' or ':' or '%');
        return isPlain && host[0] != '-' ? new SshAddress(host, port) : throw SshErrors.AddressInvalid.For(text, text);
    }

    /// <summary>The name as known_hosts has it.</summary>
    internal string KnownName => (Port == DefaultPort ? Host : FormattableString.Invariant($"[{Host}]:{Port}")).ToLowerInvariant();

    /// <inheritdoc/>
    public override string ToString() =>
        Port == DefaultPort ? Host : Host.IndexOf(':') >= 0 ? FormattableString.Invariant($"[{Host}]:{Port}") : FormattableString.Invariant($"{Host}:{Port}");

    // .NET takes "[::1]:22" for an address and drops the port.
    private static int PortOf(string text, int port)
    {
        var end = text.IndexOf("]:", StringComparison.Ordinal);
        if (end < 0) return port;
        return int.TryParse(text.Substring(end + 2).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var own) && own is > 0 and < 65536 ? own : throw SshErrors.AddressInvalid.For(text, text);
    }
}
