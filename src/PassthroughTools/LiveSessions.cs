using System.Management.Automation;
using PassthroughTools.PowerCli;
using PassthroughTools.Vim;

namespace PassthroughTools;

/// <summary>The sessions that a cmdlet may ask: those of our own client, and those that PowerCLI keeps as its default servers. A server is taken once.</summary>
internal sealed class LiveSessions
{
    private const string DefaultServers = "global:DefaultVIServers";

    private LiveSessions(IReadOnlyList<IVimSession> all) => All = all;

    /// <summary>Sessions, our own client's first.</summary>
    public IReadOnlyList<IVimSession> All { get; }

    /// <summary>Finds the sessions.</summary>
    /// <param name="cmdlet">Cmdlet that asks.</param>
    /// <param name="chosen">Connections to stay with; null for all.</param>
    /// <exception cref="PassthruException"><see cref="VimErrors.NotConnected"/> where a chosen one is not there.</exception>
    public static LiveSessions Find(PSCmdlet cmdlet, IReadOnlyList<VIServerReference>? chosen)
    {
        var servers = PowerCliData.Enumerate(cmdlet.SessionState.PSVariable.GetValue(DefaultServers))
            .Where(server => PowerCliData.Property(server, "IsConnected") is not false).ToList();
        if (chosen is null) return new LiveSessions(Distinct([.. VimConnections.All, .. servers.Select(server => new PowerCliSession(cmdlet, server))]));
        var found = new List<IVimSession>();
        foreach (var reference in chosen)
        {
            var matching = reference.PowerCliServer is { } given ? [new PowerCliSession(cmdlet, given)]
                : Matching([.. VimConnections.All, .. servers.Select(server => new PowerCliSession(cmdlet, server))], reference.Name);
            if (matching.Count == 0) throw VimErrors.NotConnected.For(reference.Value, $" called '{reference.Name}'");
            found.AddRange(matching);
        }

        return new LiveSessions(Distinct(found));
    }

    /// <summary>The session that an object is to be asked of.</summary>
    /// <param name="live">Object.</param>
    /// <exception cref="PassthruException"><see cref="VimErrors.NotConnected"/> or <see cref="LiveErrors.ServerAmbiguous"/>.</exception>
    public IVimSession For(LiveReference live)
    {
        if (live.Server is { } server)
            return All.FirstOrDefault(session => LiveReference.IsSameServer(session.Server, server)) ?? throw VimErrors.NotConnected.For(live, $" called '{server}'");
        return All.Count switch
        {
            0 => throw VimErrors.NotConnected.For(live, ""),
            1 => All[0],
            _ => throw LiveErrors.ServerAmbiguous.For(live, live, All.Count),
        };
    }

    private static IReadOnlyList<IVimSession> Matching(IReadOnlyList<IVimSession> all, string name)
    {
        // An IPv6 address has brackets, which a pattern takes for a set of characters.
        var exact = all.Where(session => LiveReference.IsSameServer(session.Server, name)).ToList();
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        return exact.Count > 0 ? exact : [.. all.Where(session => pattern.IsMatch(session.Server))];
    }

    private static List<IVimSession> Distinct(IReadOnlyList<IVimSession> sessions)
    {
        var kept = new List<IVimSession>();
        foreach (var session in sessions)
        {
            if (!kept.Exists(other => LiveReference.IsSameServer(other.Server, session.Server))) kept.Add(session);
        }

        return kept;
    }
}
