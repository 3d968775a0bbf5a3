using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vim;

/// <summary>Makes a host's evidence from its properties.</summary>
internal static class VimHostReader
{
    private const string BootPrefix = "VMkernel.Boot.";
    private const string Advice = " Collect it over SSH, or with the script of Get-PassthruCollector.";

    /// <summary>What is asked of a host.</summary>
    public static readonly IReadOnlyList<string> Paths =
    [
        "name", "runtime.connectionState", "runtime.inMaintenanceMode", "config.product", "hardware.cpuInfo", "config.hyperThread", "hardware.pciDevice", "config.pciPassthruInfo",
        "config.option", "vm",
    ];

    /// <summary>Why a host's evidence can't be had; null where it can.</summary>
    /// <param name="server">Server.</param>
    /// <param name="host">Host.</param>
    public static PassthruException? Problem(string server, VimObject host)
    {
        if (host.Refused.Count > 0) return Paths.Where(host.Refused.ContainsKey).Select(path => host.Refused[path]).FirstOrDefault() ?? host.Refused.Values.First();
        var name = host.Properties.Text("name") ?? host.Reference.ToString();
        return host.Properties.Text("runtime.connectionState") is { } state && state != "connected"
            ? VimErrors.HostNotResponding.For(new VimTarget(server, host.Reference), name, state == "notResponding" ? "not responding" : state)
            : null;
    }

    /// <summary>Reads a host.</summary>
    /// <param name="server">Server.</param>
    /// <param name="host">Host.</param>
    /// <param name="vms">VMs that were read, by reference.</param>
    public static HostEvidence Read(string server, VimObject host, IReadOnlyDictionary<ManagedObject, VimVM> vms)
    {
        var properties = host.Properties;
        var passthru = properties.List("config.pciPassthruInfo");
        var infos = passthru.Select(info => (Address: VimNumbers.Address(info.Text("id")), Info: info)).Where(each => each.Address is not null)
            .GroupBy(each => each.Address!.Value).ToDictionary(group => group.Key, group => group.First().Info);
        var warnings = new List<string>();
        var devices = Devices(properties.List("hardware.pciDevice"), infos, warnings);
        var settings = Settings(properties.List("config.option"));
        var own = properties.References("vm").Select(reference => vms.TryGetValue(reference, out var vm) ? vm : null).OfType<VimVM>().ToList();
        foreach (var problem in own.Select(vm => vm.Problem).OfType<PassthruException>()) warnings.Add(problem.Message);
        List<VMEvidence> machines = [.. own.Select(vm => vm.Evidence).OfType<VMEvidence>()];
        warnings.AddRange(machines.SelectMany(vm => (vm.Slots ?? []).SelectMany(slot => slot.Notes.Select(note => FormattableString.Invariant($"{vm.Name}: pciPassthru{slot.Slot}: {note}")))));
        return new HostEvidence
        {
            HostName = properties.Text("name") ?? host.Reference.ToString(),
            Source = server,
            Vim = new VimTarget(server, host.Reference),
            Version = Version(properties),
            LogicalCpus = LogicalCpus(properties),
            IsInMaintenance = properties.Flag("runtime.inMaintenanceMode"),
            CollectedAt = DateTimeOffset.UtcNow,
            PciDevices = devices,
            PassthruDevices = passthru.Count == 0 ? null : [.. infos.Where(each => IsListed(each.Value)).OrderBy(each => each.Key).Select(each => PassthruDevice(each.Key, each.Value, server))],
            KernelSettings = settings.Count == 0 ? null : settings,
            VMs = machines,
            Files = [.. Files(devices is not null, Version(properties), machines)],
            Warnings = warnings,
        };
    }

    private static EsxVersion? Version(VimData properties) =>
        EsxVersion.TryParse($"{properties.Text("config.product.version")} build-{properties.Text("config.product.build")}", out var version) ? version : null;

    /// <summary>The threads of the processors; where the host does not use hyper-threading, one for each core.</summary>
    private static int? LogicalCpus(VimData properties)
    {
        var threads = properties.Number("hardware.cpuInfo.numCpuThreads") is > 0 and var count ? (int)(count & 0xffff) : (int?)null;
        var cores = properties.Number("hardware.cpuInfo.numCpuCores") is > 0 and var number ? (int)(number & 0xffff) : (int?)null;
        return properties.Flag("config.hyperThread.active") == false && cores < threads ? cores : threads;
    }

    private static List<EsxcliPciDevice>? Devices(IReadOnlyList<VimData> list, Dictionary<PciAddress, VimData> infos, List<string> warnings)
    {
        if (list.Count == 0) return null;
        var devices = new List<EsxcliPciDevice>(list.Count);
        foreach (var device in list)
        {
            if (VimNumbers.AddressOf(device) is not { } address)
            {
                warnings.Add($"A PCI device has an address that can't be read: '{device.Text("id")}' ({device.Text("deviceName")}).");
                continue;
            }

            infos.TryGetValue(address, out var info);
            devices.Add(new EsxcliPciDevice
            {
                Address = address,
                VendorName = device.Text("vendorName"),
                DeviceName = device.Text("deviceName"),
                // The API tells what is set aside; of the rest it does not tell whether the vmkernel drives it.
                ConfiguredOwner = info?.Flag("passthruEnabled") == true ? PciOwner.VMPassthru : info?.Flag("passthruActive") == true ? PciOwner.VMkernel : PciOwner.Unknown,
                CurrentOwner = info?.Flag("passthruActive") == true ? PciOwner.VMPassthru : info?.Flag("passthruEnabled") == true ? PciOwner.VMkernel : PciOwner.Unknown,
                VendorId = VimNumbers.Identifier(device, "vendorId"),
                DeviceId = VimNumbers.Identifier(device, "deviceId"),
                SubVendorId = VimNumbers.Identifier(device, "subVendorId"),
                SubDeviceId = VimNumbers.Identifier(device, "subDeviceId"),
                DeviceClass = VimNumbers.Identifier(device, "classId"),
                DeviceClassName = device.Text("deviceClassName"),
                PhysicalSlot = device.Number("physicalSlot") is >= 0 and <= int.MaxValue and var slot ? (int)slot : null,
                SlotDescription = device.Text("slotDescription"),
                PassthruCapable = info?.Flag("passthruCapable"),
                ParentDevice = VimNumbers.Address(device.Text("parentBridge")),
                DependentDevice = VimNumbers.Address(info?.Text("dependentDevice")),
                Source = "HostSystem.hardware.pciDevice",
            });
        }

        return devices;
    }

    private static bool IsListed(VimData info) => info.Flag("passthruCapable") == true || info.Flag("passthruEnabled") == true || info.TypeName == "HostSriovInfo";

    private static EsxcliPassthruDevice PassthruDevice(PciAddress address, VimData info, string server) => new(address, info.Flag("passthruEnabled") == true)
    {
        HardwareLabel = info.Text("hardwareLabel") is { Length: > 0 } label ? label : null,
        VirtualFunctions = info.Flag("sriovActive") == true ? (int?)info.Number("numVirtualFunction") : info.TypeName == "HostSriovInfo" ? 0 : null,
        Source = server,
    };

    private static List<KernelSetting> Settings(IReadOnlyList<VimData> options) =>
        [.. options.Where(option => option.Text("key")?.StartsWith(BootPrefix, StringComparison.OrdinalIgnoreCase) == true)
            .Select(option => new KernelSetting(option.Text("key")!.Substring(BootPrefix.Length), null, option.Text("value"), null, null, null) { Source = "HostSystem.config.option" })
            .OrderBy(setting => setting.Name, StringComparer.OrdinalIgnoreCase)];

    private static IEnumerable<EvidenceFile> Files(bool hasDevices, EsxVersion? version, List<VMEvidence> vms)
    {
        if (!hasDevices) yield return Missing(EvidenceLayout.PciListName, "The server gave no list of devices.");
        if (version is null) yield return Missing(EvidenceLayout.VersionName, "The server gave no version.");
        else if (!version.IsAtLeast(6, 0)) yield return Missing(EvidenceLayout.VectorListName, "The vSphere API does not tell the size of the 5.x vector pool.");
        yield return Missing(EvidenceLayout.KernelListName, "The vSphere API does not tell maxIntrCookies, intrFirstMsixVector and iovDisableIR.");
        yield return Missing(EvidenceLayout.ConfigSpaceName, "The vSphere API does not tell MSI-X table sizes.");
        yield return Missing(EvidenceLayout.VmkernelName + ".log", "The log was not asked for (-IncludeLog); it would tell requests, failures and the host's own allocations.");
        foreach (var vm in vms.Where(vm => vm.Slots is { Count: > 0 }))
        {
            var prefix = EvidenceLayout.VMFolder + "/" + vm.Name + "/";
            if (vm.GuestFamily == GuestFamily.Windows) yield return Missing(prefix + VMLayout.RegistryName, "The vSphere API does not tell the guest's MSI settings.");
            if (vm.GuestFamily == GuestFamily.Linux) yield return Missing(prefix + VMLayout.LspciName, "The vSphere API does not tell how the guest drives its devices.");
        }
    }

    private static EvidenceFile Missing(string name, string why) => new(name, EvidenceFileStatus.Missing, why + Advice);
}
