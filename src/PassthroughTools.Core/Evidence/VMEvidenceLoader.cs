using PassthroughTools.Registry;
using PassthroughTools.Text;
using PassthroughTools.Vmx;

namespace PassthroughTools.Evidence;

/// <summary>Reads the files of one virtual machine.</summary>
internal static class VMEvidenceLoader
{
    public static VMEvidence Load(VMLayout layout, HostEvidenceLoader loader)
    {
        var prefix = layout.Folder + "/";
        var vmx = ChooseVmx(layout, loader, prefix);
        var json = loader.Try(prefix + VMLayout.VMJsonName, layout.VMJson, file => EvidenceJson.ReadVM(file.Path), "whether the VM is on");
        var config = loader.Try(prefix + layout.Name + ".vmx", vmx, file => VmxConfiguration.From(VmxDocument.Load(file.Path)), "which devices the VM uses");
        foreach (var warning in config?.Warnings ?? []) loader.Warn(vmx!.Name, warning);
        var name = json?.Name ?? config?.VM ?? layout.Name;
        var family = config?.GuestFamily ?? GuestFamily.Unknown;
        if (family == GuestFamily.Unknown) family = GuestFamilies.FromGuestOS(json?.GuestId);
        return new VMEvidence
        {
            Name = name,
            Source = layout.Folder,
            VmxPath = vmx is null ? null : loader.PlaceOf(vmx),
            RegistryPath = layout.Registry is null ? null : loader.PlaceOf(layout.Registry),
            PowerState = json?.PowerState ?? VMPowerState.Unknown,
            GuestOS = config?.GuestOS ?? json?.GuestId,
            GuestFamily = family,
            HardwareVersion = config?.HardwareVersion,
            Slots = config is null or { IsEncrypted: true } || !IsOwn(layout, vmx) ? null : config.Slots,
            GuestSettings = loader.Try(prefix + VMLayout.RegistryName, layout.Registry, file => ReadRegistry(file, name, loader), "the guest's MSI settings", isOptional: family != GuestFamily.Windows),
            GuestDevices = loader.Try(prefix + VMLayout.LspciName, layout.Lspci, file => GuestLspciReader.Read(TextFile.ReadAllLines(file.Path), name), "how the guest drives its devices", isOptional: family != GuestFamily.Linux),
            FabricPorts = loader.Try(prefix + VMLayout.FabricName, layout.Fabric, file => GuestFabricPortReader.Read(TextFile.ReadAllLines(file.Path), name), "the Fibre Channel ports", isOptional: true),
            LogEvents = loader.ReadLogs(layout.Logs, prefix + "vmware.log", null),
        };
    }

    /// <summary>Of several configurations that of the folder's name is the VM's; without one, any may be.</summary>
    private static bool IsOwn(VMLayout layout, LocatedFile? vmx) =>
        layout.VmxFiles.Count <= 1 || string.Equals(Path.GetFileNameWithoutExtension(vmx!.Name), layout.Name, StringComparison.OrdinalIgnoreCase);

    private static LocatedFile? ChooseVmx(VMLayout layout, HostEvidenceLoader loader, string prefix)
    {
        if (layout.VmxFiles.Count <= 1) return layout.VmxFiles.Count == 0 ? null : layout.VmxFiles[0];
        var chosen = layout.VmxFiles.FirstOrDefault(file => string.Equals(Path.GetFileNameWithoutExtension(file.Name), layout.Name, StringComparison.OrdinalIgnoreCase)) ?? layout.VmxFiles[0];
        loader.Warn(prefix, FormattableString.Invariant($"{layout.VmxFiles.Count} .vmx files; {chosen.Name} is read."));
        return chosen;
    }

    private static IReadOnlyList<GuestMsiSetting> ReadRegistry(LocatedFile file, string vm, HostEvidenceLoader loader)
    {
        var document = RegDocument.Load(file.Path);
        var settings = GuestMsiReader.Read(document, vm);
        foreach (var warning in document.Warnings.Concat(settings.SelectMany(setting => setting.Warnings))) loader.Warn(file.Name, warning);
        return settings;
    }
}
