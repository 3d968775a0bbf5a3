using PassthroughTools.Evidence;
using PassthroughTools.Pci;
using PassthroughTools.Vectors;
using PassthroughTools.Vmx;

namespace PassthroughTools.Findings;

/// <summary>What a VM's configuration says besides the addresses.</summary>
internal static class VMRules
{
    public static IEnumerable<FindingDraft> DuplicateKey(FindingContext context)
    {
        foreach (var vm in context.VMs)
        {
            if (context.Document(vm) is not { } document) continue;
            foreach (var key in document.DuplicateKeys.Where(key => key.StartsWith("pciPassthru", StringComparison.OrdinalIgnoreCase)))
            {
                var entries = document.Find(key);
                var differ = entries.Select(entry => entry.Value).Distinct(StringComparer.Ordinal).Count() > 1;
                yield return new FindingDraft(
                    differ ? FindingSeverity.Warning : FindingSeverity.Information, Provenance.Measured,
                    $"{key} stands in lines {string.Join(", ", entries.Select(entry => entry.Line))}, "
                    + (differ ? "with different values. Which of them counts is not known here, so the device is not sure either." : "with the same value."),
                    "With the VM off, leave one of the lines. The commands of this module do not change a key that is repeated.")
                {
                    VM = vm.Name, Slot = SlotOf(key),
                    Evidence = [.. entries.Select(entry => new SourceReference(context.ConfigurationName(vm), entry.Line, entry.ToString()))],
                };
            }
        }
    }

    public static IEnumerable<FindingDraft> MemoryNotReserved(FindingContext context)
    {
        foreach (var group in context.Slots.Where(pair => pair.Slot.Kind == PassthruSlotKind.Passthrough).GroupBy(pair => pair.VM))
        {
            if (context.Document(group.Key) is not { } document) continue;
            var configuration = VmxConfiguration.From(document);
            if (configuration.IsMemoryReserved != false) continue;
            var isOn = group.Key.PowerState == VMPowerState.PoweredOn;
            yield return new FindingDraft(
                isOn ? FindingSeverity.Warning : FindingSeverity.Error, Provenance.Documented,
                $"{configuration.MemoryReservationMB} of {configuration.MemoryMB} MB are reserved, and a VM with passthrough devices must have all its memory reserved."
                + (isOn ? " The VM is on all the same, so the file may be older than what runs." : ""),
                "Set the memory reservation to all of the VM's memory (\"Reserve all guest memory\").")
            {
                VM = group.Key.Name, Evidence = [context.KeyReference(group.Key, "memSize", null), context.KeyReference(group.Key, "sched.mem.min", null)],
            };
        }
    }

    public static IEnumerable<FindingDraft> UndocumentedVectorKey(FindingContext context)
    {
        const string Key = "maxMSIXvectors";
        foreach (var (vm, slot) in context.Slots)
        {
            if (!slot.Keys.TryGetValue(Key, out var value)) continue;
            yield return new FindingDraft(
                FindingSeverity.Information, Provenance.Unknown,
                $"pciPassthru{slot.Slot}.{Key} = \"{value}\" is set. No public document or sample is known that shows that ESXi has this key; the budget does not count on it.",
                "Test it: start the VM and see whether the request in vmkernel.log (Get-PassthruLogEvent -Kind PassthruRequest) becomes smaller. What is documented is a limit in the guest.")
            {
                VM = vm.Name, Slot = slot.Slot, Device = slot.Address, Evidence = [context.KeyReference(vm, slot, Key)],
            };
        }
    }

    public static IEnumerable<FindingDraft> MsiEnabledWithoutEffect(FindingContext context)
    {
        foreach (var (vm, slot) in context.Slots)
        {
            if (slot.MsiMode != PassthruMsiMode.IoApic && slot.MsiEnabled != false) continue;
            if (context.DemandOf(vm, slot) is not { PhysicalMode: InterruptMode.Msi or InterruptMode.MsiX, VirtualMode: InterruptMode.Msi or InterruptMode.MsiX } row) continue;
            var mode = row.VirtualMode == InterruptMode.MsiX ? "MSI-X" : "MSI";
            var listed = vm.GuestDevices?.FirstOrDefault(each => each.VendorId == row.VendorId && each.DeviceId == row.DeviceId && each.Mode == row.VirtualMode);
            var isSeen = listed is not null || row.RequestedFigure.Provenance == Provenance.Measured;
            yield return new FindingDraft(
                FindingSeverity.Warning, isSeen ? Provenance.Documented : Provenance.Inferred,
                $"pciPassthru{slot.Slot}.msiEnabled = \"FALSE\" has no effect: it moves the device to the IOAPIC only where the guest runs it line-based,"
                + (isSeen ? $" and this guest's driver runs {mode}." : $" and this guest's driver is taken to run {mode}, since the hardware offers it."),
                vm.GuestFamily switch
                {
                    GuestFamily.Windows => "Take the vectors back in the guest: MessageNumberLimit keeps MSI-X with fewer vectors, MSISupported = 0 switches it off (Set-GuestMsiSetting). Otherwise remove the key (Set-VMPassthruMsiMode -Mode Default).",
                    GuestFamily.Linux => "Take the vectors back in the guest, by the driver's own parameter. Otherwise remove the key (Set-VMPassthruMsiMode -Mode Default).",
                    _ => "Take the vectors back in the guest's driver. Otherwise remove the key (Set-VMPassthruMsiMode -Mode Default).",
                })
            {
                VM = vm.Name, Slot = slot.Slot, Device = slot.Address,
                Evidence =
                [
                    context.KeyReference(vm, slot, "msiEnabled"),
                    .. row.RequestedFigure.Evidence,
                    .. listed is null ? [] : new[] { new SourceReference(vm.Name + " (guest's lspci)", null, $"{listed.GuestAddress} {listed.Description}: {mode} enabled") },
                ],
            };
        }
    }

    public static IEnumerable<FindingDraft> MsiEnabledNotNeeded(FindingContext context)
    {
        if (!context.IsAtLeast(6, 0)) yield break;
        foreach (var group in context.Slots.Where(pair => pair.Slot.MsiMode == PassthruMsiMode.IoApic || pair.Slot.MsiEnabled == false).GroupBy(pair => pair.VM))
        {
            var slots = group.Select(pair => pair.Slot).ToList();
            var hasGlobal = CapacityCalculator.IsGlobalPoolSure(context.Host);
            var mayWork = slots.Exists(slot => context.DemandOf(group.Key, slot)?.PhysicalMode is not (InterruptMode.Msi or InterruptMode.MsiX));
            yield return new FindingDraft(
                hasGlobal && mayWork ? FindingSeverity.Warning : FindingSeverity.Information, Provenance.Inferred,
                $"msiEnabled = \"FALSE\" is set for {string.Join(", ", slots.Select(slot => "pciPassthru" + slot.Slot))}. It switches off a translation of ESXi 5.1 and 5.5 and is not needed from 6.0 on."
                + (hasGlobal ? " Where it takes effect, the device is thought to take one of the host-wide vectors below intrFirstMsixVector, which on 7.0 U1 to 8.0 are scarcer than those for MSI-X (an inference from KB 313395)." : ""),
                "Remove it (Set-VMPassthruMsiMode -Mode Default) and test, unless a device is known to need it; some NVMe devices were reported to miss interrupts without it.")
            {
                VM = group.Key.Name,
                Slot = slots.Count == 1 ? slots[0].Slot : null,
                Device = slots.Count == 1 ? slots[0].Address : null,
                Evidence = [.. slots.Select(slot => context.KeyReference(group.Key, slot, "msiEnabled"))],
            };
        }
    }

    public static IEnumerable<FindingDraft> PowerStateUnknown(FindingContext context)
    {
        foreach (var vm in context.VMs.Where(vm => vm.PowerState == VMPowerState.Unknown && vm.Slots?.Any(slot => slot.Present) != false))
        {
            yield return new FindingDraft(
                FindingSeverity.Information, Provenance.Measured,
                "The evidence does not say whether the VM is on. Its devices are counted as if it were.",
                "Add vm.json with powerState (poweredOn, poweredOff or suspended).")
            {
                VM = vm.Name, Evidence = [new SourceReference(vm.Name + "/vm.json", null, "no power state")],
            };
        }
    }

    public static IEnumerable<FindingDraft> ConfigurationUnknown(FindingContext context)
    {
        foreach (var vm in context.VMs.Where(vm => vm.Slots is null))
        {
            yield return new FindingDraft(
                FindingSeverity.Warning, Provenance.Measured,
                "The VM's configuration is missing, unreadable or encrypted: which devices it uses is unknown, and with that the host's budget.",
                "Add the VM's .vmx to the evidence, or collect it from the running host.")
            {
                VM = vm.Name, Evidence = [new SourceReference(context.ConfigurationName(vm), null, "no passthrough slots could be read")],
            };
        }
    }

    /// <summary>N of a key <c>pciPassthruN.name</c>.</summary>
    private static int? SlotOf(string key)
    {
        var digits = new string([.. key.Substring("pciPassthru".Length).TakeWhile(c => c is >= '0' and <= '9').Take(5)]);
        return digits.Length > 0 ? int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) : null;
    }
}
