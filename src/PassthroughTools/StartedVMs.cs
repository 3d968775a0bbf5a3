using System.IO;
using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;
using PassthroughTools.Vim;

namespace PassthroughTools;

/// <summary>
/// Finds the VMs that a question thinks of as started, each with the host that it was read with. A name is looked for on the hosts that the question is
/// about, then at the connected servers.
/// </summary>
internal sealed class StartedVMs(PassthruCmdlet cmdlet, IReadOnlyList<VMReference> references, LiveSessions sessions, CancellationToken cancellation)
{
    private readonly Dictionary<string, IReadOnlyList<StartedVM>> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly LiveNames _names = new();
    private Dictionary<LiveReference, IReadOnlyList<StartedVM>>? _live;

    /// <summary>Finds the VMs.</summary>
    /// <param name="hosts">Hosts that the question is about.</param>
    /// <exception cref="PassthruException">A VM can't be found: an answer without it would be another question's.</exception>
    public IReadOnlyList<StartedVM> Resolve(IReadOnlyList<HostEvidence> hosts)
    {
        var found = new List<StartedVM>();
        foreach (var each in references.SelectMany(reference => Of(reference, hosts))) AddOnce(found, each);
        return found;
    }

    private static void AddOnce(List<StartedVM> found, StartedVM one)
    {
        if (!found.Exists(known => known.VM == one.VM || (known.VM.Vim is not null && known.VM.Vim == one.VM.Vim))) found.Add(one);
    }

    private IReadOnlyList<StartedVM> Of(VMReference reference, IReadOnlyList<HostEvidence> hosts) => reference.Value switch
    {
        VMEvidence vm => [new StartedVM(vm, hosts.FirstOrDefault(host => PlacementCalculator.OnHost(host, vm) is not null))],
        HostEvidence host => Running(host),
        HostVectorBudget { Evidence: { } host } => Running(host),
        FileSystemInfo info => Read(info.FullName),
        _ when reference.Live is { } live => Live(live),
        string text => Named(text, hosts),
        _ => throw reference.Problem ?? VMReferenceErrors.NotAVM.For(reference.Value, reference, reference.Value.GetType().Name),
    };

    private static IReadOnlyList<StartedVM> Running(HostEvidence host) =>
        [.. (host.VMs ?? []).Where(vm => vm.PowerState is VMPowerState.PoweredOn or VMPowerState.Unknown).Select(vm => new StartedVM(vm, host))];

    private IReadOnlyList<StartedVM> Read(string path)
    {
        if (!_byName.TryGetValue(path, out var found)) _byName.Add(path, found = [.. EvidenceReader.Read(path, cancellation).SelectMany(Running)]);
        return found;
    }

    private IReadOnlyList<StartedVM> Named(string text, IReadOnlyList<HostEvidence> hosts)
    {
        if (text.Length == 0) throw InputErrors.NotFound.For(text, text);
        var pattern = new WildcardPattern(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        var here = hosts.SelectMany(host => (host.VMs ?? []).Where(vm => pattern.IsMatch(vm.Name)).Select(vm => new StartedVM(vm, host))).ToList();
        if (here.Count > 0) return Only(text, here);
        if (cmdlet.TryLocate(text) is { } path && (File.Exists(path) || Directory.Exists(path))) return Read(path);
        if (!_byName.TryGetValue(text, out var found))
        {
            var objects = sessions.All.SelectMany(session => _names.Find(session, "VirtualMachine", text, cancellation).Select(reference => new LiveReference(reference, session.Server, null)));
            _byName.Add(text, found = [.. objects.SelectMany(Ask)]);
        }

        if (found.Count > 0) return Only(text, found);
        throw VimErrors.NotFound.For(text, sessions.All.Count == 0 ? "the evidence" : "the evidence and " + string.Join(", ", sessions.All.Select(session => session.Server)), "VM", text);
    }

    /// <summary>A name stands for one VM. Where several are called so, which is meant can't be told, and all together would be another question.</summary>
    private static IReadOnlyList<StartedVM> Only(string text, IReadOnlyList<StartedVM> found)
    {
        if (found.Count == 1 || WildcardPattern.ContainsWildcardCharacters(text)) return found;
        var each = new List<StartedVM>();
        foreach (var one in found) AddOnce(each, one);
        return each.Count == 1 ? each : throw VMReferenceErrors.Ambiguous.For(text, text, string.Join(", ", each.Select(one => one.Origin?.HostName ?? one.VM.Source ?? "?")));
    }

    /// <summary>All objects of servers that were given are asked for at once, whichever of them is wanted first.</summary>
    private IReadOnlyList<StartedVM> Live(LiveReference wanted)
    {
        if (_live is null)
        {
            var all = references.Where(each => each.Value is not VMEvidence).Select(each => each.Live).OfType<LiveReference>().Distinct().ToList();
            _live = all.ToDictionary(live => live, _ => (IReadOnlyList<StartedVM>)[]);
            foreach (var group in all.GroupBy(sessions.For))
            {
                var origins = ReadHosts(group.Key, [.. group.Select(live => live.Object)]);
                foreach (var live in group) _live[live] = live.Object.Type == "VirtualMachine" ? Pick(origins, live.Object) : [.. origins.Where(host => BelongsTo(group.Key, host, live.Object)).SelectMany(Running)];
            }
        }

        var found = _live.TryGetValue(wanted, out var known) ? known : Ask(wanted);
        return found.Count > 0 || wanted.Object.Type != "VirtualMachine" ? found : throw VimErrors.ObjectGone.For(wanted, wanted);
    }

    private IReadOnlyList<StartedVM> Ask(LiveReference live) => Pick(ReadHosts(sessions.For(live), [live.Object]), live.Object);

    private List<HostEvidence> ReadHosts(IVimSession session, IReadOnlyList<ManagedObject> objects)
    {
        var reader = new VimEvidenceReader(session, new VimEvidenceOptions { OnError = error => throw error });
        return [.. reader.Read(reader.FindHosts(objects, cancellation), cancellation)];
    }

    private bool BelongsTo(IVimSession session, HostEvidence host, ManagedObject container) =>
        host.Vim!.Reference == container || (container.Type != "HostSystem" && new VimEvidenceReader(session).FindHosts([container], cancellation).Contains(host.Vim.Reference));

    private static IReadOnlyList<StartedVM> Pick(List<HostEvidence> hosts, ManagedObject vm) =>
        [.. hosts.SelectMany(host => (host.VMs ?? []).Where(each => each.Vim?.Reference == vm).Select(each => new StartedVM(each, host)))];
}
