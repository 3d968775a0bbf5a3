using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PassthroughTools.Guests;
using PassthroughTools.Journal;
using PassthroughTools.Remediation;
using PassthroughTools.Vim;

namespace PassthroughTools;

/// <summary>Base of the cmdlets that carry out, resume or undo runs, on files, live VMs and running guests alike.</summary>
public abstract class RunCmdlet : JournalCmdlet
{
    private const int DefaultMinutes = 10;

    /// <summary>Open sessions to the guests that the run names.</summary>
    [Parameter]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public PSSession[]? Session { get; set; }

    /// <summary>Account for PowerShell remoting to them.</summary>
    [Parameter]
    public PSCredential? Credential { get; set; }

    /// <summary>Account in them, for VMware Tools.</summary>
    [Parameter]
    public PSCredential? GuestCredential { get; set; }

    /// <summary>Seconds that a guest may take to shut down before the run gives up; 600 by default.</summary>
    [Parameter]
    [ValidateRange(1, 86_400)]
    public int ShutdownTimeoutSec { get; set; } = DefaultMinutes * 60;

    /// <summary>Seconds that VMware Tools may take to answer after a VM was started; 600 by default.</summary>
    [Parameter]
    [ValidateRange(1, 86_400)]
    public int StartTimeoutSec { get; set; } = DefaultMinutes * 60;

    /// <summary>Most VMs that are down, or on their way down or up, at one time; 1 by default. They are taken in the plan's order.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 1;

    /// <summary>Makes a runner for whatever a run names.</summary>
    /// <param name="store">Journal.</param>
    private protected RemediationRunner OpenRunner(JournalStore store)
    {
        var sessions = new VimSessions(this);
        var limits = new VMPowerOptions { ShutdownTimeout = TimeSpan.FromSeconds(ShutdownTimeoutSec), StartTimeout = TimeSpan.FromSeconds(StartTimeoutSec), ThrottleLimit = ThrottleLimit };
        var power = new VMPowerCycle(sessions, limits, WriteVerbose, StopToken);
        var guests = new GuestRegistryActuator(new GuestTransports(this, Session, Credential, GuestCredential), null, StopToken);
        return new RemediationRunner(
            store,
            [new VmxFileActuator(), new RegFileActuator(), new GuestInBracketActuator(guests, power), new VimSettingActuator(sessions, power, StopToken)],
            power);
    }
}
