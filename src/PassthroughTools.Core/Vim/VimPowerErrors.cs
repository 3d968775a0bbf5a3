namespace PassthroughTools.Vim;

/// <summary>Errors about VMs that are shut down and started for a change. {0} is the VM with its server.</summary>
public static class VimPowerErrors
{
    /// <summary>The guest did not go down.</summary>
    public static readonly ErrorDefinition ShutdownTimeout = new(
        "VMShutdownTimeout", ErrorKind.OperationTimeout,
        "{0} was asked to shut down and is still {1} after {2}; nothing of it was changed.",
        "See what holds the guest up. Once it is off, run the command again; go on with a run by Invoke-PassthruRemediation -Resume, or take it back with Undo-PassthruRemediation.");

    /// <summary>The VM did not come back.</summary>
    public static readonly ErrorDefinition StartFailed = new(
        "VMDidNotStart", ErrorKind.InvalidOperation,
        "{0} was changed and did not start again: {1}",
        "No other VM is taken down. See why it does not start. Undo-PassthruRemediation brings a run's old settings back and starts it; after Set-VMPassthruMsiMode, set the old mode and start it.");

    /// <summary>The VM is on, its guest does not answer.</summary>
    public static readonly ErrorDefinition StartTimeout = new(
        "VMStartTimeout", ErrorKind.OperationTimeout,
        "{0} was changed and started, but VMware Tools in its guest do not answer after {1}.",
        "No other VM is taken down. Look at the VM's console; Undo-PassthruRemediation brings a run's old settings back.");

    /// <summary>On, where it must be off.</summary>
    public static readonly ErrorDefinition PoweredOn = new(
        "VMIsPoweredOn", ErrorKind.InvalidOperation,
        "{0} is {1}; the setting can only be changed while it is off.",
        "Shut it down first; or let Set-VMPassthruMsiMode -Restart or Invoke-PassthruRemediation do it, which start it again.");

    /// <summary>Off, where its guest must be asked.</summary>
    public static readonly ErrorDefinition PoweredOff = new(
        "VMIsPoweredOff", ErrorKind.InvalidOperation,
        "{0} is off; a setting of its guest can only be changed while it runs.",
        "Start the VM, wait for VMware Tools and try again.");

    /// <summary>Left alone, since an earlier one did not come back.</summary>
    public static readonly ErrorDefinition NotAttempted = new(
        "VMNotAttempted", ErrorKind.InvalidOperation,
        "{0} was not taken down and not changed, since {1} did not come back.",
        "See why the other did not start, then run the command again for this one.");

    /// <summary>A template, which can't be reconfigured.</summary>
    public static readonly ErrorDefinition IsTemplate = new(
        "VMIsTemplate", ErrorKind.InvalidOperation,
        "{0} is a template; its settings can't be changed.",
        "Convert it to a VM first, and back afterwards.");

    /// <summary>A text that should name a VM of a server.</summary>
    public static readonly ErrorDefinition TargetUnknown = new(
        "VMTargetUnknown", ErrorKind.InvalidData,
        "'{0}' names no VM of a vSphere server.",
        "It is written vsphere://server/VirtualMachine-id. Make a new plan from evidence of the server.");

    /// <summary>Stopped by the user in the middle.</summary>
    public static readonly ErrorDefinition LeftShuttingDown = new(
        "VMLeftShuttingDown", ErrorKind.InvalidOperation,
        "{0} was asked to shut down when the run was stopped; it will go off and not be started by this run.",
        "Start it by hand, or resume or undo the run, which starts it.");
}
