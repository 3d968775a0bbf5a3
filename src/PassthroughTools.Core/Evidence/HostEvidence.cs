using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Registry;
using PassthroughTools.Vim;
using PassthroughTools.Vmx;

namespace PassthroughTools.Evidence;

/// <summary>
/// All that is known of one host, whatever it was read from. A null list means "not given"; an empty one means "given, and there is none".
/// </summary>
public sealed record HostEvidence
{
    /// <summary>Host.</summary>
    public required string HostName { get; init; }

    /// <summary>Folder, archive or server that it comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The host at the vSphere server that it was read from; null where it was read from files or over SSH.</summary>
    public VimTarget? Vim { get; init; }

    /// <summary>ESXi version.</summary>
    public EsxVersion? Version { get; init; }

    /// <summary>Logical CPUs, as the vmkernel counts them.</summary>
    public int? LogicalCpus { get; init; }

    /// <summary>Whether it is in maintenance mode, in which it starts no VM; null where that is not known, as from files.</summary>
    public bool? IsInMaintenance { get; init; }

    /// <summary>How many passthrough devices the host gives to one VM by its own word; null where it was not asked.</summary>
    public PassthruVMLimit? VMLimit { get; init; }

    /// <summary>When it was collected.</summary>
    public DateTimeOffset? CollectedAt { get; init; }

    /// <summary>Listing of the interrupt vectors.</summary>
    public VsishVectorList? VectorList { get; init; }

    /// <summary><c>esxcli hardware pci list</c>.</summary>
    public IReadOnlyList<EsxcliPciDevice>? PciDevices { get; init; }

    /// <summary><c>esxcli hardware pci pcipassthru list</c>, from 7.0 on.</summary>
    public IReadOnlyList<EsxcliPassthruDevice>? PassthruDevices { get; init; }

    /// <summary><c>esxcli system settings kernel list</c>.</summary>
    public IReadOnlyList<KernelSetting>? KernelSettings { get; init; }

    /// <summary>Configuration space of the devices.</summary>
    public IReadOnlyList<PciConfigSpace>? ConfigSpaces { get; init; }

    /// <summary>Events of the vmkernel logs, oldest first.</summary>
    public IReadOnlyList<PassthruLogEvent>? LogEvents { get; init; }

    /// <summary>True where the newest lines of the log are missing, so that what came after <see cref="LogEvents"/> is not known.</summary>
    internal bool IsLogCutOff { get; init; }

    /// <summary>Virtual machines.</summary>
    public IReadOnlyList<VMEvidence>? VMs { get; init; }

    /// <summary>True where <see cref="VMs"/> has every VM of the host that may have a passthrough device, by the host's own list.</summary>
    internal bool HasAllVMs { get; init; }

    /// <summary>What became of each file.</summary>
    public IReadOnlyList<EvidenceFile> Files { get; init; } = [];

    /// <summary>Names of the files that are not there or could not be read.</summary>
    public IReadOnlyList<string> Missing =>
        [.. Files.Where(file => file.Status is EvidenceFileStatus.Missing or EvidenceFileStatus.Unreadable).Select(file => file.Name)];

    /// <summary>What the readers had to say.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What its sources disagree on, where there were several; see <see cref="EvidenceMerger"/>.</summary>
    public IReadOnlyList<Disagreement> Disagreements { get; init; } = [];

    /// <summary>Keeps temporary raw files alive for as long as this record or a copy of it is in use.</summary>
    internal object? Keeper { get; init; }

    /// <summary>The device of the host's list at an address.</summary>
    /// <param name="address">Address.</param>
    public EsxcliPciDevice? FindDevice(PciAddress? address) => PciDevices?.FirstOrDefault(device => device.Address == address);

    /// <summary>The configuration space of the device at an address.</summary>
    /// <param name="address">Address.</param>
    public PciConfigSpace? FindConfigSpace(PciAddress? address) => ConfigSpaces?.FirstOrDefault(device => device.Address == address);

    /// <summary>A kernel setting's row, by name.</summary>
    /// <param name="name">Name of the setting.</param>
    public KernelSetting? FindSetting(string name) =>
        KernelSettings?.FirstOrDefault(setting => string.Equals(setting.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override string ToString() => HostName;
}

/// <summary>What a host gives to one VM by its own word (<c>numPCIPassthroughDevices</c>).</summary>
/// <param name="Devices">Most passthrough devices.</param>
/// <param name="HardwareVersion">Hardware version of the VM that this holds for: the newest that the host knows.</param>
public sealed record PassthruVMLimit(int Devices, int? HardwareVersion);

/// <summary>All that is known of one virtual machine.</summary>
public sealed record VMEvidence
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Folder or server that it comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The VM at the vSphere server that it was read from; null where it was read from files.</summary>
    public VimTarget? Vim { get; init; }

    /// <summary>Path of the .vmx, where it came from a file.</summary>
    public string? VmxPath { get; init; }

    /// <summary>Path of the registry export, where it came from a file.</summary>
    public string? RegistryPath { get; init; }

    /// <summary>A running guest and the way to it (<c>guest://…</c>), where its settings were read from there; null where they came from an export.</summary>
    public string? GuestPlace { get => field ?? RegistryPath; init; }

    /// <summary>Where its configuration is changed: the VM at its server, which knows better than a .vmx that was copied from it, or a .vmx; null where it can't be.</summary>
    public string? ConfigurationPlace => Vim?.ToString() ?? VmxPath;

    /// <summary>Power state.</summary>
    public VMPowerState PowerState { get; init; }

    /// <summary>Guest operating system as the VM is configured, such as windows7srv-64.</summary>
    public string? GuestOS { get; init; }

    /// <summary>Family of the guest's operating system.</summary>
    public GuestFamily GuestFamily { get; init; }

    /// <summary>Virtual hardware version; null when not known.</summary>
    public int? HardwareVersion { get; init; }

    /// <summary>Passthrough slots; null when no configuration was given.</summary>
    public IReadOnlyList<PassthruSlot>? Slots { get; init; }

    /// <summary>Interrupt settings of the guest's devices; null when none were given.</summary>
    public IReadOnlyList<GuestMsiSetting>? GuestSettings { get; init; }

    /// <summary>Devices that a Linux guest lists; null when none were given.</summary>
    public IReadOnlyList<GuestLspciDevice>? GuestDevices { get; init; }

    /// <summary>Fibre Channel ports that the guest lists; null when none were given.</summary>
    public IReadOnlyList<GuestFabricPort>? FabricPorts { get; init; }

    /// <summary>Events of the VM's own logs, oldest first.</summary>
    public IReadOnlyList<PassthruLogEvent>? LogEvents { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
