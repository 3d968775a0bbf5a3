using System.Globalization;
using PassthroughTools.Host;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;

namespace PassthroughTools.Evidence;

/// <summary>
/// Makes one record of what the vSphere API and SSH tell of the same host. Where only one of them knows a thing, it is taken from there. Where they
/// disagree, both are named in <see cref="HostEvidence.Disagreements"/>, and the record holds what can't lead to a false "fits": the reading that counts
/// more, or nothing at all.
/// </summary>
public static class EvidenceMerger
{
    private const string Api = "the vSphere API";
    private const string Ssh = "SSH";
    private const string BothOn = "The VM counts as on.";

    /// <summary>Settings that decide the size of a pool.</summary>
    private static readonly string[] Decisive = ["maxIntrCookies", "intrFirstMsixVector"];

    /// <summary>Merges.</summary>
    /// <param name="api">Evidence from the API.</param>
    /// <param name="ssh">Evidence of the same host over SSH; its raw files are the ones that an export writes.</param>
    public static HostEvidence Merge(HostEvidence api, HostEvidence ssh)
    {
        var found = new List<Disagreement>();
        return api with
        {
            Source = ssh.Source ?? api.Source,
            Keeper = ssh.Keeper ?? api.Keeper,
            Version = MergeVersion(api.Version, ssh.Version, found),
            LogicalCpus = MergeCpus(api.LogicalCpus, ssh.LogicalCpus, found),
            CollectedAt = ssh.CollectedAt ?? api.CollectedAt,
            VectorList = ssh.VectorList ?? api.VectorList,
            PciDevices = MergeDevices(api.PciDevices, ssh.PciDevices, found),
            PassthruDevices = ssh.PassthruDevices ?? api.PassthruDevices,
            KernelSettings = MergeSettings(api.KernelSettings, ssh.KernelSettings, found),
            ConfigSpaces = ssh.ConfigSpaces ?? api.ConfigSpaces,

            // Both read the same log, SSH with its rotations.
            LogEvents = ssh.LogEvents ?? api.LogEvents,
            IsLogCutOff = ssh.LogEvents is null ? api.IsLogCutOff : ssh.IsLogCutOff,
            VMs = MergeVMs(api.VMs, ssh.VMs, found),
            HasAllVMs = api.HasAllVMs || ssh.HasAllVMs,
            Files = MergeFiles(api.Files, ssh.Files),
            Warnings = [.. api.Warnings, .. ssh.Warnings],
            Disagreements = [.. api.Disagreements, .. ssh.Disagreements, .. found],
        };
    }

    private static EsxVersion? MergeVersion(EsxVersion? api, EsxVersion? ssh, List<Disagreement> found)
    {
        if (api is null || ssh is null) return ssh ?? api;
        if (api.Major != ssh.Major || api.Minor != ssh.Minor || (api.IsUpdateKnown && ssh.IsUpdateKnown && api.Update != ssh.Update))
        {
            found.Add(new Disagreement(DisagreementArea.Version, "ESXi version", Api, api.ToString(), Ssh, ssh.ToString()) { Consequence = "Which pools there are depends on it, so none is judged. Collect again." });
            return null;
        }

        if (api.Build is { } one && ssh.Build is { } other && one != other)
            found.Add(new Disagreement(DisagreementArea.Version, "ESXi build", Api, Text(one), Ssh, Text(other)) { Consequence = "No figure depends on it." });
        var known = ssh.IsUpdateKnown ? ssh : api;
        return known with { Build = known.Build ?? api.Build ?? ssh.Build };
    }

    private static int? MergeCpus(int? api, int? ssh, List<Disagreement> found)
    {
        if (api is not { } one || ssh is not { } other || one == other) return ssh ?? api;
        found.Add(new Disagreement(DisagreementArea.LogicalCpus, "Logical CPUs", Api, Text(one), Ssh, Text(other)) { Consequence = "The smaller number counts." });
        return Math.Min(one, other);
    }

    private static IReadOnlyList<KernelSetting>? MergeSettings(IReadOnlyList<KernelSetting>? api, IReadOnlyList<KernelSetting>? ssh, List<Disagreement> found)
    {
        if (api is null || ssh is null) return ssh ?? api;
        var merged = new List<KernelSetting>();
        foreach (var setting in ssh)
        {
            var other = api.FirstOrDefault(each => string.Equals(each.Name, setting.Name, StringComparison.OrdinalIgnoreCase));
            var isDecisive = Decisive.Contains(setting.Name, StringComparer.OrdinalIgnoreCase);
            if (other is null || other.Runtime is null || setting.Runtime is null || AreEqual(other, setting))
            {
                merged.Add(setting.Runtime is null && other?.Runtime is not null ? other : setting);
                continue;
            }

            found.Add(new Disagreement(DisagreementArea.KernelSetting, setting.Name, Api, other.Runtime, Ssh, setting.Runtime)
            {
                Consequence = isDecisive ? "The smaller number counts, and a pool whose size depends on it is not found exceeded." : "No figure depends on it.",
            });
            merged.Add(isDecisive && other.RuntimeNumber < setting.RuntimeNumber ? other : setting);
        }

        merged.AddRange(api.Where(setting => !ssh.Any(each => string.Equals(each.Name, setting.Name, StringComparison.OrdinalIgnoreCase))));
        return merged;
    }

    private static bool AreEqual(KernelSetting one, KernelSetting other) =>
        string.Equals(one.Runtime, other.Runtime, StringComparison.OrdinalIgnoreCase) || (one.RuntimeNumber is { } number && number == other.RuntimeNumber);

    private static IReadOnlyList<EsxcliPciDevice>? MergeDevices(IReadOnlyList<EsxcliPciDevice>? api, IReadOnlyList<EsxcliPciDevice>? ssh, List<Disagreement> found)
    {
        if (api is null || ssh is null) return ssh ?? api;
        var merged = new List<EsxcliPciDevice>();
        foreach (var device in ssh)
        {
            var other = api.FirstOrDefault(each => each.Address == device.Address);
            if (other is null)
            {
                found.Add(Presence(device, isInApi: false));
            }
            else if (other.VendorId is { } vendor && device.VendorId is { } own && (vendor != own || other.DeviceId != device.DeviceId))
            {
                found.Add(new Disagreement(DisagreementArea.Device, device.Address.ToString(), Api, Ids(other), Ssh, Ids(device)) { Consequence = "The addresses may have moved at a restart. Collect again." });
            }
            else if (other.CurrentOwner != PciOwner.Unknown && device.CurrentOwner != PciOwner.Unknown && other.CurrentOwner != device.CurrentOwner)
            {
                found.Add(new Disagreement(DisagreementArea.Device, device.Address + " owner", Api, other.CurrentOwner.ToString(), Ssh, device.CurrentOwner.ToString()) { Consequence = "It counts as a passthrough device." });
                merged.Add(device with { CurrentOwner = PciOwner.VMPassthru });
                continue;
            }

            merged.Add(other is not null && device.CurrentOwner == PciOwner.Unknown ? device with { CurrentOwner = other.CurrentOwner } : device);
        }

        foreach (var device in api.Where(device => !ssh.Any(each => each.Address == device.Address)))
        {
            found.Add(Presence(device, isInApi: true));
            merged.Add(device);
        }

        return merged;
    }

    private static Disagreement Presence(EsxcliPciDevice device, bool isInApi) =>
        new(DisagreementArea.Device, device.Address.ToString(), Api, isInApi ? Ids(device) : "not listed", Ssh, isInApi ? "not listed" : Ids(device)) { Consequence = "It counts as there." };

    private static string Ids(EsxcliPciDevice device) => FormattableString.Invariant($"{device.VendorId:x4}:{device.DeviceId:x4}");

    private static IReadOnlyList<VMEvidence>? MergeVMs(IReadOnlyList<VMEvidence>? api, IReadOnlyList<VMEvidence>? ssh, List<Disagreement> found)
    {
        if (api is null || ssh is null) return ssh ?? api;
        var left = ssh.ToList();
        var merged = new List<VMEvidence>();
        foreach (var vm in api)
        {
            // Names are not unique in an inventory: of several, none is taken for the other, and all count.
            var same = left.FindAll(each => string.Equals(each.Name, vm.Name, StringComparison.Ordinal));
            if (same.Count == 1 && api.Count(each => string.Equals(each.Name, vm.Name, StringComparison.Ordinal)) == 1)
            {
                left.Remove(same[0]);
                merged.Add(MergeVM(vm, same[0], found));
                continue;
            }

            if (vm.Slots?.Any(slot => slot.Present) != false) found.Add(PresenceOf(vm, isInApi: true));
            merged.Add(vm);
        }

        foreach (var vm in left) found.Add(PresenceOf(vm, isInApi: false));
        merged.AddRange(left);
        return merged;
    }

    private static Disagreement PresenceOf(VMEvidence vm, bool isInApi) =>
        new(DisagreementArea.VM, vm.Name, Api, isInApi ? "passes devices through" : "not listed", Ssh, isInApi ? "not among those that do" : "passes devices through") { Consequence = "It counts." };

    private static VMEvidence MergeVM(VMEvidence api, VMEvidence ssh, List<Disagreement> found)
    {
        var state = ssh.PowerState == VMPowerState.Unknown ? api.PowerState : ssh.PowerState;
        if (api.PowerState != VMPowerState.Unknown && state != api.PowerState)
        {
            found.Add(new Disagreement(DisagreementArea.PowerState, api.Name + " power state", Api, api.PowerState.ToString(), Ssh, ssh.PowerState.ToString()) { Consequence = BothOn });
            state = VMPowerState.Unknown;
        }

        return api with
        {
            PowerState = state,
            VmxPath = api.VmxPath ?? ssh.VmxPath,
            RegistryPath = api.RegistryPath ?? ssh.RegistryPath,
            GuestOS = api.GuestOS ?? ssh.GuestOS,
            GuestFamily = api.GuestFamily == GuestFamily.Unknown ? ssh.GuestFamily : api.GuestFamily,
            HardwareVersion = api.HardwareVersion ?? ssh.HardwareVersion,
            Slots = MergeSlots(api, ssh, found),
            GuestSettings = api.GuestSettings ?? ssh.GuestSettings,
            GuestDevices = api.GuestDevices ?? ssh.GuestDevices,
            FabricPorts = api.FabricPorts ?? ssh.FabricPorts,
            LogEvents = ssh.LogEvents ?? api.LogEvents,
        };
    }

    private static IReadOnlyList<PassthruSlot>? MergeSlots(VMEvidence api, VMEvidence ssh, List<Disagreement> found)
    {
        if (api.Slots is null || ssh.Slots is null) return ssh.Slots ?? api.Slots;
        var (one, other) = (Present(api.Slots), Present(ssh.Slots));
        if (one.Count == other.Count && one.Zip(other, AreSame).All(same => same))
            return [.. other.Zip(one, (slot, known) => slot.Address is null && known.Address is not null ? known : slot)];
        found.Add(new Disagreement(DisagreementArea.Slots, api.Name + " passthrough devices", Api, Describe(one), Ssh, Describe(other))
        {
            Consequence = "Which devices it uses counts as unknown. A .vmx may be ahead of a VM that is on; collect again.",
        });
        return null;
    }

    private static List<PassthruSlot> Present(IReadOnlyList<PassthruSlot> slots) => [.. slots.Where(slot => slot.Present).OrderBy(slot => slot.Slot)];

    /// <summary>What one of them does not tell is no contradiction.</summary>
    private static bool AreSame(PassthruSlot one, PassthruSlot other) =>
        one.Slot == other.Slot
        && (one.Kind == other.Kind || one.Kind == PassthruSlotKind.Unknown || other.Kind == PassthruSlotKind.Unknown)
        && (one.Address is null || other.Address is null || one.Address == other.Address)
        && one.MsiEnabled != false == (other.MsiEnabled != false);

    private static string Describe(List<PassthruSlot> slots) =>
        slots.Count == 0 ? "none" : string.Join(", ", slots.Select(slot => Text(slot.Slot) + "=" + (slot.Address?.ToString() ?? slot.IdText ?? "?") + (slot.MsiEnabled == false ? " (msiEnabled FALSE)" : "")));

    /// <summary>What one could not read and the other could is not missing.</summary>
    private static IReadOnlyList<EvidenceFile> MergeFiles(IReadOnlyList<EvidenceFile> api, IReadOnlyList<EvidenceFile> ssh)
    {
        static bool IsGap(EvidenceFile file) => file.Status is EvidenceFileStatus.Missing or EvidenceFileStatus.Unreadable;
        var read = new HashSet<string>(api.Concat(ssh).Where(file => !IsGap(file)).Select(file => file.Name), StringComparer.OrdinalIgnoreCase);
        var files = api.Concat(ssh).Where(file => !IsGap(file) || !read.Contains(file.Name));
        return [.. files.GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase).Select(group => group.First())];
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
