using System.Management.Automation;
using PassthroughTools.Evidence;

namespace PassthroughTools.Commands;

/// <summary>
/// Reads evidence: a folder a host, a folder of such folders, a support bundle, or what the vSphere API tells of hosts at connected servers.
/// </summary>
[Cmdlet(VerbsCommon.Get, "PassthruEvidence", DefaultParameterSetName = "VMHost")]
[OutputType(typeof(HostEvidence))]
public sealed class GetPassthruEvidenceCommand : EvidenceCmdlet
{
    /// <inheritdoc/>
    protected override void Answer(HostEvidence host)
    {
        foreach (var warning in host.Warnings) WriteWarning(host.HostName + ": " + warning);
        WriteObject(host);
    }
}
