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
        // .NET takes "[::1]:22" for an address too, and drops the port.
        if (host.IndexOf('[') < 0 && IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6) return new SshAddress(OneForm(host), port);
        var bracket = host.LastIndexOf(']');
        var colon = host.LastIndexOf(':');
        if (colon > bracket)
        {
            if (!int.TryParse(host.Substring(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535) throw SshErrors.AddressInvalid.For(text, text);
            host = host.Substring(0, colon);
        }

        if (bracket > 1 && bracket == host.Length - 1 && host[0] == '[') host = host.Substring(1, bracket - 1);

        host = OneForm(host);
        if (host.IndexOf(':') >= 0 && !IPAddress.TryParse(host, out _)) throw SshErrors.AddressInvalid.For(text, text);

        // Names are not looked up here; this only keeps out what can't be one, above all in known_hosts.
        var isPlain = host.Length is > 0 and < 254 && host.All(character => char.IsLetterOrDigit(character) || character is '.' or '-' or '_' or ':' or '%');
        return isPlain && host[0] != '-' ? new SshAddress(host, port) : throw SshErrors.AddressInvalid.For(text, text);
    }

    /// <summary>An IPv6 address as it is commonly written and ssh writes it, and a name in the letters that DNS has: two spellings of one host are one.</summary>
    private static string OneForm(string host)
    {
        if (host.IndexOf(':') >= 0) return host.IndexOf('%') < 0 && IPAddress.TryParse(host, out var address) ? address.ToString() : host;
        if (host.All(character => character < 128)) return host;
        try
        {
            return new IdnMapping().GetAscii(host);
        }
        catch (ArgumentException)
        {
            return ""; // no name
        }
    }

    /// <summary>The name as known_hosts has it.</summary>
    internal string KnownName => (Port == DefaultPort ? Host : FormattableString.Invariant($"[{Host}]:{Port}")).ToLowerInvariant();

    /// <inheritdoc/>
    public override string ToString() =>
        Port == DefaultPort ? Host : Host.IndexOf(':') >= 0 ? FormattableString.Invariant($"[{Host}]:{Port}") : FormattableString.Invariant($"{Host}:{Port}");
}
