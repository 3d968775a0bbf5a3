using System.Security;

namespace PassthroughTools.VSphere;

/// <summary>How to connect to a vSphere server.</summary>
/// <param name="Server">Name or address, with a port if it is not 443.</param>
/// <param name="User">User.</param>
/// <param name="Password">Password; read while connecting and not kept.</param>
public sealed record VSphereOptions(string Server, string User, SecureString Password)
{
    /// <summary>Thumbprints, SHA-1 or SHA-256; the certificate must have one of them, and is then trusted whatever else is said of it. Empty: the chain decides.</summary>
    public IReadOnlyList<string> Thumbprints { get; init; } = [];

    /// <summary>Trusts any certificate.</summary>
    public bool SkipCertificateCheck { get; init; }

    /// <summary>The longest wait for a connection, for an answer to begin, and for it to go on.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Most objects in one answer. The server may send fewer.</summary>
    public int PageSize { get; init; } = 200;

    /// <summary>
    /// Asks the server for the time whenever nothing was asked for so long, since it ends sessions that idle for 30 minutes. A timer does so, because at
    /// an idle prompt nothing else would.
    /// </summary>
    public TimeSpan KeepAliveEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Stops doing so when nobody asked for anything for so long: a forgotten prompt shall not hold an administrator's session for ever.</summary>
    public TimeSpan KeepAliveFor { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Never shows the password.</summary>
    public override string ToString() => $"{User} at {Server}";
}
