using PassthroughTools.Evidence;
using PassthroughTools.Vmx;

namespace PassthroughTools.Findings;

/// <summary>Looks through the evidence of a host for what an admin should know beside the budget.</summary>
public static class FindingAnalyzer
{
    /// <summary>Finds, most severe first, then by identifier, VM, slot and device.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="configuration">
    /// Gives a VM's .vmx, such as <see cref="ReadConfiguration"/>, or null where there is none. Without it the findings that need the file itself
    /// (duplicate keys, the memory reservation) stay silent, and those of its slots name no line.
    /// </param>
    /// <param name="rules">Rules to apply; all of them when null.</param>
    public static IReadOnlyList<PassthruFinding> Find(
        HostEvidence host, Func<VMEvidence, VmxDocument?>? configuration = null, IEnumerable<FindingRule>? rules = null)
    {
        var context = new FindingContext(host, configuration);
        return [.. (rules ?? FindingRules.All)
            .SelectMany(rule => rule.Find(context))
            .OrderByDescending(finding => finding.Severity)
            .ThenBy(finding => finding.Id, StringComparer.Ordinal)
            .ThenBy(finding => finding.VM, StringComparer.OrdinalIgnoreCase)
            .ThenBy(finding => finding.Slot)
            .ThenBy(finding => finding.Device)];
    }

    /// <summary>Reads the .vmx that a VM's evidence came from; null where it is not there, not readable or encrypted.</summary>
    /// <param name="vm">Virtual machine.</param>
    public static VmxDocument? ReadConfiguration(VMEvidence vm)
    {
        if (vm.VmxPath is not { } path || !File.Exists(path)) return null;
        try
        {
            return VmxDocument.Load(path);
        }
        catch (PassthruException)
        {
            // The reader of the evidence has said so already.
            return null;
        }
    }
}
