using PassthroughTools.Evidence;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vectors;

/// <summary>Why a VM would not start on a host, or why it can't be told.</summary>
public enum PlacementProblemKind
{
    /// <summary>It can't be told.</summary>
    Unknown,

    /// <summary>The host has no device that would do.</summary>
    NoSuchDevice,

    /// <summary>The device is in use.</summary>
    DeviceTaken,

    /// <summary>The device is there and not set aside for passthrough.</summary>
    NotEnabled,

    /// <summary>The host starts no VM at present.</summary>
    HostNotAvailable,
}

/// <summary>What stands against one device of a VM on a host.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="VM">VM.</param>
/// <param name="Slot">N of pciPassthruN; null where the VM's devices are not known.</param>
/// <param name="Reason">In words.</param>
public sealed record PlacementProblem(PlacementProblemKind Kind, string VM, int? Slot, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Reason;
}

/// <summary>What VMs that are thought of as started on a host would ask of it, and what stands against it.</summary>
public sealed record HostPlacement
{
    /// <summary>A row for each device; unknown demand where the device that the VM would get is not known.</summary>
    public required IReadOnlyList<VectorDemand> Devices { get; init; }

    /// <summary>What stands against starting them, or is not known.</summary>
    public required IReadOnlyList<PlacementProblem> Problems { get; init; }

    /// <summary>VMs that would be started.</summary>
    public required IReadOnlyList<string> Started { get; init; }

    /// <summary>VMs that are on here already, and count once.</summary>
    public required IReadOnlyList<string> AlreadyOn { get; init; }
}

/// <summary>
/// Thinks of VMs as started on a host. A device is taken for granted only where the VM names it and the host has it, set aside and free; what a driver
/// asks for is known from the host that the VM ran on, never from what another VM asked for.
/// </summary>
public sealed class PlacementCalculator
{
    private readonly HostEvidence _host;
    private readonly Dictionary<PciAddress, string> _taken = [];
    private readonly Dictionary<PciAddress, int> _functionsTaken = [];
    private readonly Dictionary<PciAddress, string> _suspended = [];
    private readonly List<VectorDemand> _devices = [];
    private readonly List<PlacementProblem> _problems = [];
    private readonly DeviceFinder _finder;
    private readonly bool _isFunctionOfUnknownTaken;

    private PlacementCalculator(HostEvidence host)
    {
        _host = host;
        foreach (var vm in (host.VMs ?? []).Where(vm => vm.PowerState is VMPowerState.PoweredOn or VMPowerState.Unknown))
        {
            foreach (var slot in (vm.Slots ?? []).Where(slot => slot.Present))
            {
                if (slot.Address is { } address) _taken[address] = vm.Name;
                if (slot is { Kind: PassthruSlotKind.SriovVf, PhysicalFunction: null }) _isFunctionOfUnknownTaken = true;
                if (slot.PhysicalFunction is { } physical) _functionsTaken[physical] = (_functionsTaken.TryGetValue(physical, out var count) ? count : 0) + 1;
            }
        }

        foreach (var vm in (host.VMs ?? []).Where(vm => vm.PowerState == VMPowerState.Suspended))
        {
            foreach (var slot in (vm.Slots ?? []).Where(slot => slot is { Present: true, Address: not null })) _suspended[slot.Address!.Value] = vm.Name;
        }

        _finder = new DeviceFinder(host, _taken, _functionsTaken) { Suspended = _suspended, IsFunctionOfUnknownTaken = _isFunctionOfUnknownTaken };
    }

    /// <summary>The row of a VM in a host's evidence; null where it is not there.</summary>
    /// <param name="host">Host.</param>
    /// <param name="vm">VM.</param>
    public static VMEvidence? OnHost(HostEvidence host, VMEvidence vm) =>
        host.VMs?.FirstOrDefault(each => IsSame(each, vm));

    /// <summary>Whether two records are of one VM: VMs of one name are not the same for that.</summary>
    private static bool IsSame(VMEvidence one, VMEvidence other) =>
        ReferenceEquals(one, other) || (one.Vim is not null && one.Vim == other.Vim) || (one.VmxPath is not null && one.VmxPath == other.VmxPath);

    /// <summary>Works out what VMs would ask of a host.</summary>
    /// <param name="host">Host.</param>
    /// <param name="vms">VMs; one that is on there already counts once.</param>
    public static HostPlacement Compute(HostEvidence host, IReadOnlyList<StartedVM> vms)
    {
        var calculator = new PlacementCalculator(host);
        var started = new List<string>();
        var already = new List<string>();
        foreach (var one in vms)
        {
            if (OnHost(host, one.VM) is { PowerState: VMPowerState.PoweredOn or VMPowerState.Unknown })
            {
                already.Add(one.VM.Name);
                continue;
            }

            started.Add(one.VM.Name);
            if (host.IsInMaintenance == true) calculator.Note(PlacementProblemKind.HostNotAvailable, one.VM, null, $"{host.HostName} is in maintenance mode and starts no VM");
            calculator.Add(one);
        }

        return new HostPlacement { Devices = calculator._devices, Problems = calculator._problems, Started = started, AlreadyOn = already };
    }

    private void Add(StartedVM started)
    {
        var vm = started.VM;
        var isHere = OnHost(_host, vm) is not null;
        var origin = isHere ? _host : started.Origin ?? new HostEvidence { HostName = vm.Source ?? "?" };
        var running = vm with { PowerState = VMPowerState.PoweredOn, GuestSettings = vm.GuestSettings is null ? null : [.. vm.GuestSettings.Select(setting => setting with { RestartPending = false })] };
        var alone = origin with { VMs = [running] };
        var rows = DemandCalculator.Compute(alone).Where(row => row.VM == vm.Name).ToList();
        foreach (var slot in vm.Slots ?? [])
        {
            // What it had before it was suspended is its own.
            if (slot.Address is { } own && _suspended.TryGetValue(own, out var name) && isHere && name == vm.Name) _suspended.Remove(own);
        }

        if (vm.Slots is null) Note(PlacementProblemKind.Unknown, vm, null, "its configuration is not known, so neither are its devices");
        foreach (var row in rows)
        {
            var slot = vm.Slots?.FirstOrDefault(each => each.Slot == row.Slot);
            var found = slot is null ? default : _finder.Find(slot, isHere, row.VendorId, row.DeviceId, vm.Name);
            if (slot is not null && found.Problem is { } problem) Note(problem, vm, slot.Slot, found.Reason);
            if (slot is not null && found.Address is { } address) _taken[address] = vm.Name;
            _devices.Add(Placed(row, slot is null ? null : found, origin, isHere, vm));
        }
    }

    private VectorDemand Placed(VectorDemand row, DeviceFinder.Found? found, HostEvidence origin, bool isHere, VMEvidence vm)
    {
        var why = found is { Problem: not null } ? found.Value.Reason
            : IsSharedRequest(row, origin, vm) ? "other VMs name the same device, so whose request the log shows is not known"
            : IsSharedFunction(row, origin, vm) ? "other VMs have virtual functions too, so whose request the log shows is not known"
            : null;
        var figure = why is null ? Carried(row.DemandFigure, origin, isHere) : Figure.Unknown($"{row.VM}: {why}.");
        return row with
        {
            HostName = _host.HostName,
            Address = found?.Address,
            IsCounted = true,
            PowerState = VMPowerState.PoweredOn,
            RequestedFigure = why is null ? row.RequestedFigure : Figure.Unknown($"{row.VM}: {why}."),
            DemandFigure = figure,
            Failure = null,
            Notes = [.. row.Notes, $"Thought of as started: {row.VM}."],
        };
    }

    /// <summary>A figure of another host is an inference here: same driver, same kind of device.</summary>
    private static Figure Carried(Figure figure, HostEvidence origin, bool isHere) =>
        isHere || figure.Provenance <= Provenance.Inferred ? figure
        : figure with { Provenance = Provenance.Inferred, Explanation = figure.Explanation + $" Seen on {origin.HostName}." };

    private static bool IsSharedRequest(VectorDemand row, HostEvidence origin, VMEvidence vm) =>
        row.Address is { } address && row.RequestedFigure.Provenance == Provenance.Measured
        && (origin.VMs ?? []).Any(other => !IsSame(other, vm) && other.Slots?.Any(slot => slot.Present && slot.Address == address) == true);

    /// <summary>Whether a virtual function's request was taken for this VM's although another VM has one too.</summary>
    private static bool IsSharedFunction(VectorDemand row, HostEvidence origin, VMEvidence vm) =>
        row is { Kind: PassthruSlotKind.SriovVf, Address: not null } && vm.Slots?.FirstOrDefault(slot => slot.Slot == row.Slot)?.Address is null
        && (origin.VMs ?? []).Any(other => !IsSame(other, vm) && other.Slots?.Any(slot => slot is { Present: true, Kind: PassthruSlotKind.SriovVf }) != false);

    private void Note(PlacementProblemKind kind, VMEvidence vm, int? slot, string reason) =>
        _problems.Add(new PlacementProblem(kind, vm.Name, slot, (slot is null ? vm.Name : FormattableString.Invariant($"{vm.Name} pciPassthru{slot}")) + ": " + reason + "."));
}
