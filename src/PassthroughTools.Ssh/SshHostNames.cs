using System.Net;

namespace PassthroughTools.Ssh;

/// <summary>Names that hosts have at a vSphere server and in their own eyes.</summary>
public static class SshHostNames
{
    private const string Unnamed = "localhost";

    /// <summary>False where two names can't be those of one host: neither is an address, neither is what a host without a name has, and the first labels differ.</summary>
    /// <param name="name">A name.</param>
    /// <param name="other">Another.</param>
    public static bool MayBeOne(string name, string other) =>
        IPAddress.TryParse(name, out _) || IPAddress.TryParse(other, out _) || Label(name) == Unnamed || Label(other) == Unnamed || Label(name) == Label(other);

    private static string Label(string name) => name.Split('.')[0].ToLowerInvariant();
}
