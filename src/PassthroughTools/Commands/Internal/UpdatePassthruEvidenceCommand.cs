using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Guests;
using PassthroughTools.Vim;
using PassthroughTools.Vmx;

namespace PassthroughTools.Commands.Internal;

/// <summary>
/// Adds to a host's evidence what its running guests say, and reads it afresh after a run. Not exported: <c>Invoke-PassthruRemediation</c> calls it.
/// </summary>
[Cmdlet(VerbsData.Update, "PassthruEvidence")]
[OutputType(typeof(HostEvidence))]
public sealed class UpdatePassthruEvidenceCommand : RunCmdlet
{
    /// <summary>Evidence.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public HostEvidence? InputObject { get; set; }

    /// <summary>Reads again what a run may have changed, from where the evidence came from.</summary>
    [Parameter]
    public SwitchParameter Refresh { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guard(() =>
    {
        var host = InputObject!;
        if (Refresh) host = host.Vim is null ? Reread(host) : Ask(host);
        WriteObject(WithGuests(host));
    }, InputObject);

    private HostEvidence Reread(HostEvidence host) =>
        EvidenceReader.Read(host.Source ?? "", StopToken).FirstOrDefault(each => each.HostName == host.HostName)
        ?? throw InputErrors.NotFound.For(host, host.Source);

    /// <summary>The VMs and the log are read again; what a run can't change, and what only the host's own files told, stays.</summary>
    private HostEvidence Ask(HostEvidence host)
    {
        using var trace = VimTrace.To(WriteVerbose);
        PassthruException? failure = null;
        var options = new VimEvidenceOptions { IncludeLog = host.LogEvents is not null, OnError = error => failure = error };
        var fresh = new VimEvidenceReader(new VimSessions(this).Find(host.Vim!.Server), options).Read([host.Vim.Reference], StopToken).FirstOrDefault()
            ?? throw failure ?? VimErrors.ObjectGone.For(host, host.Vim);
        var known = (host.VMs ?? []).ToDictionary(vm => vm.Name, StringComparer.Ordinal);
        return host with
        {
            CollectedAt = fresh.CollectedAt,
            LogEvents = fresh.LogEvents ?? host.LogEvents,
            VMs = fresh.VMs is null ? null : [.. fresh.VMs.Select(vm => known.TryGetValue(vm.Name, out var before) ? vm with { LogEvents = before.LogEvents } : vm)],
        };
    }

    private HostEvidence WithGuests(HostEvidence host)
    {
        if (Session is null && Credential is null && GuestCredential is null) return host;
        var transports = new GuestTransports(this, Session, Credential, GuestCredential);
        return host with { VMs = host.VMs is null ? null : [.. host.VMs.Select(vm => WithGuest(transports, vm))] };
    }

    private VMEvidence WithGuest(GuestTransports transports, VMEvidence vm)
    {
        if (vm.PowerState != VMPowerState.PoweredOn || vm.GuestFamily != GuestFamily.Windows || vm.Slots is not { Count: > 0 } || TargetOf(vm) is not { } target) return vm;
        var result = vm;
        Guard(() =>
        {
            var guest = new Guest(transports.Find(target), null, StopToken) { FindSlots = () => vm.Slots };
            result = vm with { GuestSettings = guest.ReadSettings().Settings, GuestPlace = guest.Target.ToString(), FabricPorts = guest.ReadFabric() };
        }, vm);
        return result;
    }

    /// <summary>An open session that is named as the VM, VMware Tools where there is an account for it, else the computer of that name.</summary>
    private GuestTarget? TargetOf(VMEvidence vm)
    {
        if (Session?.Any(session => string.Equals(session.ComputerName ?? session.Name, vm.Name, StringComparison.OrdinalIgnoreCase)) == true) return new GuestTarget(GuestRoute.Remoting, vm.Name);
        if (GuestCredential is not null) return new GuestTarget(GuestRoute.Tools, vm.Vim?.Reference.ToString() ?? vm.Name);
        return Credential is not null ? new GuestTarget(GuestRoute.Remoting, vm.Name) : null;
    }
}
