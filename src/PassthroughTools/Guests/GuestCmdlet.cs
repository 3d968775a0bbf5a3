using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PassthroughTools.Guests;

namespace PassthroughTools;

/// <summary>Base of the cmdlets that work on running guests: the machine itself, by PowerShell remoting, or by VMware Tools.</summary>
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public abstract class GuestCmdlet : PassthruCmdlet
{
    /// <summary>Parameter set of the machine itself.</summary>
    protected const string LocalSet = "Local";

    /// <summary>Parameter set of open sessions.</summary>
    protected const string SessionSet = "Session";

    /// <summary>Parameter set of computers.</summary>
    protected const string ComputerSet = "ComputerName";

    /// <summary>Parameter set of VMs.</summary>
    protected const string VMSet = "VM";

    /// <summary>Works on this machine, as a runbook inside the guest does.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LocalSet)]
    public SwitchParameter Local { get; set; }

    /// <summary>Open sessions to guests (New-PSSession).</summary>
    [Parameter(Mandatory = true, ParameterSetName = SessionSet)]
    [ValidateNotNullOrEmpty]
    public PSSession[] Session { get; set; } = [];

    /// <summary>Guests to reach by PowerShell remoting.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ComputerSet)]
    [ValidateNotNullOrEmpty]
    public string[] ComputerName { get; set; } = [];

    /// <summary>Account for PowerShell remoting.</summary>
    [Parameter(ParameterSetName = ComputerSet)]
    public PSCredential? Credential { get; set; }

    /// <summary>VMs of PowerCLI's Get-VM, or names; they are reached through VMware Tools.</summary>
    [Parameter(Mandatory = true, ParameterSetName = VMSet)]
    [ValidateNotNullOrEmpty]
    public PSObject[] VM { get; set; } = [];

    /// <summary>Account in the guest.</summary>
    [Parameter(Mandatory = true, ParameterSetName = VMSet)]
    public PSCredential? GuestCredential { get; set; }

    /// <summary>Longest wait for one answer of a guest.</summary>
    [Parameter(ParameterSetName = LocalSet)]
    [Parameter(ParameterSetName = SessionSet)]
    [Parameter(ParameterSetName = ComputerSet)]
    [Parameter(ParameterSetName = VMSet)]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = (int)Guest.DefaultTimeout.TotalSeconds;

    /// <summary>Ways to the guests.</summary>
    private protected GuestTransports Transports => new(this, Session, Credential, GuestCredential);

    /// <summary>Longest wait.</summary>
    private protected TimeSpan Wait => TimeSpan.FromSeconds(TimeoutSec);

    /// <summary>Works on each guest that was named; a failure of one does not keep the others from their turn.</summary>
    /// <param name="work">Work on a guest.</param>
    protected void ForEachGuest(Action<Guest> work)
    {
        foreach (var (way, target, vm) in Ways())
        {
            StopToken.ThrowIfCancellationRequested();
            Guard(() => work(new Guest(way(), Wait, StopToken) { FindSlots = vm is null ? null : () => GuestTransports.SlotsOf(vm) }), target);
        }
    }

    private IEnumerable<(Func<IGuestTransport> Way, object Target, PSObject? VM)> Ways()
    {
        var transports = Transports;
        return ParameterSetName switch
        {
            LocalSet => Local ? [(GuestTransports.Local, Environment.MachineName, null)] : [],
            SessionSet => Session.Select(session => ((Func<IGuestTransport>)(() => GuestTransports.Of(session)), (object)session, (PSObject?)null)),
            ComputerSet => ComputerName.Select(name => ((Func<IGuestTransport>)(() => transports.Of(name)), (object)name, (PSObject?)null)),
            VMSet => VM.Select(vm => ((Func<IGuestTransport>)(() => transports.OfVM(vm)), vm.BaseObject, (PSObject?)vm)),
            _ => [],
        };
    }
}
