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

    private DemandCalculator(HostEvidence host, LogHistory history, bool includePoweredOff)
    {
        _host = host;
        _history = history;
        _includePoweredOff = includePoweredOff;
    }

    /// <summary>A row for each device; VMs in the order of the evidence, slots ascending.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="includePoweredOff">True to count the devices of VMs that are off.</param>
    public static IReadOnlyList<VectorDemand> Compute(HostEvidence host, bool includePoweredOff = false) =>
        Compute(host, LogHistory.Read(host.LogEvents ?? []), includePoweredOff);

    internal static IReadOnlyList<VectorDemand> Compute(HostEvidence host, LogHistory history, bool includePoweredOff)
    {
        var calculator = new DemandCalculator(host, history, includePoweredOff);
        var rows = new List<VectorDemand>();
        foreach (var vm in VirtualFunctionMatcher.Match(host, history.Requests.Keys)) rows.AddRange(calculator.OfVM(vm));
        rows.AddRange(calculator.WithoutVM(new HashSet<PciAddress>(rows.Select(row => row.Address).OfType<PciAddress>())));
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
        new DemandCalculator(host, LogHistory.Read(host.LogEvents ?? []), false).InstancesOf(vm, [.. (vm.Slots ?? []).Where(slot => slot.Present)]);

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

    private VectorDemand Row(VMEvidence vm, PassthruSlot slot, GuestLimits limits)
    {
        var address = slot.Address;
        var (vendor, device) = IdsOf(slot);
        var request = RequestOf(slot);
        var config = _host.FindConfigSpace(address);
        var requested = Requested(vm, slot);
        var virtualMode = VirtualMode(limits, request, config, vm, vendor, device, requested);
        var notes = new List<string>(limits.Notes);
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
            PhysicalMode = PhysicalMode(virtualMode, slot.MsiEnabled, notes),
            DemandFigure = Capped(requested, virtualMode, limits, request, notes),
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
            return Figure.Of(asked, Provenance.Measured, "The latest request in the log.", ReferenceTo(request));
        if (slot.Kind == PassthruSlotKind.SriovVf)
            return KnownDevices.FindVirtualFunction(vendor, _host.Version, (config ?? VirtualFunctionMatcher.ConfigOfAny(_host, slot))?.MsiXTableSize) ?? Figure.Unknown("A virtual function of this vendor has no planning figure, and the log shows no request.");
        if (config is { MsiXTableSize: { } table })
            return AtMost(table, "The hardware's MSI-X table: the most that a driver can ask for.", config);
        if (config is { MsiVectors: { } messages })
            return AtMost(messages, "The hardware's MSI count: the most that a driver can ask for.", config);
        if (config is { IsComplete: true })
            return Figure.Of(1, Provenance.Inferred, "The hardware has neither MSI nor MSI-X: one line-based interrupt.", new SourceReference("lspci-config.txt", null, config.Address.ToString()));
        return KnownDevices.Find(vendor, device, vm.GuestFamily)
            ?? Figure.Unknown("Neither the log nor the configuration space tells what its driver asks for.");
    }

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

    internal static SourceReference ReferenceTo(PassthruLogEvent line) => new(line.File ?? "log", line.Line, line.Text);
}
