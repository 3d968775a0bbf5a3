using System.Text;
using PassthroughTools.Evidence;
using PassthroughTools.Findings;
using PassthroughTools.Host;
using PassthroughTools.Pci;
using PassthroughTools.Registry;
using PassthroughTools.Tests.Vectors;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Findings;

/// <summary>Evidence for one rule at a time, and that rule's findings.</summary>
internal static class Linting
{
    public static IReadOnlyList<PassthruFinding> Find(string id, HostEvidence host, string? vmx = null) =>
        FindingAnalyzer.Find(host, vmx is null ? null : _ => VmxDocument.Parse(Encoding.UTF8.GetBytes(vmx)), FindingRules.Matching(id, name => name == id));

    public static HostEvidence EsxHost(params VMEvidence[] vms) => new() { HostName = "esx01", Version = Given.Esx(8, 0, 2), LogicalCpus = 32, VMs = vms };

    public static HostEvidence EsxHost(EsxVersion version, params VMEvidence[] vms) => EsxHost(vms) with { Version = version };

    public static KernelSetting Setting(string name, string configured, string runtime, string standard) => new(name, "", configured, runtime, standard, null);

    /// <summary>The slot that a .vmx with this id gives.</summary>
    public static PassthruSlot Written(string id, string more = "") => Configuration(
        $"pciPassthru0.id = \"{id}\"\npciPassthru0.present = \"TRUE\"\npciPassthru0.vendorId = \"0x10df\"\npciPassthru0.deviceId = \"0xf100\"\n" + more).Slots[0];

    public static VmxDocument Configuration(string text) => VmxDocument.Parse(Encoding.UTF8.GetBytes(text));

    public static VMEvidence Windows(int slots, params GuestMsiSetting[] settings) =>
        Given.VM("vm1", [.. Enumerable.Range(0, slots).Select(i => Given.Slot(i, Given.Hba(i)))]) with { GuestSettings = settings };

    public static EsxcliPciDevice Owned(string address, PciOwner configured, PciOwner current) =>
        Given.Device(address, current) with { ConfiguredOwner = configured };

    public static VMEvidence State(this VMEvidence vm, VMPowerState state) => vm with { PowerState = state };
}
