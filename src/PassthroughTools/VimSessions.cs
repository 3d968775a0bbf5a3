using System.Management.Automation;
using PassthroughTools.Vim;

namespace PassthroughTools;

/// <summary>Finds the session with a server that a plan or a journal names.</summary>
internal sealed class VimSessions : IVimSessions
{
    /// <inheritdoc/>
    public IVimSession Find(string server) =>
        VimConnections.All.LastOrDefault(session => string.Equals(session.Server, server, StringComparison.OrdinalIgnoreCase))
        ?? throw VimErrors.NotConnected.For(server, $" called '{server}'");
}
