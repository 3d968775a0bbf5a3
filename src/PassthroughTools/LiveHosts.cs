using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Vim;

namespace PassthroughTools;

/// <summary>
/// Reads the hosts that were given as objects of vSphere servers or by name. They are collected first, so that however many there are, they cost a
/// constant number of requests a server, pages apart.
/// </summary>
internal sealed class LiveHosts(LiveSessions sessions, VimEvidenceOptions options)
{
    private readonly List<(LiveReference Live, IVimSession Session)> _objects = [];
    private readonly List<string> _names = [];
    private readonly LiveNames _known = new();

    /// <summary>What waits to be read.</summary>
    public int Count => _objects.Count + _names.Count;

    /// <summary>Adds an object.</summary>
    /// <param name="live">Object.</param>
    public void Add(LiveReference live) => _objects.Add((live, sessions.For(live)));

    /// <summary>Adds the name of a host, or where no host is called so of a cluster, with wildcards or without.</summary>
    /// <param name="name">Name.</param>
    public void Add(string name) => _names.Add(name);

    /// <summary>Reads all that waits, a server after the other.</summary>
    /// <param name="cancellation">Stops between pages.</param>
    public IEnumerable<HostEvidence> Read(CancellationToken cancellation)
    {
        var objects = _objects.ToLookup(each => each.Session, each => each.Live.Object);
        var named = _names.ToList();
        _objects.Clear();
        _names.Clear();
        var met = new HashSet<string>(StringComparer.Ordinal);
        var failed = false;
        foreach (var session in sessions.All)
        {
            using var hosts = ReadFrom(session, [.. objects[session]], named, met, cancellation).GetEnumerator();
            while (true)
            {
                try
                {
                    if (!hosts.MoveNext()) break;
                }
                catch (PassthruException e)
                {
                    // One server that fails does not cost the others theirs.
                    failed = true;
                    options.OnError?.Invoke(e);
                    break;
                }

                yield return hosts.Current;
            }
        }

        if (failed) yield break;
        foreach (var name in named.Where(name => !met.Contains(name) && !WildcardPattern.ContainsWildcardCharacters(name)))
            options.OnError?.Invoke(LiveNames.Unknown(sessions, "host", name));
    }

    private IEnumerable<HostEvidence> ReadFrom(IVimSession session, List<ManagedObject> objects, List<string> names, HashSet<string> met, CancellationToken cancellation)
    {
        foreach (var name in names)
        {
            var found = _known.Find(session, "HostSystem", name, cancellation);
            if (found.Count == 0) found = _known.Find(session, "ClusterComputeResource", name, cancellation);
            if (found.Count > 0) met.Add(name);
            objects.AddRange(found);
        }

        if (objects.Count == 0) yield break;
        var reader = new VimEvidenceReader(session, options);
        foreach (var host in reader.Read(reader.FindHosts(objects, cancellation), cancellation)) yield return host;
    }
}
