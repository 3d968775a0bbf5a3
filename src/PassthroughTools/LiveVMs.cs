using System.Management.Automation;
using PassthroughTools.Vim;

namespace PassthroughTools;

/// <summary>A VM that was asked for, with the N of the entries that were; null for all.</summary>
internal sealed record LiveVM(VimPassthruVM VM, IReadOnlyList<int>? Slots);

/// <summary>
/// Reads the entries of VMs that were given as objects of vSphere servers or by name. They are collected first, so that however many there are, they cost
/// a constant number of requests a server, pages apart. A VM that was given several times is read once.
/// </summary>
internal sealed class LiveVMs(LiveSessions sessions, Action<PassthruException> onError)
{
    private const string Type = "VirtualMachine";

    private readonly List<(IVimSession Session, ManagedObject VM, int[]? Slots)> _objects = [];
    private readonly List<(string Name, int[]? Slots)> _names = [];
    private readonly LiveNames _known = new();

    /// <summary>What waits to be read.</summary>
    public int Count => _objects.Count + _names.Count;

    /// <summary>Adds an object.</summary>
    /// <param name="live">VM.</param>
    /// <param name="slots">N of the entries that are wanted; null for all.</param>
    public void Add(LiveReference live, int[]? slots) => _objects.Add((sessions.For(live), live.Object, slots));

    /// <summary>Adds a name, with wildcards or without.</summary>
    /// <param name="name">Name.</param>
    /// <param name="slots">N of the entries that are wanted; null for all.</param>
    public void Add(string name, int[]? slots) => _names.Add((name, slots));

    /// <summary>Reads all that waits, a server after the other. Templates are left out of what wildcards match.</summary>
    /// <param name="cancellation">Stops between pages.</param>
    public IEnumerable<LiveVM> Read(CancellationToken cancellation)
    {
        var (objects, names) = (_objects.ToLookup(each => each.Session), _names.ToList());
        _objects.Clear();
        _names.Clear();
        var met = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var failed = false;
        foreach (var session in sessions.All)
        {
            using var vms = ReadFrom(session, [.. objects[session].Select(each => (each.VM, each.Slots, IsExact: true))], names, met, cancellation).GetEnumerator();
            while (true)
            {
                try
                {
                    if (!vms.MoveNext()) break;
                }
                catch (PassthruException e)
                {
                    // One server that fails does not cost the others theirs.
                    failed = true;
                    onError(e);
                    break;
                }

                yield return vms.Current;
            }
        }

        if (failed) yield break;
        foreach (var (name, _) in names.Where(each => !met.Contains(each.Name) && !WildcardPattern.ContainsWildcardCharacters(each.Name))) onError(LiveNames.Unknown(sessions, "VM", name));
    }

    private IEnumerable<LiveVM> ReadFrom(IVimSession session, List<(ManagedObject VM, int[]? Slots, bool IsExact)> wanted, List<(string Name, int[]? Slots)> names, HashSet<string> met, CancellationToken cancellation)
    {
        foreach (var (name, slots) in names)
        {
            var found = _known.Find(session, Type, name, cancellation);
            if (found.Count > 0) met.Add(name);
            wanted.AddRange(found.Select(vm => (vm, slots, !WildcardPattern.ContainsWildcardCharacters(name))));
        }

        if (wanted.Count == 0) yield break;
        var byVM = wanted.GroupBy(each => each.VM).ToDictionary(group => group.Key, group => (
            Slots: group.Any(each => each.Slots is null) ? null : (IReadOnlyList<int>)[.. group.SelectMany(each => each.Slots!).Distinct()],
            IsExact: group.Any(each => each.IsExact)));
        foreach (var vm in VimPassthruVM.Read(session, [.. wanted.Select(each => each.VM).Distinct()], onError, cancellation))
        {
            if (byVM[vm.Target.Reference] is var (slots, isExact) && (isExact || !vm.IsTemplate)) yield return new LiveVM(vm, slots);
        }
    }
}
