using PassthroughTools.Journal;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;

namespace PassthroughTools.Guests;

/// <summary>Changes of a guest's settings, through the journal.</summary>
public static class GuestRun
{
    /// <summary>Writes values that were planned from the guest's own answer. Where nothing differs nothing is written and there is no run.</summary>
    /// <param name="store">Journals.</param>
    /// <param name="actuator">Writes guests.</param>
    /// <param name="guest">Guest.</param>
    /// <param name="export">What the guest answered.</param>
    /// <param name="steps">Values.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="PassthruException">As <see cref="RunExecutor.Apply"/>.</exception>
    public static RunResult Apply(JournalStore store, GuestRegistryActuator actuator, Guest guest, GuestMsiExport export, IReadOnlyList<GuestMsiStep> steps, CancellationToken cancellation = default) =>
        new RunExecutor(store, [actuator]).Apply(new RunRequest { HostName = guest.Name, Steps = GuestRunSteps.For(guest, steps, export) }, null, cancellation);
}
