using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Registry;
using PassthroughTools.Vectors;
using PassthroughTools.Vmx;

namespace PassthroughTools.Findings;

/// <summary>What the rules look at: the evidence, the budget that follows from it, and names for where things stand.</summary>
internal sealed class FindingContext
{
    /// <summary>Lines of a log that one finding shows at the most.</summary>
    private const int MostLines = 5;

    private readonly Func<VMEvidence, VmxDocument?> _configuration;
    private readonly Dictionary<VMEvidence, VmxDocument?> _documents = [];
    private readonly ILookup<(string? VM, int? Slot), VectorDemand> _demand;

    public FindingContext(HostEvidence host, Func<VMEvidence, VmxDocument?>? configuration)
    {
        Host = host;
        Budget = BudgetCalculator.Compute(host);
        _configuration = configuration ?? (_ => null);
        _demand = Budget.Devices.ToLookup(row => (row.VM, row.Slot));
        Slots = [.. VMs.SelectMany(vm => (vm.Slots ?? []).Where(slot => slot.Present).Select(slot => (vm, slot)))];
    }

    public HostEvidence Host { get; }

    public HostVectorBudget Budget { get; }

    public IReadOnlyList<VMEvidence> VMs => Host.VMs ?? [];

    /// <summary>Slots that are present, with their VM.</summary>
    public IReadOnlyList<(VMEvidence VM, PassthruSlot Slot)> Slots { get; }

    public bool IsAtLeast(int major, int minor, int update = 0) => Host.Version?.IsAtLeast(major, minor, update) == true;

    public VectorDemand? DemandOf(VMEvidence vm, PassthruSlot slot) => _demand[(vm.Name, slot.Slot)].FirstOrDefault();

    /// <summary>The VM's .vmx; null where it can't be looked into.</summary>
    public VmxDocument? Document(VMEvidence vm)
    {
        if (_documents.TryGetValue(vm, out var known)) return known;
        var document = _configuration(vm);
        if (document is { IsEncrypted: true } or { Entries.Count: 0 }) document = null;
        _documents.Add(vm, document);
        return document;
    }

    /// <summary>Events of a kind in the host's logs and, apart, in each VM's.</summary>
    public IEnumerable<(VMEvidence? VM, IReadOnlyList<PassthruLogEvent> Events)> EventsOf(LogEventKind kind)
    {
        var own = (Host.LogEvents ?? []).Where(entry => entry.Kind == kind).ToList();
        if (own.Count > 0) yield return (null, own);
        foreach (var vm in VMs)
        {
            var events = (vm.LogEvents ?? []).Where(entry => entry.Kind == kind).ToList();
            if (events.Count > 0) yield return (vm, events);
        }
    }

    /// <summary>Where a key of a slot stands.</summary>
    public SourceReference KeyReference(VMEvidence vm, PassthruSlot slot, string name) =>
        KeyReference(vm, $"pciPassthru{slot.Slot}.{name}", slot.Keys.TryGetValue(name, out var value) ? value : null);

    /// <summary>Where a key of a VM's configuration stands.</summary>
    public SourceReference KeyReference(VMEvidence vm, string key, string? value)
    {
        var entries = Document(vm)?.Find(key) ?? [];
        var text = value is null ? key : $"{key} = \"{value}\"";
        return entries.Count > 0 ? new SourceReference(ConfigurationName(vm), entries[0].Line, entries[0].ToString()) : new SourceReference(ConfigurationName(vm), null, text);
    }

    public string ConfigurationName(VMEvidence vm) => Relative(vm.VmxPath) ?? vm.Name + " (configuration)";

    public SourceReference Reference(KernelSetting setting) => new(
        Relative(setting.Source) ?? "esxcli system settings kernel list",
        setting.Line > 0 ? setting.Line : null,
        $"{setting.Name}: configured {setting.Configured ?? "?"}, runtime {setting.Runtime ?? "?"}, default {setting.Default ?? "?"}");

    public SourceReference Reference(EsxcliPciDevice device, string text) =>
        new(Relative(device.Source) ?? "esxcli hardware pci list", device.Line > 0 ? device.Line : null, text);

    public SourceReference Reference(VMEvidence vm, GuestMsiSetting setting, string text) =>
        new(Relative(setting.Source ?? vm.RegistryPath) ?? vm.Name + " (registry)", null, setting.InstanceId + ": " + text);

    /// <summary>The last lines of some, which tell what holds now.</summary>
    public static IReadOnlyList<SourceReference> References(IReadOnlyList<PassthruLogEvent> events) =>
        [.. events.Skip(events.Count - MostLines).Select(entry => new SourceReference(entry.File ?? "log", entry.Line, entry.Text))];

    /// <summary>True for an address that a physical function gives one of its virtual functions.</summary>
    public bool IsVirtualFunction(PciAddress address)
    {
        if (Host.FindDevice(address)?.DeviceName?.IndexOf("Virtual Function", StringComparison.OrdinalIgnoreCase) >= 0) return true;
        foreach (var physical in (Host.ConfigSpaces ?? []).Where(config => config.Sriov?.IsEnabled == true && config.Address.Segment == address.Segment))
        {
            var sriov = physical.Sriov!;
            var offset = Routing(address) - Routing(physical.Address) - sriov.VfOffset;
            if (offset == 0 ? sriov.NumVfs > 0 : offset > 0 && sriov.VfStride > 0 && offset % sriov.VfStride == 0 && offset / sriov.VfStride < sriov.NumVfs) return true;
        }

        return false;
    }

    private static int Routing(PciAddress address) => (address.Bus << 8) | (address.Device << 3) | address.Function;

    /// <summary>A file's path relative to the evidence; the file's name alone where it lies outside.</summary>
    private string? Relative(string? path)
    {
        if (path is null) return null;
        var plain = path.Replace('\\', '/');
        var root = Host.Source?.Replace('\\', '/').TrimEnd('/') + "/";
        return root.Length > 1 && plain.StartsWith(root, StringComparison.Ordinal) ? plain.Substring(root.Length)
            : plain.StartsWith("/", StringComparison.Ordinal) || plain.IndexOf(':') >= 0 ? plain.Substring(plain.LastIndexOf('/') + 1)
            : plain;
    }
}
