using System.Management.Automation;
using PassthroughTools.Vim;
using PassthroughTools.VSphere;

namespace PassthroughTools;

/// <summary>Finds connections of our own client by the names that people give.</summary>
internal static class OpenConnections
{
    /// <summary>Connections whose server matches, oldest first.</summary>
    /// <param name="pattern">Name with or without a port, or with wildcards.</param>
    public static IReadOnlyList<VSphereClient> Find(string pattern)
    {
        var clients = VimConnections.All.OfType<VSphereClient>().ToList();
        // An IPv6 address has brackets, which a pattern takes for a set of characters.
        var exact = clients.Where(client => string.Equals(client.Server, pattern, StringComparison.OrdinalIgnoreCase)).ToList();
        return exact.Count > 0 ? exact : clients.FindAll(client => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(client.Server));
    }

    /// <summary>Error where there is none.</summary>
    /// <param name="server">Name that was asked for.</param>
    public static PassthruException NoneTo(string server) => VimErrors.NotConnected.For(server, $" called '{server}'");
}
