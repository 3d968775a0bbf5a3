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

    /// <summary>The VM is suspended: it goes on with the devices that it had.</summary>
    public static readonly ErrorDefinition VMSuspended = new(
        "VMSuspended", ErrorKind.InvalidOperation,
        "'{0}' belongs to a VM that is suspended by '{1}'; its devices must stay as they were when it was.",
        "Resume the VM and shut it down first, then collect its evidence again (or set powerState in vm.json to poweredOff).");

    /// <summary>A VM's folder without a .vmx.</summary>
    public static readonly ErrorDefinition VmxMissing = new(
        "VMWithoutVmx", ErrorKind.ObjectNotFound,
        "'{0}' has no .vmx file.",
        "Name the .vmx itself, or the folder of one VM that holds it.");

    /// <summary>A folder with several.</summary>
    public static readonly ErrorDefinition VmxAmbiguous = new(
        "VMAmbiguousVmx", ErrorKind.InvalidArgument,
        "'{0}' has several .vmx files: {1}.",
        "Name one of them.");

    /// <summary>The entry stands for no whole PCI function.</summary>
    public static readonly ErrorDefinition SlotNotSettable = new(
        "VmxSlotNotPassthrough", ErrorKind.InvalidArgument,
        "{0} is {1}; msiEnabled is set for whole functions only.",
        "Choose entries whose Kind is Passthrough, as Get-VMPassthruMsiMode shows.");

    /// <summary>Which entry is the device's can't be told through the API.</summary>
    public static readonly ErrorDefinition SlotNotProven = new(
        "VMSlotNotProven", ErrorKind.InvalidOperation,
        "{0}: that this is the device's entry follows from the order of the devices only; the key might be another device's, so it is not set.",
        "Look up the N in the VM's .vmx, which names the device, and give it with -Slot: then it is set as asked.");

    /// <summary>No entry of any VM names the device.</summary>
    public static readonly ErrorDefinition DeviceNotFound = new(
        "VMDeviceNotFound", ErrorKind.ObjectNotFound,
        "None of the VMs has the device {0}.",
        "List the devices with Get-VMPassthruMsiMode; the address is hexadecimal, as esxcli and lspci print it. An id in a .vmx is decimal.");

    /// <summary>The key that a value was to be written to is gone.</summary>
    public static readonly ErrorDefinition KeyMissing = new(
        "RegKeyMissing", ErrorKind.ObjectNotFound,
        "'{0}' does not have the key {1}.",
        "Export the guest's registry again and make a new plan.");

    /// <summary>The file to write is the export itself.</summary>
    public static readonly ErrorDefinition DestinationIsExport = new(
        "RegDestinationIsExport", ErrorKind.InvalidArgument,
        "'{0}' is the export, which shows how the guest was before; it is not overwritten.",
        "Give -Destination another name.");

    /// <summary>Exports of several guests for one file.</summary>
    public static readonly ErrorDefinition SeveralExports = new(
        "GuestMsiSeveralExports", ErrorKind.InvalidArgument,
        "The devices come from {0} exports; a file to import is for one guest. Nothing was written.",
        "Call the command once for each export, each time with another -Destination.");

    /// <summary>No device was chosen.</summary>
    public static readonly ErrorDefinition DeviceRequired = new(
        "GuestMsiDeviceRequired", ErrorKind.InvalidArgument,
        "'{0}': which devices to change is not said.",
        "Give -InstanceId, -HardwareId or -Device, or pipe devices from Get-GuestMsiSetting.");

    /// <summary>Vendor and device can't be read.</summary>
    public static readonly ErrorDefinition DeviceInvalid = new(
        "GuestMsiDeviceInvalid", ErrorKind.InvalidArgument,
        "'{0}' is no pair of vendor and device.",
        "Write four hexadecimal digits each, such as 10df:f100.");
}
