using System.Management.Automation;
using PassthroughTools.Guests;
using PassthroughTools.Journal;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;

namespace PassthroughTools.Commands;

/// <content>Running guests.</content>
public sealed partial class SetGuestMsiSettingCommand
{
    private readonly List<string> _instances = [];

    /// <summary>What to restart, so that the settings take effect: the changed devices, the guest, or nothing.</summary>
    [Parameter(ParameterSetName = LocalSet)]
    [Parameter(ParameterSetName = SessionSet)]
    [Parameter(ParameterSetName = ComputerSet)]
    [Parameter(ParameterSetName = VMSet)]
    public GuestRestart Restart { get; set; }

    /// <summary>Folder of the journal; by default the platform's data folder.</summary>
    [Parameter(ParameterSetName = LocalSet)]
    [Parameter(ParameterSetName = SessionSet)]
    [Parameter(ParameterSetName = ComputerSet)]
    [Parameter(ParameterSetName = VMSet)]
    [Alias("Journal")]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Piped instances are changed together, one run a guest.</summary>
    private void Collect() => _instances.AddRange(InstanceId ?? []);

    private void Change(Guest guest)
    {
        var selector = new GuestDeviceSelector(_instances.Count == 0 ? null : [.. _instances], HardwareId, Device);
        if (selector.IsEmpty) throw RemediationErrors.DeviceRequired.For(guest.Name, guest.Name);
        var export = guest.ReadSettings();
        var problems = new List<PassthruException>();
        var plans = export.Plan(There(guest, selector.Choose(export, problems)), Wanted(), problems);
        foreach (var problem in problems) WriteError(problem.ToErrorRecord());
        foreach (var warning in plans.SelectMany(plan => plan.Warnings)) WriteWarning(warning);
        var accepted = new List<GuestMsiStep>();
        var isWhatIf = false;
        foreach (var (setting, step) in plans.SelectMany(plan => plan.Steps.Select(step => (plan.Setting, step))))
        {
            var answer = this.Ask($"{guest.Name} {setting.Device} {setting.InstanceId}", $"{step.Name}: {step.OldValue?.ToString() ?? "(absent)"} -> {step.NewValue?.ToString() ?? "(absent)"}");
            isWhatIf |= answer == Answer.WhatIf;
            if (answer != Answer.No) accepted.Add(step);
        }

        if (isWhatIf)
        {
            if (PassThru) Write(Project(export, accepted), plans, new HashSet<string>(accepted.Select(step => step.InstanceId), StringComparer.OrdinalIgnoreCase), []);
            return;
        }

        var pending = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var restarted = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (accepted.Count > 0)
        {
            var store = new JournalStore(JournalPath is null ? null : this.Locate(JournalPath));
            var run = GuestRun.Apply(store, new GuestRegistryActuator(new SameGuest(guest.Transport), Wait, StopToken), guest, export, accepted, StopToken);
            foreach (var error in run.Errors) WriteError(error.ToErrorRecord(run.RunId));
            if (run.RunId is not null) WriteVerbose($"{guest.Name}: to go back, Undo-PassthruRemediation -RunId {run.RunId}");
            pending.UnionWith(accepted.Select(step => step.InstanceId));
            if (run.State == RunState.Completed) Guard(() => DoRestart(guest, pending, restarted), guest.Name);
        }

        if (PassThru) Write(guest.ReadSettings().Settings, plans, pending, restarted);
    }

    /// <summary>What an earlier adapter left in the registry is changed only where it is named.</summary>
    private List<GuestMsiSetting> There(Guest guest, IReadOnlyList<GuestMsiSetting> chosen)
    {
        var there = chosen.Where(setting => setting.IsPresent != false || _instances.Contains(setting.InstanceId, StringComparer.OrdinalIgnoreCase)).ToList();
        foreach (var gone in chosen.Except(there)) WriteWarning($"{guest.Name}: {gone.InstanceId} is passed over: the device is not there any more. Name it with -InstanceId to change it all the same.");
        return there;
    }

    /// <summary>The devices as they are, with the values that the change would leave.</summary>
    private static List<GuestMsiSetting> Project(GuestMsiExport export, IReadOnlyList<GuestMsiStep> steps)
    {
        var values = export.Project(export.Combine(steps)).ToDictionary(setting => setting.InstanceId, StringComparer.OrdinalIgnoreCase);
        return [.. export.Settings.Select(setting => After(setting, values[setting.InstanceId]))];
    }

    private static GuestMsiSetting After(GuestMsiSetting setting, GuestMsiSetting after) => setting with
    {
        MsiSupported = after.MsiSupported, MessageNumberLimit = after.MessageNumberLimit, WrongType = after.WrongType, Unreadable = after.Unreadable, Warnings = after.Warnings,
    };

    private void DoRestart(Guest guest, HashSet<string> pending, HashSet<string> restarted)
    {
        if (Restart == GuestRestart.Guest) guest.RestartGuest();
        else if (Restart == GuestRestart.Device)
        {
            // One by one: a device that is refused does not keep the others from their restart.
            foreach (var instance in pending.ToList())
                Guard(() => { if (guest.RestartDevices([instance]).Count == 0 && pending.Remove(instance)) restarted.Add(instance); }, instance);
        }
    }

    /// <summary>What was just written is in use after the restart of its device, and not before.</summary>
    private void Write(IReadOnlyList<GuestMsiSetting> settings, IReadOnlyList<GuestMsiPlan> plans, HashSet<string> pending, HashSet<string> restarted)
    {
        foreach (var setting in settings.Where(now => plans.Any(plan => plan.Setting.InstanceId == now.InstanceId)))
        {
            WriteObject(pending.Contains(setting.InstanceId) ? setting with { RestartPending = true }
                : restarted.Contains(setting.InstanceId) ? setting with { RestartPending = setting.RestartPending ?? false } : setting);
        }
    }

    private sealed class SameGuest(IGuestTransport transport) : IGuestTransports
    {
        public IGuestTransport Find(GuestTarget target) => transport;
    }
}

/// <summary>What is restarted after a change.</summary>
public enum GuestRestart
{
    /// <summary>Nothing: the change takes effect with the next restart.</summary>
    None,

    /// <summary>The changed devices; not a storage adapter that may hold the boot disk.</summary>
    Device,

    /// <summary>The guest.</summary>
    Guest,
}
