using System.Collections;

namespace PassthroughTools.Completion;

/// <summary>Offers the VMs in the evidence that the command line names.</summary>
public sealed class VMNameCompleter : EvidenceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Remark)> Names(IDictionary bound, CancellationToken cancellation) =>
        from host in Hosts(bound, cancellation)
        from vm in host.VMs ?? []
        select (vm.Name, $"{vm.Name} on {host.HostName}");
}
