namespace PassthroughTools.Remediation;

/// <summary>Errors about files that are to be changed.</summary>
public static class RemediationErrors
{
    /// <summary>The .vmx is in use.</summary>
    public static readonly ErrorDefinition VMLocked = new(
        "VMLocked", ErrorKind.ResourceBusy,
        "'{0}' is locked by '{1}': the VM is running or being edited.",
        "Power the VM off and wait until the lock is gone; a lock that outlives its owner can be removed by hand.");

    /// <summary>The VM is on.</summary>
    public static readonly ErrorDefinition VMPoweredOn = new(
        "VMPoweredOn", ErrorKind.InvalidOperation,
        "'{0}' belongs to a VM that is powered on by '{1}'; a running VM does not read its .vmx.",
        "Shut the VM down first, then collect its evidence again (or set powerState in vm.json to poweredOff).");
}
