using System.Globalization;
using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;

namespace PassthroughTools.Guests;

/// <summary>Steps of a run on a running guest. A key that may be missing is a step of its own, so that undo removes it again.</summary>
internal static class GuestRunSteps
{
    /// <summary>Steps for a step of a plan whose container is a guest.</summary>
    /// <param name="step">Step of the plan.</param>
    /// <param name="created">Keys that have a step already.</param>
    /// <exception cref="PassthruException"><see cref="GuestErrors.NotPci"/> or <see cref="GuestErrors.TargetUnknown"/>.</exception>
    public static IEnumerable<RunStep> For(RemediationStep step, HashSet<string> created)
    {
        var target = GuestTarget.Parse(step.Container);
        var display = step.Device is { } device ? step.VM + " " + device : step.VM;
        var path = GuestScope.Split(step.Key) ?? throw GuestErrors.NotPci.For(step, step.VM, step.Key);
        return Steps(target, display, path, Dword(step.NewValue), Dword(step.OldValue), created);
    }

    /// <summary>Steps for values that were planned from a guest's own answer.</summary>
    /// <param name="guest">Guest.</param>
    /// <param name="values">Values.</param>
    /// <param name="export">What the guest answered; a key that is there needs no step.</param>
    public static IReadOnlyList<RunStep> For(Guest guest, IEnumerable<GuestMsiStep> values, GuestMsiExport export)
    {
        var created = new HashSet<string>(
            export.Settings.SelectMany(setting => GuestScope.Keys.Select(key => setting.KeyPath + "\\" + key)).Where(export.Document.ContainsKey).Select(key => guest.Target + "|" + key),
            StringComparer.OrdinalIgnoreCase);
        return [.. values.SelectMany(value => Steps(
            guest.Target, guest.Name, GuestScope.Split(value.KeyPath + "\\" + value.Name) ?? throw GuestErrors.NotPci.For(value, guest.Name, value.KeyPath),
            RegFileActuator.ValueOf(value.NewValue), RegFileActuator.ValueOf(value.OldValue), created))];
    }

    private static IEnumerable<RunStep> Steps(GuestTarget target, string display, GuestSettingPath path, SettingValue value, SettingValue expected, HashSet<string> created)
    {
        // Canonical spelling: the same setting must have the same name in every run.
        var instance = GuestScope.EnumPci + path.InstanceId.Substring("PCI".Length);
        SettingTarget Target(string key) => new() { Kind = GuestRegistryActuator.KindName, Container = target.ToString(), Key = instance + "\\" + key, Display = display };
        if (!value.IsAbsent)
        {
            foreach (var key in GuestScope.Keys.Where(key => created.Add(target + "|" + instance + "\\" + key)))
                yield return new RunStep { Target = Target(key + "\\"), Value = SettingValue.Of(RegFileActuator.KeyExists) };
        }

        yield return new RunStep { Target = Target(path.Key + "\\" + path.Name), Value = value, Expected = expected };
    }

    private static SettingValue Dword(string? number) =>
        number is null ? SettingValue.Absent : RegFileActuator.ValueOf(RegData.Dword(uint.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture)));
}
