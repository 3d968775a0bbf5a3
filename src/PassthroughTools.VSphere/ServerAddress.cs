using System.Globalization;
using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <summary>Address of a server as people give it.</summary>
/// <param name="Name">Name or name:port, as it identifies the connection; the usual port is left out.</param>
/// <param name="Sdk">Where its API is.</param>
public sealed record ServerAddress(string Name, Uri Sdk)
{
    private const int UsualPort = 443;

    /// <summary>Reads name, name:port, [IPv6]:port, or an https address of which the path is ignored.</summary>
    /// <param name="text">Text.</param>
    /// <exception cref="PassthruException"><see cref="VimConnectionErrors.AddressInvalid"/>.</exception>
    public static ServerAddress Parse(string text)
    {
        var server = text.Trim();
        var hasScheme = server.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        // A bare IPv6 address has more than one colon and no brackets.
        if (!hasScheme && server.IndexOf(':') != server.LastIndexOf(':') && server[0] != '[') server = "[" + server + "]";
        if ((!hasScheme && server.IndexOfAny(['/', '\\', '?', '#']) >= 0)
            || server.IndexOf('@') >= 0
            || !Uri.TryCreate(hasScheme ? server : "https://" + server, UriKind.Absolute, out var uri)
            || uri.Host.Length == 0 || Uri.CheckHostName(uri.Host) == UriHostNameType.Unknown || uri.Port <= 0)
        {
            throw VimConnectionErrors.AddressInvalid.For(text, text);
        }

        var port = uri.Port == UsualPort ? "" : ":" + uri.Port.ToString(CultureInfo.InvariantCulture);
        return new ServerAddress(uri.Host + port, new Uri($"https://{uri.Host}{port}/sdk"));
    }
}
