using System.Management.Automation;
using PassthroughTools.Vim;

namespace PassthroughTools;

/// <summary>Finds the session with a server that a plan or a journal names: our own client's, or PowerCLI's.</summary>
/// <param name="cmdlet">Cmdlet that asks.</param>
internal sealed class VimSessions(PSCmdlet cmdlet) : IVimSessions
{
    private readonly Dictionary<string, IVimSession> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public IVimSession Find(string server)
    {
        if (_known.TryGetValue(server, out var known)) return known;
        var found = LiveSessions.Find(cmdlet, null).All.FirstOrDefault(session => LiveReference.IsSameServer(session.Server, server));
        return _known[server] = found ?? throw VimErrors.NotConnected.For(server, $" called '{server}'");
    }
}
