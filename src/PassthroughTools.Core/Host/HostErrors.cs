namespace PassthroughTools.Host;

/// <summary>Errors about the output of host commands.</summary>
public static class HostErrors
{
    /// <summary>The output was made with --formatter.</summary>
    public static readonly ErrorDefinition FormatterUnsupported = new(
        "EsxcliFormatterUnsupported", ErrorKind.InvalidData,
        "'{0}' was printed with esxcli's {1} formatter.",
        "Run the command again without --formatter: {2}");

    /// <summary>A record of the PCI list has no readable address.</summary>
    public static readonly ErrorDefinition PciRecordUnreadable = new(
        "EsxcliPciRecordUnreadable", ErrorKind.InvalidData,
        "'{0}', line {1}: the record that begins here has no address that can be read ('{2}').",
        "Leaving a device out could hide what it takes, so nothing was read. Run esxcli hardware pci list again and save its output unedited.");

    /// <summary>A row of the pass-through list can't be read.</summary>
    public static readonly ErrorDefinition PassthruRowUnreadable = new(
        "EsxcliPassthruRowUnreadable", ErrorKind.InvalidData,
        "'{0}', line {1}: '{2}' is not an address followed by true or false.",
        "Run esxcli hardware pci pcipassthru list again and save its output unedited.");

    /// <summary>A row of the lspci table can't be read.</summary>
    public static readonly ErrorDefinition LspciRowUnreadable = new(
        "LspciRowUnreadable", ErrorKind.InvalidData,
        "'{0}', line {1}: '{2}' is not a row of lspci -p.",
        "Run lspci -p (or vmkvsitools lspci -p) again and save its output unedited.");

    /// <summary>A row of the kernel settings can't be read.</summary>
    public static readonly ErrorDefinition KernelSettingUnreadable = new(
        "KernelSettingUnreadable", ErrorKind.InvalidData,
        "'{0}', line {1}: '{2}' is not a kernel setting.",
        "Run esxcli system settings kernel list again and save its output unedited.");

    /// <summary>The words are no version of ESXi.</summary>
    public static readonly ErrorDefinition VersionInvalid = new(
        "EsxVersionInvalid", ErrorKind.InvalidData,
        "'{0}' is not a version of ESXi.",
        "Write it as 8.0.2, 8.0 U2 or VMware ESXi 8.0.2 build-22380479; esxcli system version get prints it.");
}
