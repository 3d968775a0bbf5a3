using System.Globalization;
using PassthroughTools.Evidence;
using PassthroughTools.Registry;
using PassthroughTools.Vmx;

namespace PassthroughTools.Planning;

/// <summary>From choices to settings, and from settings to what the evidence would look like with them.</summary>
internal static class PlanSteps
{
    private const string MsiEnabled = "msiEnabled";

    /// <summary>The settings in which a choice is written down; none for Keep, none for values that are there already.</summary>
    public static IEnumerable<RemediationStep> For(PlanCandidate candidate, PlanOption choice)
    {
        var steps = new List<RemediationStep>();
        if (choice.Action == PlanAction.Keep || candidate.VM is not { } vm) return steps;
        var row = candidate.Rows[0];
        foreach (var instance in candidate.Instances)
        {
            if (choice.Action == PlanAction.MessageLimit)
            {
                steps.Add(Registry(instance, GuestMsiReader.LimitName, Text(instance.MessageNumberLimit), Text(choice.Limit)!,
                    FormattableString.Invariant($"Keeps message-signalled interrupts: {choice.Limit} instead of {row.Demand?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number"}.")));
            }
            else
            {
                steps.Add(Registry(instance, GuestMsiReader.SupportedName, instance.MsiSupported is { } on ? (on ? "1" : "0") : null, "0",
                    "Takes the device back to one line-based interrupt."));
            }
        }

        if (choice.Action == PlanAction.IoApic)
        {
            steps.Add(new RemediationStep
            {
                VM = vm.Name, VMPlace = vm.Vim?.ToString(), Device = row.Address, Action = choice.Action, Kind = SettingKind.Vmx, Container = vm.ConfigurationPlace!,
                Key = FormattableString.Invariant($"pciPassthru{row.Slot}.{MsiEnabled}"),
                OldValue = row.MsiEnabled is { } enabled ? (enabled ? "TRUE" : "FALSE") : null, NewValue = "FALSE",
                Reason = "With MSI off in the guest, the host then puts the device on the IOAPIC instead of one physical MSI.",
            });
        }

        return steps.Where(step => step.OldValue != step.NewValue);

        RemediationStep Registry(GuestMsiSetting instance, string name, string? old, string value, string reason) => new()
        {
            VM = vm.Name, VMPlace = vm.Vim?.ToString(), Device = row.Address, Action = choice.Action, Kind = SettingKind.GuestRegistry,
            Container = vm.GuestPlace ?? vm.Name, Key = instance.KeyPath + "\\" + GuestMsiReader.MsiKey + "\\" + name,
            OldValue = old, NewValue = value, Reason = reason,
        };
    }

    /// <summary>The evidence as it would be with the steps applied.</summary>
    public static HostEvidence Project(HostEvidence host, IReadOnlyList<RemediationStep> steps) =>
        host with { VMs = [.. (host.VMs ?? []).Select(vm => Project(vm, [.. steps.Where(step => step.VM == vm.Name)]))] };

    private static VMEvidence Project(VMEvidence vm, List<RemediationStep> steps) => steps.Count == 0 ? vm : vm with
    {
        Slots = [.. (vm.Slots ?? []).Select(slot => steps.Exists(step => step.Kind == SettingKind.Vmx && IsKey(step, slot)) ? slot with { MsiEnabled = false, MsiMode = PassthruMsiMode.IoApic } : slot)],
        GuestSettings = vm.GuestSettings is null ? null : [.. vm.GuestSettings.Select(setting => Project(setting, steps))],
    };

    private static bool IsKey(RemediationStep step, PassthruSlot slot) =>
        string.Equals(step.Key, FormattableString.Invariant($"pciPassthru{slot.Slot}.{MsiEnabled}"), StringComparison.OrdinalIgnoreCase);

    private static GuestMsiSetting Project(GuestMsiSetting setting, List<RemediationStep> steps)
    {
        // The VM is restarted with its changes.
        setting = setting with { RestartPending = false };
        var prefix = setting.KeyPath + "\\" + GuestMsiReader.MsiKey + "\\";
        foreach (var step in steps.Where(step => step.Kind == SettingKind.GuestRegistry && step.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            setting = step.Key.EndsWith(GuestMsiReader.LimitName, StringComparison.OrdinalIgnoreCase)
                ? setting with { MessageNumberLimit = int.Parse(step.NewValue!, CultureInfo.InvariantCulture) }
                : setting with { MsiSupported = step.NewValue == "1" };
        }

        return setting;
    }

    private static string? Text(int? value) => value?.ToString(CultureInfo.InvariantCulture);
}
