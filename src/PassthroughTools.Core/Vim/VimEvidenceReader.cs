using PassthroughTools.Evidence;

namespace PassthroughTools.Vim;

/// <summary>
/// Reads the evidence of hosts through a vSphere session, whichever client it is. The number of requests does not grow with the number of hosts and
/// VMs beyond paging: hosts are asked for in batches, the VMs of a batch at once. What the API does not tell is listed in
/// <see cref="HostEvidence.Files"/> under the name that the file of a folder would have.
/// </summary>
/// <param name="session">Session.</param>
/// <param name="options">What is read; defaults when null.</param>
public sealed class VimEvidenceReader(IVimSession session, VimEvidenceOptions? options = null)
{
    private readonly VimEvidenceOptions _options = options ?? new VimEvidenceOptions();

    /// <summary>Finds hosts: those given, those of clusters, folders and datacenters, and those that given VMs are on. In the order given, each once.</summary>
    /// <param name="objects">References of the types HostSystem, ClusterComputeResource, ComputeResource, VirtualMachine, Folder and Datacenter.</param>
    /// <param name="cancellation">Stops between pages.</param>
    public IReadOnlyList<ManagedObject> FindHosts(IEnumerable<ManagedObject> objects, CancellationToken cancellation = default)
    {
        var all = objects.Distinct().ToList();
        var related = Follow(all.FindAll(one => one.Type == "VirtualMachine"), "runtime.host", cancellation);
        foreach (var pair in Follow(all.FindAll(one => one.Type is "ClusterComputeResource" or "ComputeResource"), "host", cancellation)) related[pair.Key] = pair.Value;
        foreach (var container in all.FindAll(one => one.Type is "Folder" or "Datacenter"))
            related[container] = [.. session.RetrieveAll("HostSystem", ["name"], container, cancellation).Select(host => host.Reference)];
        return [.. all.SelectMany(one => related.TryGetValue(one, out var hosts) ? hosts : one.Type == "HostSystem" ? [one] : []).Distinct()];
    }

    /// <summary>Names of all objects of a type.</summary>
    /// <param name="type">HostSystem, VirtualMachine, ClusterComputeResource …</param>
    /// <param name="cancellation">Stops between pages.</param>
    public IEnumerable<(ManagedObject Reference, string Name)> Names(string type, CancellationToken cancellation = default) =>
        session.RetrieveAll(type, ["name"], null, cancellation)
            .Select(one => (one.Reference, Name: one.Properties.Text("name")))
            .Where(one => one.Name is not null).Select(one => (one.Reference, one.Name!));

    /// <summary>Reads hosts, one at a time as their batches come in.</summary>
    /// <param name="hosts">References of hosts.</param>
    /// <param name="cancellation">Stops between pages.</param>
    public IEnumerable<HostEvidence> Read(IReadOnlyList<ManagedObject> hosts, CancellationToken cancellation = default)
    {
        var done = 0;
        for (var start = 0; start < hosts.Count; start += _options.HostsAtOnce)
        {
            var batch = hosts.Skip(start).Take(_options.HostsAtOnce).ToList();
            var found = new List<VimObject>();
            foreach (var host in session.Retrieve(batch, VimHostReader.Paths, cancellation))
            {
                if (VimHostReader.Problem(session.Server, host) is { } problem) Fail(problem);
                else found.Add(host);
            }

            var limits = _options.IncludeLimits ? new VimLimitReader(session) : null;
            limits?.Prepare([.. found.Select(host => host.Reference)], cancellation);
            var vms = ReadVMs([.. found.SelectMany(host => host.Properties.References("vm")).Distinct()], cancellation);
            foreach (var host in found)
            {
                cancellation.ThrowIfCancellationRequested();
                var evidence = VimHostReader.Read(session.Server, host, vms);
                evidence = limits?.Add(host.Reference, evidence, cancellation) ?? evidence;
                yield return _options.IncludeLog ? VimLogReader.AddLog(session, host.Reference, evidence, _options.MostLogLines, cancellation) : evidence;
                _options.OnProgress?.Invoke(++done, hosts.Count);
            }

            if (done < start + batch.Count) _options.OnProgress?.Invoke(done = start + batch.Count, hosts.Count);
        }
    }

    /// <summary>Reads VMs alone, without their hosts. One that is gone or can't be seen is one error.</summary>
    /// <param name="references">References of VMs.</param>
    /// <param name="cancellation">Stops between pages.</param>
    public IReadOnlyList<VMEvidence> FindVMs(IReadOnlyList<ManagedObject> references, CancellationToken cancellation = default)
    {
        var found = new List<VMEvidence>();
        foreach (var vm in session.Retrieve(references, VimVMReader.Paths, cancellation))
        {
            if (vm.Refused.TryGetValue("name", out var problem)) Fail(problem);
            else if (VimVMReader.Read(session.Server, vm) is { } evidence) found.Add(evidence);
        }

        return found;
    }

    private Dictionary<ManagedObject, VimVM> ReadVMs(List<ManagedObject> references, CancellationToken cancellation)
    {
        var found = new Dictionary<ManagedObject, VimVM>();
        foreach (var vm in session.Retrieve(references, VimVMReader.Paths, cancellation)) found[vm.Reference] = VimVMReader.ReadFor(session.Server, vm);
        return found;
    }

    private Dictionary<ManagedObject, IReadOnlyList<ManagedObject>> Follow(List<ManagedObject> objects, string path, CancellationToken cancellation)
    {
        var related = new Dictionary<ManagedObject, IReadOnlyList<ManagedObject>>();
        if (objects.Count == 0) return related;
        foreach (var one in session.Retrieve(objects, [path], cancellation))
        {
            if (one.Refused.TryGetValue(path, out var problem)) Fail(problem);
            related[one.Reference] = path == "host" ? one.Properties.References(path) : one.Properties.Reference(path) is { } host ? [host] : [];
        }

        return related;
    }

    private void Fail(PassthruException problem) => _options.OnError?.Invoke(problem);
}
