using System.Management.Automation;
using PassthroughTools.Vim;

namespace PassthroughTools;

/// <summary>Finds objects of servers by name. The names of a type are asked for once a server, however many are looked for.</summary>
internal sealed class LiveNames
{
    private readonly Dictionary<(IVimSession, string), IReadOnlyList<(ManagedObject Reference, string Name)>> _known = [];

    /// <summary>Objects of a type by name.</summary>
    /// <param name="session">Session.</param>
    /// <param name="type">HostSystem, VirtualMachine …</param>
    /// <param name="name">Name, with wildcards or without.</param>
    /// <param name="cancellation">Stops between pages.</param>
    public IReadOnlyList<ManagedObject> Find(IVimSession session, string type, string name, CancellationToken cancellation)
    {
        if (!_known.TryGetValue((session, type), out var all)) _known.Add((session, type), all = [.. new VimEvidenceReader(session).Names(type, cancellation)]);
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return [.. all.Where(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase) || pattern.IsMatch(one.Name)).Select(one => one.Reference)];
    }

    /// <summary>The error for a name that no server knows.</summary>
    /// <param name="sessions">Servers that were asked.</param>
    /// <param name="type">What it should be: host, VM …</param>
    /// <param name="name">Name.</param>
    public static PassthruException Unknown(LiveSessions sessions, string type, string name) =>
        VimErrors.NotFound.For(name, string.Join(", ", sessions.All.Select(session => session.Server)), type, name);
}
