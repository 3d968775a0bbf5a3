using PassthroughTools.Vectors;

namespace PassthroughTools.Evidence.Export;

/// <summary>Redacts the files of several hosts alike.</summary>
internal sealed class EvidenceRedaction
{
    private readonly NameTable _names = new();
    private readonly Redactor _redactor;

    public EvidenceRedaction(IReadOnlyList<ExportSource> sources, IReadOnlyList<ExtraFile> extras, RedactionMap map, CancellationToken cancellation)
    {
        Map = map;
        _redactor = new Redactor(map, _names);
        foreach (var source in sources)
        {
            _names.AddHost(source.Host.HostName);
            foreach (var device in source.Host.PciDevices ?? [])
            {
                foreach (var number in new int?[] { device.VendorId, device.DeviceId, device.SubVendorId, device.SubDeviceId, device.DeviceClass }) _names.Reserve(number);
            }

            foreach (var slot in (source.Host.VMs ?? []).SelectMany(vm => vm.Slots ?? []))
            {
                foreach (var number in new int?[] { slot.VendorId, slot.DeviceId, slot.SubsystemVendorId, slot.SubsystemId }) _names.Reserve(number);
            }

            foreach (var vm in source.Host.VMs ?? []) _names.Add(NameKind.VM, vm.Name);
            foreach (var item in source.Items)
            {
                cancellation.ThrowIfCancellationRequested();
                if (item.Folder.Length > 0) _names.Add(NameKind.VM, item.Folder.Substring(item.Folder.IndexOf('/') + 1));
                if (IsVmx(item)) _names.Add(NameKind.VM, item.FileName.Substring(0, item.FileName.Length - 4));
                if (item.Path is not null) TextContent.Read(item.Path, IsWhole(item), text => Learn(item, text));
            }
        }

        foreach (var word in extras.SelectMany(extra => extra.Words)) _redactor.Learn(word, isLog: false);
        _redactor.Freeze();
    }

    public RedactionMap Map { get; }

    /// <summary>Names that are part of the formats' words.</summary>
    public IEnumerable<string> Partial => _names.Partial;

    /// <summary>Replaces what identifies in a text that is no file: a host's or a VM's name as such, anything else within it.</summary>
    public string Replace(string text) => _redactor.HostName(text);

    public string HostName(string name) => _redactor.HostName(name);

    public string Folder(ExportItem item) => item.Folder.Length == 0 ? "" : EvidenceLayout.VMFolder + "/" + _redactor.FileName(item.Folder.Substring(item.Folder.IndexOf('/') + 1));

    /// <summary>Only a .vmx is named after its VM; the other names belong to the layout.</summary>
    public string FileName(ExportItem item) => IsVmx(item) ? _redactor.FileName(item.FileName) : item.FileName;

    public void Write(ExportItem item, string path, Stream output) => TextContent.Rewrite(path, output, IsWhole(item), text => Replace(item, text));

    /// <summary>Replaces the content of a file that the export makes.</summary>
    public string Replace(ExportItem item, string text) => item.FileName switch
    {
        EvidenceLayout.HostJsonName => _redactor.ReplaceJson(text, isHost: true),
        VMLayout.VMJsonName => _redactor.ReplaceJson(text, isHost: false),
        VMLayout.RegistryName => _redactor.Replace(BinaryIdentifiers.ReplaceRegistry(text, _redactor)),
        EvidenceLayout.ConfigSpaceName or VMLayout.LspciName => _redactor.Replace(BinaryIdentifiers.ReplaceSerials(text, _redactor)),
        _ => _redactor.Replace(text),
    };

    /// <summary>All of a budget that must not change, as text.</summary>
    public static string Signature(HostEvidence host)
    {
        var budget = BudgetCalculator.Compute(host);
        var pools = budget.Pools.Select(pool => FormattableString.Invariant($"{pool.Pool} {pool.Verdict} {pool.Capacity} {pool.HostUse} {pool.Demand} {pool.Provenance} {pool.Arithmetic}"));
        var devices = budget.Devices.Select(device => FormattableString.Invariant(
            $"{device.Address} {device.Slot} {device.Kind} {device.VendorId} {device.DeviceId} {device.PowerState} {device.GuestFamily} {device.IsCounted} {device.Requested} {device.Demand} {device.Provenance} {device.MessageNumberLimit} {device.MsiSupported} {device.MsiEnabled} {device.VirtualMode} {device.PhysicalMode} {device.Failure?.Line}"));
        return string.Join("\n", new[] { budget.Version + " " + budget.Verdict }.Concat(pools).Concat(devices.OrderBy(line => line, StringComparer.Ordinal)));
    }

    private static bool IsVmx(ExportItem item) => item.FileName.EndsWith(".vmx", StringComparison.OrdinalIgnoreCase);

    private static bool IsLog(ExportItem item) => EvidenceLayout.IsLog(item.FileName, EvidenceLayout.VmkernelName) || EvidenceLayout.IsLog(item.FileName, VMLayout.LogName);

    /// <summary>Logs may be of any length; every other file is looked at as a whole.</summary>
    private static bool IsWhole(ExportItem item) => !IsLog(item);

    private void Learn(ExportItem item, string text)
    {
        _redactor.Learn(text, IsLog(item));
        switch (item.FileName)
        {
            case VMLayout.RegistryName:
                BinaryIdentifiers.LearnRegistry(text, words => _redactor.Learn(words, isLog: false));
                break;
            case EvidenceLayout.ConfigSpaceName or VMLayout.LspciName:
                foreach (var (digits, _) in BinaryIdentifiers.Serials(text.Split('\n'))) _redactor.LearnHex(digits);
                break;
        }
    }
}
