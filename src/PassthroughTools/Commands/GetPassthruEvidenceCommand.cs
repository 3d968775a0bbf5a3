using System.Management.Automation;
using PassthroughTools.Evidence;

namespace PassthroughTools.Commands;

/// <summary>
/// Reads evidence: a folder a host, a folder of such folders, a support bundle, what the vSphere API tells of hosts at connected servers, what the hosts
/// themselves tell over SSH, or both.
/// </summary>
[Cmdlet(VerbsCommon.Get, "PassthruEvidence", DefaultParameterSetName = "VMHost")]
[OutputType(typeof(HostEvidence))]
public sealed partial class GetPassthruEvidenceCommand : EvidenceCmdlet
{
    /// <inheritdoc/>
    protected override void Answer(HostEvidence host)
    {
        if (Ssh && host.Vim is not null) CollectToo(host);
        else WriteEvidence(host);
    }

    /// <inheritdoc/>
    protected override bool ProcessOther()
    {
        if (ParameterSetName != HostNameSet) return false;
        ProcessHostNames();
        return true;
    }

    /// <inheritdoc/>
    protected override void Finish() => FinishSsh();
}
