using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Remediation;

namespace PassthroughTools.Guests;

/// <summary>What became of a setting that was made.</summary>
public enum GuestDriftStatus
{
    /// <summary>As it was set.</summary>
    InPlace,

    /// <summary>Back to what it was before, or absent: the mark of a driver that was installed anew.</summary>
    Reset,

    /// <summary>Another value.</summary>
    Changed,

    /// <summary>The device instance is gone: the adapter is in another slot, or was taken away.</summary>
    DeviceMissing,

    /// <summary>It could not be read.</summary>
    Unknown,
}

/// <summary>A guest's setting against a plan or a run.</summary>
public sealed record GuestDrift
{
    /// <summary>Virtual machine, or what the run calls it.</summary>
    public string? VM { get; init; }

    /// <summary>Device instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Name of the setting.</summary>
    public required string Setting { get; init; }

    /// <summary>Value that was set; null for absent.</summary>
    public string? Expected { get; init; }

    /// <summary>Value now; null for absent or not known.</summary>
    public string? Actual { get; init; }

    /// <summary>What became of it.</summary>
    public GuestDriftStatus Status { get; init; }

    /// <summary>Export or guest that it was read from.</summary>
    public required string Container { get; init; }

    /// <summary>Why it could not be read.</summary>
    public PassthruException? Problem { get; init; }

    /// <summary>Compares a plan's guest settings with what is there now.</summary>
    /// <param name="steps">Steps of the plan; those that are no settings of guests are passed over.</param>
    /// <param name="actuators">Who reads which kind of setting.</param>
    public static IEnumerable<GuestDrift> Of(IReadOnlyList<RemediationStep> steps, IReadOnlyList<ISettingActuator> actuators)
    {
        foreach (var step in steps.Where(step => step.Kind == SettingKind.GuestRegistry))
        {
            var isGuest = GuestTarget.IsGuest(step.Container);
            var target = new SettingTarget
            {
                Kind = isGuest ? GuestRegistryActuator.KindName : RegFileActuator.KindName,
                Container = isGuest ? step.Container : Path.GetFullPath(step.Container), Key = step.Key, Display = step.VM,
            };
            if (Of(target, Number(step.NewValue), Number(step.OldValue), actuators) is { } drift) yield return drift;
        }
    }

    /// <summary>Compares a run's guest settings with what is there now.</summary>
    /// <param name="run">Run.</param>
    /// <param name="actuators">Who reads which kind of setting.</param>
    public static IEnumerable<GuestDrift> Of(RunSummary run, IReadOnlyList<ISettingActuator> actuators) =>
        run.Steps.Where(step => step.Differs).Select(step => Of(step.Target, step.Ours, step.Before, actuators)).OfType<GuestDrift>();

    private static SettingValue Number(string? number) =>
        number is null ? SettingValue.Absent
        : RegFileActuator.ValueOf(Registry.RegData.Dword(uint.Parse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture)));

    private static GuestDrift? Of(SettingTarget target, SettingValue expected, SettingValue before, IReadOnlyList<ISettingActuator> actuators)
    {
        // Keys are a means: only values are settings.
        if (target.Kind is not (GuestRegistryActuator.KindName or RegFileActuator.KindName) || GuestScope.Split(target.Key) is not { Name: { } name } path) return null;
        var drift = new GuestDrift { VM = target.Display, InstanceId = path.InstanceId, Setting = name, Expected = Words(expected), Container = target.Container };
        try
        {
            var actuator = actuators.First(each => each.Kind == target.Kind);
            var now = actuator.Read(target);
            var isGone = actuator is GuestRegistryActuator guests && guests.IsPresent(target) == false;
            var status = isGone ? GuestDriftStatus.DeviceMissing
                : now == expected ? GuestDriftStatus.InPlace
                : now.IsAbsent && target.Kind == RegFileActuator.KindName && !HasDevice(target, path) ? GuestDriftStatus.DeviceMissing
                : now == before || now.IsAbsent ? GuestDriftStatus.Reset
                : GuestDriftStatus.Changed;
            return drift with { Actual = Words(now), Status = status };
        }
        catch (PassthruException e)
        {
            return drift with { Status = e.Definition == GuestErrors.DeviceNotFound ? GuestDriftStatus.DeviceMissing : GuestDriftStatus.Unknown, Problem = e };
        }
    }

    private static bool HasDevice(SettingTarget target, GuestSettingPath path)
    {
        var at = target.Key.IndexOf(path.InstanceId, StringComparison.OrdinalIgnoreCase);
        return Registry.RegDocument.Load(target.Container).ContainsKey(target.Key.Substring(0, at + path.InstanceId.Length));
    }

    private static string? Words(SettingValue value) => value.Text is { } text ? RegFileActuator.DataOf(text).ToString() : null;

    /// <inheritdoc/>
    public override string ToString() => $"{VM} {InstanceId} {Setting}: {Status}".TrimStart();
}
