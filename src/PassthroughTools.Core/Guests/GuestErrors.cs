namespace PassthroughTools.Guests;

/// <summary>Errors about guests that are asked or changed while they run. {0} is always the guest.</summary>
public static class GuestErrors
{
    /// <summary>The answer stops in the middle.</summary>
    public static readonly ErrorDefinition AnswerTruncated = new(
        "GuestAnswerTruncated", ErrorKind.InvalidData,
        "The answer of guest '{0}' is cut off: {1}.",
        "Ask for fewer devices (-Device), or reach the guest another way (-Session, -ComputerName). Whether a change was made tells Get-GuestMsiSetting.");

    /// <summary>The answer is not what the guest sent.</summary>
    public static readonly ErrorDefinition AnswerDamaged = new(
        "GuestAnswerDamaged", ErrorKind.InvalidData,
        "The answer of guest '{0}' is damaged: {1}.",
        "Try again; if it stays so, look for what changes the output in the guest (a profile script, a security agent).");

    /// <summary>Something else was answered.</summary>
    public static readonly ErrorDefinition NoAnswer = new(
        "GuestNoAnswer", ErrorKind.InvalidData,
        "Guest '{0}' did not answer the script but printed: {1}",
        "Check by hand that a script can be run in the guest; Windows PowerShell 2.0 or later is needed there.");

    /// <summary>The answer changed between its parts.</summary>
    public static readonly ErrorDefinition AnswerChanged = new(
        "GuestAnswerChanged", ErrorKind.InvalidOperation,
        "The settings of guest '{0}' changed while they were read in parts.",
        "Try again when no devices are being installed in the guest.");

    /// <summary>No answer in time.</summary>
    public static readonly ErrorDefinition Timeout = new(
        "GuestTimeout", ErrorKind.OperationTimeout,
        "Guest '{0}' did not answer within {1} seconds.",
        "Raise -TimeoutSec, or check that the guest and its VMware Tools respond. Whether a change was made tells Get-GuestMsiSetting.");

    /// <summary>PowerShell's constrained language mode, or none at all.</summary>
    public static readonly ErrorDefinition ConstrainedLanguage = new(
        "GuestConstrainedLanguage", ErrorKind.PermissionDenied,
        "PowerShell in guest '{0}' is in {1} mode, in which the registry can't be reached; nothing was changed.",
        "Run as an account that the guest's application control lets use the full language, or use an export: reg export HKLM\\SYSTEM\\CurrentControlSet\\Enum\\PCI guest-pci.reg");

    /// <summary>Scripts are disabled.</summary>
    public static readonly ErrorDefinition ExecutionPolicy = new(
        "GuestExecutionPolicy", ErrorKind.PermissionDenied,
        "The execution policy of guest '{0}' does not let the script run; nothing was changed.",
        "Allow scripts for the account in the guest (Set-ExecutionPolicy RemoteSigned), unless a group policy sets it; else use an export.");

    /// <summary>Not an administrator.</summary>
    public static readonly ErrorDefinition NotElevated = new(
        "GuestNotElevated", ErrorKind.PermissionDenied,
        "The account may not use the registry of guest '{0}' as needed; nothing was changed. {1}",
        "Use an account with administrator rights in the guest; locally, start PowerShell as administrator.");

    /// <summary>A path that is none of ours.</summary>
    public static readonly ErrorDefinition NotPci = new(
        "GuestPathRefused", ErrorKind.SecurityError,
        "Guest '{0}' refused '{1}': it is not an interrupt setting below Enum\\PCI. Nothing was changed.",
        "Give an instance id as Get-GuestMsiSetting shows it.");

    /// <summary>The device is gone.</summary>
    public static readonly ErrorDefinition DeviceNotFound = new(
        "GuestDeviceNotFound", ErrorKind.ObjectNotFound,
        "Guest '{0}' has no device {1}.",
        "List the devices with Get-GuestMsiSetting; an adapter that moved to another slot has another instance id.");

    /// <summary>The key of a value is gone.</summary>
    public static readonly ErrorDefinition KeyMissing = new(
        "GuestKeyMissing", ErrorKind.ObjectNotFound,
        "Guest '{0}' does not have the key {1}; nothing was changed.",
        "Read the guest again and make a new plan.");

    /// <summary>The key to remove has content.</summary>
    public static readonly ErrorDefinition KeyNotEmpty = new(
        "GuestKeyNotEmpty", ErrorKind.InvalidOperation,
        "The key {1} of guest '{0}' is no longer empty: someone else uses it; it was left.",
        "Look at what it holds; the run can be closed with Undo-PassthruRemediation -KeepConflicts.");

    /// <summary>A type that could not be put back.</summary>
    public static readonly ErrorDefinition ValueTypeUnsupported = new(
        "GuestValueTypeUnsupported", ErrorKind.InvalidData,
        "{1} in guest '{0}' has a registry type that can't be restored exactly, so it is not changed.",
        "Look at the value with regedit in the guest; where it is a mistake, make it a REG_DWORD by hand.");

    /// <summary>Someone else changed a value.</summary>
    public static readonly ErrorDefinition ValueChanged = new(
        "GuestValueChanged", ErrorKind.InvalidOperation,
        "A setting of guest '{0}' is not as it was read ({1}); nothing was changed.",
        "Read the settings again.");

    /// <summary>The disk that the guest boots from may be there.</summary>
    public static readonly ErrorDefinition BootDisk = new(
        "GuestBootDisk", ErrorKind.SecurityError,
        "{1} in guest '{0}' was not restarted: it is not certain that the boot disk is on another adapter.",
        "Restart the guest instead: -Restart Guest.");

    /// <summary>A device can't be restarted alone.</summary>
    public static readonly ErrorDefinition RestartFailed = new(
        "GuestRestartFailed", ErrorKind.InvalidOperation,
        "Guest '{0}' could not restart {1}; its settings are written and take effect with the next restart.",
        "Restart the guest: -Restart Guest, or by hand. Restarting single devices needs Windows 10 2004 or Windows Server 2022.");

    /// <summary>No WMI.</summary>
    public static readonly ErrorDefinition WmiMissing = new(
        "GuestWmiMissing", ErrorKind.NotInstalled,
        "PowerShell in guest '{0}' has neither Get-WmiObject nor Get-CimInstance, so its Fibre Channel ports can't be read.",
        "Use Windows PowerShell in the guest, or read the ports with the adapter's own tool.");

    /// <summary>Any other failure in the guest.</summary>
    public static readonly ErrorDefinition ScriptFailed = new(
        "GuestScriptFailed", ErrorKind.InvalidOperation,
        "The script failed in guest '{0}': {1}",
        "Look at the message; the same request by hand in the guest tells more.");

    /// <summary>The other family.</summary>
    public static readonly ErrorDefinition WrongFamily = new(
        "GuestWrongFamily", ErrorKind.InvalidOperation,
        "Guest '{0}' runs {1}, where interrupt settings are the drivers' own parameters and are not changed from here.",
        "Get-GuestMsiSetting names the parameter of each driver.");

    /// <summary>The way to the guest failed.</summary>
    public static readonly ErrorDefinition TransportFailed = new(
        "GuestTransportFailed", ErrorKind.ConnectionError,
        "Guest '{0}' could not be reached: {1}",
        "Check that the VM runs, that VMware Tools or PowerShell remoting works there, and the credential.");

    /// <summary>The guest refused the credential.</summary>
    public static readonly ErrorDefinition LoginFailed = new(
        "GuestLoginFailed", ErrorKind.PermissionDenied,
        "Guest '{0}' refused the credential.",
        "Give -GuestCredential an account of the guest (not of vCenter), with its domain or computer name.");

    /// <summary>PowerCLI is not there.</summary>
    public static readonly ErrorDefinition PowerCliMissing = new(
        "GuestPowerCliMissing", ErrorKind.NotInstalled,
        "The command {1} is needed to reach guest '{0}' and was not found.",
        "Install PowerCLI (Install-Module VCF.PowerCLI, or VMware.PowerCLI) and connect with Connect-VIServer; or use -Session or -ComputerName.");

    /// <summary>The target names no guest.</summary>
    public static readonly ErrorDefinition TargetUnknown = new(
        "GuestTargetUnknown", ErrorKind.InvalidArgument,
        "'{0}' names no guest that can be reached from here.",
        "Give the session or credential of that guest (-Session, -Credential, -GuestCredential), or run the command on the machine itself.");

    /// <summary>Text with characters that can't be in a request.</summary>
    public static readonly ErrorDefinition RequestInvalid = new(
        "GuestRequestInvalid", ErrorKind.SecurityError,
        "A request to guest '{0}' would hold '{1}', which is refused.",
        "Give an instance id as Get-GuestMsiSetting shows it.");

    /// <summary>Ports that were logged in and are not any more.</summary>
    public static readonly ErrorDefinition FabricLoginLost = new(
        "GuestFabricLoginLost", ErrorKind.InvalidOperation,
        "{0}: ports that were logged in before are not any more: {1}.",
        "Wait for the fabric and test again with Test-GuestFabricLogin. To go back: Undo-PassthruRemediation -RunId {2}");

    /// <summary>A request of nothing that exists.</summary>
    public static readonly ErrorDefinition NoFabricPorts = new(
        "GuestNoFabricPorts", ErrorKind.ObjectNotFound,
        "Guest '{0}' has no Fibre Channel port.",
        "Check that the adapter's driver is loaded in the guest; without it the ports are not seen.");
}
