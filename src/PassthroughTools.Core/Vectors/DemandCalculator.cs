using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vectors;

/// <summary>Works out what each passthrough device asks for, from the evidence alone.</summary>
public sealed class DemandCalculator
{
    private readonly HostEvidence _host;
    private readonly LogHistory _history;
    private readonly bool _includePoweredOff;
    private readonly bool _isNow;

    private DemandCalculator(HostEvidence host, LogHistory history, bool includePoweredOff, bool isNow)
    {
        _host = host;
        _history = history;
        _includePoweredOff = includePoweredOff;
        _isNow = isNow;
    }

    /// <summary>A row for each device; VMs in the order of the evidence, slots ascending.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="includePoweredOff">True to count the devices of VMs that are off.</param>
    public static IReadOnlyList<VectorDemand> Compute(HostEvidence host, bool includePoweredOff = false) =>
        Compute(host, LogHistory.Of(host), includePoweredOff, isNow: false);

    /// <summary>A row for each device.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="history">What the log tells.</param>
    /// <param name="includePoweredOff">True to count the devices of VMs that are off.</param>
    /// <param name="isNow">True where it matters what is held at this moment, and not what will be after the guests' next start.</param>
    internal static IReadOnlyList<VectorDemand> Compute(HostEvidence host, LogHistory history, bool includePoweredOff, bool isNow)
    {
        var calculator = new DemandCalculator(host, history, includePoweredOff, isNow);
        var rows = new List<VectorDemand>();
        foreach (var vm in VirtualFunctionMatcher.Match(host, history.Requests.Keys)) rows.AddRange(calculator.OfVM(vm));
        rows.AddRange(calculator.WithoutVM(new HashSet<PciAddress>(rows.Select(row => row.Address).OfType<PciAddress>())));
        rows.AddRange(calculator.WithoutAddress(rows.Count(row => row is { Kind: PassthruSlotKind.SriovVf, Address: null })));
        return rows;
    }

    private IEnumerable<VectorDemand> OfVM(VMEvidence vm)
    {
        if (vm.Slots is null) return [Unread(vm)];
        var slots = vm.Slots.Where(slot => slot.Present).OrderBy(slot => slot.Slot).ToList();
        var guest = InstancesOf(vm, slots);
        return slots.Select(slot => Row(vm, slot, GuestLimits.Of(vm, guest[slot.Slot])));
    }

    private IReadOnlyDictionary<int, GuestInstances> InstancesOf(VMEvidence vm, IReadOnlyList<PassthruSlot> slots) =>
        GuestInstances.Assign(vm.GuestSettings, slots, IdsOf, slot => Requested(vm, slot).Value);

    /// <summary>The guest's device instances behind each slot of a VM, by N of <c>pciPassthruN</c>.</summary>
    internal static IReadOnlyDictionary<int, GuestInstances> Instances(HostEvidence host, VMEvidence vm) =>
        new DemandCalculator(host, LogHistory.Of(host), false, false).InstancesOf(vm, [.. (vm.Slots ?? []).Where(slot => slot.Present)]);

    /// <summary>A VM whose configuration can't be seen may use any number of devices: it must not pass for one that uses none.</summary>
    private VectorDemand Unread(VMEvidence vm)
    {
        const string Why = "The VM's configuration is missing, unreadable or encrypted: which devices it uses is unknown.";
        return new VectorDemand
        {
            HostName = _host.HostName,
            VM = vm.Name,
            Kind = PassthruSlotKind.Unknown,
            PowerState = vm.PowerState,
            GuestFamily = vm.GuestFamily,
            IsCounted = IsCounted(vm),
            RequestedFigure = Figure.Unknown(Why),
            DemandFigure = Figure.Unknown(Why),
            Notes = [Why],
        };
    }

    private bool IsCounted(VMEvidence vm) => _includePoweredOff || vm.PowerState is VMPowerState.PoweredOn or VMPowerState.Unknown;

    /// <summary>
    /// Devices that no VM of the evidence uses. Where the log shows a request and the host still has the device set aside, it counts:
    /// the VM that uses it is missing from the evidence. Where nothing shows a request it is merely set aside.
    /// </summary>
    private IEnumerable<VectorDemand> WithoutVM(HashSet<PciAddress> seen)
    {
        var setAside = (_host.PciDevices ?? []).Where(device => device.CurrentOwner == PciOwner.VMPassthru).Select(device => device.Address);
        foreach (var address in setAside.Concat(_history.Requests.Keys).Distinct().Where(address => !seen.Contains(address)).OrderBy(address => address))
        {
            var owner = _host.FindDevice(address)?.CurrentOwner;
            if (owner == PciOwner.VMkernel) continue;
            var asked = _history.Requests.ContainsKey(address);
            var slot = new PassthruSlot { Slot = -1, Kind = PassthruSlotKind.Passthrough, Address = address };
            var row = Row(new VMEvidence { Name = "" }, slot, GuestLimits.None) with { VM = null, Slot = null };
            var note = asked ? "The log shows its request; no VM of the evidence uses it."
                : _host.VMs is null ? "Set aside for passthrough; the evidence names no VMs, so it is counted."
                : "Set aside for passthrough; no VM of the evidence uses it, so it is not counted.";
            yield return row with { IsCounted = asked || _host.VMs is null, Notes = [note, .. row.Notes] };
        }
    }

    /// <summary>Requests whose lines give no address are those of the VMs' virtual functions; where there are more of them, a VM is missing from the evidence.</summary>
    private IEnumerable<VectorDemand> WithoutAddress(int functions) => _history.Unnamed.OrderByDescending(line => line.Vectors).Take(Math.Max(0, _history.Unnamed.Count - functions)).Select(line =>
    {
        var figure = Figure.Of(line.Vectors ?? 0, Provenance.Measured, FormattableString.Invariant($"The latest request of '{line.DeviceText}' in the log."), ReferenceTo(line));
        return new VectorDemand
        {
            HostName = _host.HostName, DeviceName = line.DeviceText, Kind = PassthruSlotKind.SriovVf, IsCounted = true, VirtualMode = line.InterruptMode, PhysicalMode = line.InterruptMode,
            RequestedFigure = figure, DemandFigure = figure, Notes = ["The log shows its request; no VM of the evidence has a virtual function that it could be."],
        };
    });

    private VectorDemand Row(VMEvidence vm, PassthruSlot slot, GuestLimits limits)
    {
        var address = slot.Address;
        var (vendor, device) = IdsOf(slot);
        var request = RequestOf(slot);
        var config = _host.FindConfigSpace(address);
        var requested = Requested(vm, slot);
        var virtualMode = VirtualMode(limits, request, config, vm, vendor, device, requested);
        var notes = new List<string>(limits.Notes);
        var physicalMode = PhysicalMode(virtualMode, slot.MsiEnabled, notes);
        var demand = Capped(requested, virtualMode, limits, request, notes);
        InterruptMode? heldMode = null;
        if (vm.PowerState is VMPowerState.PoweredOn or VMPowerState.Unknown)
        {
            var capped = demand;
            demand = StillHeld(demand, requested, request, limits, notes);
            var isListedOtherwise = limits.MsiSupported != false && request is { InterruptMode: not InterruptMode.Unknown } && request.InterruptMode != virtualMode;
            if (demand != capped || isListedOtherwise) heldMode = request is { InterruptMode: not InterruptMode.Unknown } ? request.InterruptMode : InterruptMode.MsiX;
        }

        return new VectorDemand
        {
            HostName = _host.HostName,
            VM = vm.Name,
            Slot = slot.Slot,
            Kind = slot.Kind,
            Address = address,
            VendorId = vendor,
            DeviceId = device,
            DeviceName = _host.FindDevice(address)?.DeviceName ?? config?.Description,
            PowerState = vm.PowerState,
            GuestFamily = vm.GuestFamily,
            IsCounted = IsCounted(vm),
            RequestedFigure = requested,
            MessageNumberLimit = limits.MessageNumberLimit,
            MsiSupported = limits.MsiSupported,
            MsiEnabled = slot.MsiEnabled,
            VirtualMode = virtualMode,
            PhysicalMode = physicalMode,
            DemandFigure = demand,
            HeldMode = heldMode,
            MsiAtMost = MsiAtMost(limits, request, config, vm, vendor, device),
            Failure = address is { } at && _history.Failures.TryGetValue(at, out var failure) ? failure : null,
            Notes = notes,
        };
    }

    private (ushort? Vendor, ushort? Device) IdsOf(PassthruSlot slot)
    {
        var listed = _host.FindDevice(slot.Address ?? slot.PhysicalFunction);
        var config = _host.FindConfigSpace(slot.Address ?? slot.PhysicalFunction);
        return slot.Kind == PassthruSlotKind.SriovVf
            ? (listed?.VendorId ?? config?.VendorId, slot.DeviceId is > 0 ? slot.DeviceId : null)
            : (slot.VendorId ?? listed?.VendorId ?? config?.VendorId, slot.DeviceId ?? listed?.DeviceId ?? config?.DeviceId);
    }

    private PassthruLogEvent? RequestOf(PassthruSlot slot) => slot.Address is { } known && _history.Requests.TryGetValue(known, out var line) ? line : null;

    private Figure Requested(VMEvidence vm, PassthruSlot slot)
    {
        var (vendor, device) = IdsOf(slot);
        var request = RequestOf(slot);
        var config = _host.FindConfigSpace(slot.Address);
        if (request?.Vectors is { } asked)
        {
            var at = slot.Address!.Value;
            if (_history.BeforeGap.Contains(at))
            {
                return Figure.Of(asked, Provenance.Inferred, "The latest request in the log, before a gap in it: what was asked for since is not known.", ReferenceTo(request))
                    with { Minimum = Math.Min(1, asked), Maximum = MostOf(config) };
            }

            return !_history.BeforeBoot.Contains(at) ? Figure.Of(asked, Provenance.Measured, "The latest request in the log.", ReferenceTo(request))
                : Figure.Of(asked, Provenance.Measured, "The latest request in the log, before the host's last boot.", ReferenceTo(request)) with { Minimum = Math.Min(1, asked) };
        }

        if (slot.Kind == PassthruSlotKind.SriovVf)
            return KnownDevices.FindVirtualFunction(vendor, _host.Version, (config ?? VirtualFunctionMatcher.ConfigOfAny(_host, slot))?.MsiXTableSize, MostAskedLike(slot)) ?? Figure.Unknown("A virtual function of this vendor has no planning figure, and the log shows no request.");
        if (config is { MsiXTableSize: { } table })
            return AtMost(table, "The hardware's MSI-X table: the most that a driver can ask for.", config) with { Maximum = MostOf(config) };
        if (config is { MsiVectors: { } messages })
            return AtMost(messages, "The hardware's MSI count: the most that a driver can ask for.", config);
        if (config is { IsComplete: true })
            return Figure.Of(1, Provenance.Inferred, "The hardware has neither MSI nor MSI-X: one line-based interrupt.", new SourceReference("lspci-config.txt", null, config.Address.ToString()));
        return KnownDevices.Find(vendor, device, vm.GuestFamily)
            ?? Figure.Unknown("Neither the log nor the configuration space tells what its driver asks for.");
    }

    /// <summary>The most that a driver can ask for: entries of the MSI-X table, or MSI messages where it takes those.</summary>
    private static int? MostOf(PciConfigSpace? config) => config?.MsiXTableSize is { } table ? Math.Max(table, config.MsiVectors ?? 0) : config?.MsiVectors;

    /// <summary>The most that a virtual function which may be of the slot's adapter asked for by the log; null where none did.</summary>
    private int? MostAskedLike(PassthruSlot slot) =>
        VirtualFunctionMatcher.RequestsOf(_host, slot, _history.Requests).Concat(_history.Unnamed).Max(line => line.Vectors);

    /// <summary>What the hardware offers is counted in full, and proves no more than that the driver takes one.</summary>
    private static Figure AtMost(int vectors, string explanation, PciConfigSpace config) =>
        Figure.Of(vectors, Provenance.Inferred, explanation, new SourceReference("lspci-config.txt", null, config.Address.ToString())) with { Minimum = Math.Min(1, vectors) };

    private static InterruptMode VirtualMode(GuestLimits limits, PassthruLogEvent? request, PciConfigSpace? config, VMEvidence vm, ushort? vendor, ushort? device, Figure requested)
    {
        if (limits.MsiSupported == false) return InterruptMode.IntX;
        if (ListedMode(vm, vendor, device) is { } listed) return listed;
        if (request is { InterruptMode: not InterruptMode.Unknown }) return request.InterruptMode;
        if (config?.MsiXTableSize is not null) return InterruptMode.MsiX;
        if (config?.MsiVectors is not null) return InterruptMode.Msi;
        if (config is { IsComplete: true }) return InterruptMode.IntX;
        return requested.Value > 1 ? InterruptMode.MsiX : InterruptMode.Unknown;
    }

    /// <summary>
    /// The most MSI messages that a device may take although it counts as one that uses MSI-X, since neither the guest nor its request in the log tells the
    /// mode; null where it is known.
    /// </summary>
    private static int? MsiAtMost(GuestLimits limits, PassthruLogEvent? request, PciConfigSpace? config, VMEvidence vm, ushort? vendor, ushort? device)
    {
        if (limits.MsiSupported == false || ListedMode(vm, vendor, device) is not null || request is { InterruptMode: not InterruptMode.Unknown }) return null;
        var messages = request is null ? config?.MsiVectors : request.Vectors;
        return messages > limits.MessageNumberLimit ? limits.MessageNumberLimit : messages;
    }

    /// <summary>The mode in which a Linux guest lists its devices of a kind; null where it lists none, or runs them differently, since which one is which slot is not known.</summary>
    private static InterruptMode? ListedMode(VMEvidence vm, ushort? vendor, ushort? device)
    {
        if (vendor is null) return null;
        var modes = (vm.GuestDevices ?? []).Where(each => each.VendorId == vendor && each.DeviceId == device).Select(each => each.Mode).Distinct().ToList();
        return modes is [not InterruptMode.Unknown] ? modes[0] : null;
    }

    /// <summary>
    /// The .vmx key moves the physical mode to the IOAPIC only where the guest runs the device line-based already;
    /// with the key left at its default the host then uses one physical MSI for it.
    /// </summary>
    private static InterruptMode PhysicalMode(InterruptMode virtualMode, bool? msiEnabled, List<string> notes)
    {
        if (virtualMode == InterruptMode.IntX) return msiEnabled == false ? InterruptMode.IntX : InterruptMode.Msi;
        if (msiEnabled == false && virtualMode is InterruptMode.Msi or InterruptMode.MsiX)
        {
            notes.Add("msiEnabled = \"FALSE\" changes nothing here: it moves the physical mode to the IOAPIC only where the guest uses line-based interrupts, and this guest's driver uses message-signalled ones.");
        }

        return virtualMode;
    }

    private static Figure Capped(Figure requested, InterruptMode virtualMode, GuestLimits limits, PassthruLogEvent? request, List<string> notes)
    {
        if (virtualMode == InterruptMode.IntX)
        {
            var reason = limits.MsiSupported == false ? "MSI is off in the guest (MSISupported = 0): one line-based interrupt." : "Line-based: one interrupt.";
            return Figure.Of(1, Provenance.Inferred, reason, limits.Evidence);
        }

        if (limits.MessageNumberLimit is not { } limit) return requested;
        if (requested.Value is not { } asked)
        {
            return Figure.Of(limit, Provenance.Inferred, "What the driver asks for is unknown; the guest allows no more than MessageNumberLimit.", limits.Evidence) with { Minimum = Math.Min(1, limit) };
        }

        if (asked <= limit) return requested with { Maximum = Math.Min(requested.Maximum ?? limit, limit) };
        if (request is not null)
            notes.Add(FormattableString.Invariant($"The log shows {asked} asked for, the guest's limit is {limit}. If that line is later than the limit, the driver does not honour it: check the log after the next start."));
        return Figure.Of(limit, Provenance.Inferred, FormattableString.Invariant($"MessageNumberLimit = {limit} caps the {asked} that the driver asks for; verify after the next start that the driver honours it."), [.. limits.Evidence, .. requested.Evidence])
            with { Minimum = Math.Min(requested.Minimum ?? 1, limit) };
    }

    /// <summary>
    /// What is less than the driver asked for holds from the guest's next start on. Until then the device may hold all of it: where the guest says that it
    /// awaits a restart, where a listing of the guest says line-based and the log does not, and where it is the present that counts.
    /// </summary>
    private Figure StillHeld(Figure demand, Figure requested, PassthruLogEvent? request, GuestLimits limits, List<string> notes)
    {
        if (demand.Maximum is not { } most || requested.Maximum <= most) return demand;
        var isListed = limits is { MsiSupported: not false, MessageNumberLimit: null };
        if (!limits.IsRestartPending && request is null) return demand;
        if (!limits.IsRestartPending && !isListed && !_isNow) return demand;
        notes.Add(limits.IsRestartPending ? "The guest has to be restarted before its settings take effect; until then the device may hold what its driver asked for."
            : isListed ? "The guest lists the device as line-based, and the log shows a request for more: it may hold that."
            : "By the log the device holds more than the guest's settings allow; they take effect with its next start.");
        return demand with { Maximum = requested.Maximum, Explanation = demand.Explanation + " Up to " + (requested.Maximum?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "an unknown number") + " may be held until the guest's next start." };
    }

    internal static SourceReference ReferenceTo(PassthruLogEvent line) => new(line.File ?? "log", line.Line, line.Text);
}
