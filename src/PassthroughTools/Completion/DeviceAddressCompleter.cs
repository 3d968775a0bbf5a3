using System.Collections;
using PassthroughTools.Vectors;

namespace PassthroughTools.Completion;

/// <summary>Offers the host addresses of passed-through devices in the evidence that the command line names.</summary>
public sealed class DeviceAddressCompleter : EvidenceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Remark)> Names(IDictionary bound, CancellationToken cancellation) =>
        from host in Hosts(bound, cancellation)
        from device in DemandCalculator.Compute(host, true)
        select (device.Address?.ToString() ?? "", $"{device.Address} of {device.VM} on {host.HostName}");
}
