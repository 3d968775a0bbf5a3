using PassthroughTools.Evidence;
using PassthroughTools.Pci;
using PassthroughTools.Registry;
using PassthroughTools.Vectors;
using PassthroughTools.Vmx;

namespace PassthroughTools.Planning;

/// <summary>A device (or several that can't be told apart in the guest), its options, and where a choice would be written.</summary>
internal sealed record PlanCandidate(PlanDevice Device, VMEvidence? VM, IReadOnlyList<VectorDemand> Rows, IReadOnlyList<GuestMsiSetting> Instances);

/// <summary>What the solver may choose from.</summary>
internal sealed class PlanCandidates
{
    private const int MostMsiX = 2048;
    private const int MostMsi = 16;

    private readonly HostEvidence _host;
    private readonly List<HostVectorPool> _pools;
    private readonly RemediationOptions _options;
    private readonly bool _hasGlobalPool;
    private readonly List<PlanCandidate> _all = [];
    private readonly List<string> _advice = [];
    private readonly List<(string VM, string Parameter)> _linux = [];
    private readonly List<string> _blocking = [];

    private PlanCandidates(HostEvidence host, List<HostVectorPool> pools, RemediationOptions options)
    {
        _host = host;
        _pools = pools;
        _options = options;
        _hasGlobalPool = CapacityCalculator.IsGlobalPoolSure(host);
    }

    public IReadOnlyList<PlanCandidate> All => _all;

    /// <summary>What an admin can do where this module can't.</summary>
    public IReadOnlyList<string> Advice => [.. _advice, .. _linux.GroupBy(each => each.Parameter).Select(group => LinuxDriverAdvice.For(group.Select(each => each.VM).Distinct(), group.Key))];

    /// <summary>Why no plan can be made at all.</summary>
    public IReadOnlyList<string> Blocking => _blocking;

    /// <summary>Lists the devices that count, with their options.</summary>
    public static PlanCandidates Find(HostEvidence host, HostVectorBudget budget, List<HostVectorPool> pools, RemediationOptions options)
    {
        var candidates = new PlanCandidates(host, pools, options);
        foreach (var vm in budget.Devices.Where(row => row.IsCounted).GroupBy(row => row.VM, StringComparer.Ordinal))
            candidates.AddVM(host.VMs?.FirstOrDefault(each => each.Name == vm.Key), [.. vm]);
        return candidates;
    }

    private void AddVM(VMEvidence? vm, List<VectorDemand> rows)
    {
        var instances = vm is null ? null : DemandCalculator.Instances(_host, vm);
        foreach (var group in rows.GroupBy(row => Guest(row)?.IsShared == true ? (object)(row.VendorId, row.DeviceId) : row))
        {
            var members = group.ToList();
            var guest = Guest(members[0]) ?? GuestInstances.None;
            var whyNot = WhyNotEditable(vm, members, guest);
            if (whyNot is not null && members.TrueForAll(row => row.Demand is > 1 or null)) Advise(vm, members[0], whyNot);
            Add(vm, members, guest, isEditable: whyNot is null);
        }

        GuestInstances? Guest(VectorDemand row) => row.Slot is { } slot && instances is not null && instances.TryGetValue(slot, out var found) ? found : null;
    }

    /// <summary>Says a thing once, and of all Linux VMs together that ask for the same.</summary>
    private void Advise(VMEvidence? vm, VectorDemand row, string whyNot)
    {
        if (vm is not null && whyNot == LinuxDriverAdvice.Parameter(row.VendorId)) _linux.Add((vm.Name, whyNot));
        else if (!_advice.Contains(whyNot, StringComparer.Ordinal)) _advice.Add(whyNot);
    }

    private string? WhyNotEditable(VMEvidence? vm, List<VectorDemand> rows, GuestInstances guest)
    {
        var what = string.Join(", ", rows.Select(row => row.Address?.ToString() ?? row.VM ?? "?"));
        if (vm is null) return what + ": the VM that uses it is not in the evidence, so nothing can be changed there.";
        if (_host.VMs!.Count(each => each.Name == vm.Name) > 1) return vm.Name + ": several VMs of the host have this name, and whose devices these are is not told apart, so none of them is changed.";
        if (_options.IsVMExcluded(vm.Name)) return vm.Name + ": the VM is excluded.";
        if (rows.Exists(row => row.Address is { } address && _options.ExcludedDevices.Contains(address))) return FormattableString.Invariant($"{vm.Name}, {what}: the device is excluded.");
        if (vm.Slots is null) return vm.Name + ": the VM's configuration is not in the evidence or can't be read, so nothing can be changed there.";
        if (rows.Exists(row => row.Kind == PassthruSlotKind.SriovVf)) return FormattableString.Invariant($"{vm.Name}, {what}: virtual functions are not changed; their number is set on the adapter.");
        if (rows.Exists(row => row.Kind != PassthruSlotKind.Passthrough)) return FormattableString.Invariant($"{vm.Name}, {what}: an entry that names no function of the host, such as a virtual GPU, is not changed.");
        if (vm.GuestFamily == GuestFamily.Linux) return LinuxDriverAdvice.Parameter(rows[0].VendorId);
        if (vm.GuestFamily != GuestFamily.Windows) return FormattableString.Invariant($"{vm.Name}, {what}: the guest's operating system is not one that can be edited here.");
        if (vm.GuestSettings is null && vm.Vim is not null) return FormattableString.Invariant($"{vm.Name}, {what}: the guest's registry was not read; Invoke-PassthruRemediation reads that of a running guest with -GuestCredential, -Session or -Credential.");
        if (vm.GuestSettings is null) return FormattableString.Invariant($"{vm.Name}, {what}: the guest's registry is not in the evidence (guest-pci.reg: reg export HKLM\\SYSTEM\\CurrentControlSet\\Enum\\PCI).");
        if (guest.IsIncomplete) return FormattableString.Invariant($"{vm.Name}, {what}: the registry export lists fewer instances of the device than the VM has slots; export it again.");
        return guest.Instances.Count == 0 ? FormattableString.Invariant($"{vm.Name}, {what}: the registry export does not list the device.") : null;
    }

    private void Add(VMEvidence? vm, List<VectorDemand> rows, GuestInstances guest, bool isEditable)
    {
        var options = new List<PlanOption>();
        if (rows.TrueForAll(row => row.Demand is not null))
            options.Add(new PlanOption { Action = PlanAction.Keep, Use = Use(rows, row => (row.PhysicalMode, row.Demand!.Value)) });
        if (isEditable) AddChanges(vm!, rows, guest, options);
        if (options.Count == 0)
        {
            var who = string.Join(", ", new[] { rows[0].VM, BudgetCalculator.Name(rows[0]) }.Where(name => name is not null).Distinct(StringComparer.Ordinal));
            _blocking.Add(FormattableString.Invariant($"{who}: what its driver asks for is unknown, and it can't be limited from here. {rows[0].RequestedFigure.Explanation}"));
            return;
        }

        // What may not be changed is alike to nothing: EvenShare must not be held up by it.
        var id = FormattableString.Invariant($"{rows[0].VM}|{rows[0].Slot}|{rows[0].Address}");
        if (_all.Exists(each => each.Device.Id == id)) id = FormattableString.Invariant($"{id}|{_all.Count}");
        var like = isEditable ? FormattableString.Invariant($"{rows[0].VendorId:x4}:{rows[0].DeviceId:x4}|{rows[0].Demand}|{rows[0].MsiEnabled}") : id;
        _all.Add(new PlanCandidate(new PlanDevice { Id = id, VM = rows[0].VM ?? id, LikeKey = like, Options = options }, vm, rows, guest.Instances));
    }

    private void AddChanges(VMEvidence vm, List<VectorDemand> rows, GuestInstances guest, List<PlanOption> options)
    {
        var present = rows.Max(row => row.Demand) ?? MostMsiX + 1;
        var isMessageSignalled = rows.TrueForAll(row => row.VirtualMode is InterruptMode.Msi or InterruptMode.MsiX or InterruptMode.Unknown);
        if (isMessageSignalled)
        {
            var most = rows.TrueForAll(row => row.VirtualMode == InterruptMode.MsiX) ? MostMsiX : MostMsi;
            for (var limit = 1; limit < present && limit <= most; limit *= 2)
            {
                if (limit < _options.MinimumPerDevice) continue;
                var cap = limit;
                options.Add(new PlanOption
                {
                    Action = PlanAction.MessageLimit, Limit = limit, ChangesVM = true,
                    Use = Use(rows, row => (row.PhysicalMode, Math.Min(row.Demand ?? cap, cap))),
                    VectorsTakenAway = rows.Sum(row => Math.Max(0, (row.Demand ?? cap) - cap)),
                });
            }
        }

        if (_options.MinimumPerDevice > 1) return;
        var off = Use(rows, row => (row.MsiEnabled == false ? InterruptMode.IntX : InterruptMode.Msi, 1));
        if (isMessageSignalled)
            options.Add(Off(PlanAction.MsiOff, off, rows));

        // The .vmx key is proposed only where it changes a pool, together with MSI off in the guest, and where the slot's instance is certain.
        var ioApic = Use(rows, _ => (InterruptMode.IntX, 1));
        if (vm.ConfigurationPlace is not null && guest.IsCertain && !IsSlotInferred(vm, rows[0]) && rows[0].MsiEnabled != false && !ioApic.SequenceEqual(off))
            options.Add(Off(PlanAction.IoApic, ioApic, rows));
    }

    /// <summary>A setting of pciPassthruN must not be written where the N is a guess.</summary>
    private static bool IsSlotInferred(VMEvidence vm, VectorDemand row) => vm.Slots?.Any(slot => slot.Slot == row.Slot && slot.IsSlotInferred) == true;

    private static PlanOption Off(PlanAction action, int[] use, List<VectorDemand> rows) => new()
    {
        Action = action, Use = use, ChangesVM = true,
        LosesMsi = rows.Exists(row => row.VirtualMode != InterruptMode.IntX),
        VectorsTakenAway = rows.Sum(row => Math.Max(0, (row.Demand ?? 1) - 1)),
    };

    private int[] Use(List<VectorDemand> rows, Func<VectorDemand, (InterruptMode Mode, int Demand)> after) =>
        [.. _pools.Select(pool => rows.Sum(row =>
        {
            var (mode, demand) = after(row);
            return PoolUse.Of(pool.Pool, mode, demand, _hasGlobalPool) ?? 0;
        }))];
}
