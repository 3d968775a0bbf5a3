using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Text;
using PassthroughTools.Vmx;

namespace PassthroughTools.Findings;

/// <summary>Messages in the logs that look like a shortage of vectors and have another cause.</summary>
internal static class LogRules
{
    public static IEnumerable<FindingDraft> ZeroVectorMsiX(FindingContext context)
    {
        foreach (var (vm, events) in context.EventsOf(LogEventKind.ZeroVectorMsiX))
        {
            var isKnown = context.Host.Version is { } version && !version.IsAtLeast(6, 5);
            var cause = context.Host.Version is null ? "It is known of ESXi 5.5 before P08 and 6.0 before P03 with Linux 4.2 and later in the guest (KB 2150585); the host's version is not known."
                : isKnown ? $"ESXi 5.5 before P08 and 6.0 before P03 do that with Linux 4.2 and later in the guest (KB 2150585); this is {context.Host.Version}."
                : $"The cause that KB 2150585 names was fixed in 5.5 P08 and 6.0 P03; this is ESXi {context.Host.Version}, so another cause is likely.";
            yield return new FindingDraft(
                isKnown ? FindingSeverity.Warning : FindingSeverity.Information, isKnown ? Provenance.Documented : Provenance.Unknown,
                $"The guest enabled MSI-X before it had programmed a vector ({Wording.Times(events.Count)}), so that the device's interrupts are not set up. It is no shortage of vectors. {cause}",
                isKnown ? "Patch the host (5.5 P08, 6.0 P03 or later)." : "If the device works, nothing; else ask the vendor with these lines.")
            {
                VM = vm?.Name, Device = One(events), Evidence = FindingContext.References(events),
            };
        }
    }

    public static IEnumerable<FindingDraft> InvalidVectorWithoutRemapping(FindingContext context)
    {
        if (context.Host.FindSetting("iovDisableIR") is not { } setting || HostText.Boolean(setting.Runtime ?? setting.Configured) != true) yield break;
        foreach (var (_, events) in context.EventsOf(LogEventKind.InvalidVector))
        {
            // Fixed in 5.5 P11, 6.0 P05 and 6.5 P01; the patch level does not follow from the version.
            var isKnown = context.Host.Version is { } version && !version.IsAtLeast(6, 7);
            yield return new FindingDraft(
                FindingSeverity.Warning, isKnown ? Provenance.Documented : Provenance.Inferred,
                $"{Wording.Count(events.Count, "interrupt")} arrived on a vector that nobody owns, and interrupt remapping is off (iovDisableIR). It is no shortage of vectors. "
                + (isKnown ? "KB 2149592 names the two together; 5.5 P11, 6.0 P05 and 6.5 P01 contain its fix." : "KB 2149592 names the two together for releases up to 6.5; that it is the same here is an inference."),
                "See PT2001 for the setting; on 5.5, 6.0 or 6.5 patch the host first.")
            {
                Evidence = [context.Reference(setting), .. FindingContext.References(events)],
            };
        }
    }

    public static IEnumerable<FindingDraft> MmioLimitExceeded(FindingContext context)
    {
        foreach (var (vm, events) in context.EventsOf(LogEventKind.MmioLimitExceeded))
        {
            var isOn = vm?.PowerState == VMPowerState.PoweredOn;
            var is64Bit = vm is null || context.Document(vm) is not { } document ? (bool?)null
                : document.Find("pciPassthru.use64bitMMIO").Any(entry => VmxDocument.ParseBoolean(entry.Value) == true);
            yield return new FindingDraft(
                isOn ? FindingSeverity.Information : FindingSeverity.Error, Provenance.Documented,
                "The memory windows of the VM's devices exceed what it may map, and it did not power on. It is no shortage of vectors."
                + (is64Bit switch { false => " pciPassthru.use64bitMMIO is not set.", true => " pciPassthru.use64bitMMIO is TRUE by now.", null => "" })
                + (isOn ? " The VM has come on since." : ""),
                is64Bit == true
                    ? "Raise pciPassthru.64bitMMIOSizeGB to the sum of the devices' memory, rounded up to a power of two (once more where it lies between two), with the VM off."
                    : "With the VM off, set pciPassthru.use64bitMMIO = \"TRUE\" and pciPassthru.64bitMMIOSizeGB to the sum of the devices' memory, rounded up to a power of two (once more where it lies between two).")
            {
                VM = vm?.Name, Device = One(events), Evidence = FindingContext.References(events),
            };
        }
    }

    private static PciAddress? One(IReadOnlyList<PassthruLogEvent> events)
    {
        var devices = events.Select(entry => entry.Device).Distinct().ToList();
        return devices.Count == 1 ? devices[0] : null;
    }
}
