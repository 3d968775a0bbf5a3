using PassthroughTools.Registry;
using PassthroughTools.Text;
using PassthroughTools.Vmx;

namespace PassthroughTools.Evidence;

/// <summary>Reads the files of one virtual machine.</summary>
internal static class VMEvidenceLoader
{
    public static VMEvidence Load(VMLayout layout, HostEvidenceLoader loader)
    {
        var prefix = loader.Relative(layout.Root) + "/";
        var vmxPath = ChooseVmx(layout, loader, prefix);
        var json = loader.Try(prefix + VMLayout.VMJsonName, layout.VMJson, EvidenceJson.ReadVM, "whether the VM is on");
        var config = loader.Try(prefix + layout.Name + ".vmx", vmxPath, path => VmxConfiguration.From(VmxDocument.Load(path)), "which devices the VM uses");
        foreach (var warning in config?.Warnings ?? []) loader.Warn(prefix + Path.GetFileName(vmxPath), warning);
        var name = json?.Name ?? config?.VM ?? layout.Name;
        var family = config?.GuestFamily ?? GuestFamily.Unknown;
        if (family == GuestFamily.Unknown) family = GuestFamilies.FromGuestOS(json?.GuestId);
        return new VMEvidence
        {
            Name = name,
            Source = layout.Root,
            VmxPath = vmxPath,
            RegistryPath = layout.Registry,
            PowerState = json?.PowerState ?? VMPowerState.Unknown,
            GuestOS = config?.GuestOS ?? json?.GuestId,
            GuestFamily = family,
            HardwareVersion = config?.HardwareVersion,
            Slots = config is null or { IsEncrypted: true } ? null : config.Slots,
            GuestSettings = loader.Try(prefix + VMLayout.RegistryName, layout.Registry, path => ReadRegistry(path, name, loader), "the guest's MSI settings", isOptional: family != GuestFamily.Windows),
            GuestDevices = loader.Try(prefix + VMLayout.LspciName, layout.Lspci, path => GuestLspciReader.Read(TextFile.ReadAllLines(path), name), "how the guest drives its devices", isOptional: family != GuestFamily.Linux),
            FabricPorts = loader.Try(prefix + VMLayout.FabricName, layout.Fabric, path => GuestFabricPortReader.Read(TextFile.ReadAllLines(path), name), "the Fibre Channel ports", isOptional: true),
            LogEvents = loader.ReadLogs(layout.Logs, prefix + "vmware.log", null),
        };
    }

    private static string? ChooseVmx(VMLayout layout, HostEvidenceLoader loader, string prefix)
    {
        if (layout.VmxFiles.Count <= 1) return layout.VmxFiles.Count == 0 ? null : layout.VmxFiles[0];
        var chosen = layout.VmxFiles.FirstOrDefault(path => string.Equals(Path.GetFileNameWithoutExtension(path), layout.Name, StringComparison.OrdinalIgnoreCase)) ?? layout.VmxFiles[0];
        loader.Warn(prefix, FormattableString.Invariant($"{layout.VmxFiles.Count} .vmx files; {Path.GetFileName(chosen)} is read."));
        return chosen;
    }

    private static IReadOnlyList<GuestMsiSetting> ReadRegistry(string path, string vm, HostEvidenceLoader loader)
    {
        var document = RegDocument.Load(path);
        var settings = GuestMsiReader.Read(document);
        foreach (var warning in document.Warnings.Concat(settings.SelectMany(setting => setting.Warnings))) loader.Warn(loader.Relative(path), warning);
        return [.. settings.Select(setting => setting with { VM = vm })];
    }
}
