namespace PassthroughTools.Registry;

/// <summary>Errors about the interrupt settings of Windows guests.</summary>
public static class GuestMsiErrors
{
    /// <summary>The export has no PCI devices.</summary>
    public static readonly ErrorDefinition NoPciDevices = new(
        "GuestMsiNoPciDevices", ErrorKind.InvalidData,
        "'{0}' has no key of a PCI device.",
        "Make the export in the guest with: reg export HKLM\\SYSTEM\\CurrentControlSet\\Enum\\PCI guest-pci.reg");

    /// <summary>Several control sets, none of which is known to be in use.</summary>
    public static readonly ErrorDefinition AmbiguousControlSet = new(
        "GuestMsiAmbiguousControlSet", ErrorKind.InvalidData,
        "'{0}' has the devices of several control sets ({1}) and does not tell which of them is in use.",
        "Export CurrentControlSet from the running guest; from an offline hive, export its key Select too.");

    /// <summary>The instance is no PCI device.</summary>
    public static readonly ErrorDefinition NotPciInstance = new(
        "GuestMsiNotPciInstance", ErrorKind.SecurityError,
        "'{0}' is no instance of a PCI device; nothing outside Enum\\PCI is changed.",
        "Give an instance id of the form PCI\\VEN_xxxx&DEV_xxxx&SUBSYS_xxxxxxxx&REV_xx\\instance, as Get-GuestMsiSetting shows.");

    /// <summary>The instance is not in the export.</summary>
    public static readonly ErrorDefinition InstanceNotFound = new(
        "GuestMsiInstanceNotFound", ErrorKind.ObjectNotFound,
        "'{0}' does not have the device {1}.",
        "Export Enum\\PCI again, and list the devices with Get-GuestMsiSetting.");

    /// <summary>The limit makes no sense.</summary>
    public static readonly ErrorDefinition InvalidLimit = new(
        "GuestMsiInvalidLimit", ErrorKind.InvalidArgument,
        "{0} can't be a MessageNumberLimit of {1}: {2}.",
        "For MSI it is 1, 2, 4, 8 or 16; for MSI-X any number from 1 to 2048.");

    /// <summary>The change contradicts itself.</summary>
    public static readonly ErrorDefinition InvalidChange = new(
        "GuestMsiInvalidChange", ErrorKind.InvalidArgument,
        "The change of {0} makes no sense: {1}.",
        "Give each device once, and for each value either a new value or its removal.");
}
