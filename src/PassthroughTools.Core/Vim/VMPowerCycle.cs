using System.Diagnostics;
using PassthroughTools.Journal;

namespace PassthroughTools.Vim;

/// <summary>
/// The bracket around the changes of one VM: what has to be written while it is off takes it down through its guest, what has to be written in the guest
/// needs it up, and at the end a VM that was on is on again, restarted where only its guest was changed. A bracket's name tells which VM, and whether
/// it was on when the run was planned, so that a killed run still knows.
/// </summary>
/// <param name="sessions">Finds servers.</param>
/// <param name="options">Time limits; defaults when null.</param>
/// <param name="tell">Told what is done to whom.</param>
/// <param name="cancellation">Stops the waits. A VM that was taken down is started all the same.</param>
public sealed class VMPowerCycle(IVimSessions sessions, VMPowerOptions? options = null, Action<string>? tell = null, CancellationToken cancellation = default) : IRunBarrier
{
    private const string On = "#on";
    private const string Off = "#off";

    private readonly VMPowerOptions _options = options ?? new VMPowerOptions();
    private Bracket? _open;

    /// <summary>Name of the bracket for a VM, from its state now.</summary>
    /// <param name="vm">VM.</param>
    public string NameFor(VimTarget vm) => vm + (new VMPower(sessions, vm).Read().IsOn ? On : Off);

    /// <inheritdoc/>
    public void Enter(string name) => _open = Parse(name);

    /// <inheritdoc/>
    public void Leave(string name)
    {
        var bracket = _open ?? Parse(name);
        _open = null;
        if (!bracket.WasOn) return;
        var state = bracket.Power.Read();
        if (state.IsOn && bracket.IsGuestChanged)
        {
            TakeDown(bracket, state);
            state = bracket.Power.Read();
        }

        if (state.IsOn && !bracket.IsGoingDown) return;
        if (state.IsOn) throw VimPowerErrors.LeftShuttingDown.For(bracket.Power.Target, state.Label);
        BringUp(bracket);
    }

    /// <inheritdoc/>
    public void Settle(string name)
    {
        // Whatever a killed run was about to do to the VM, in the end it is on where it was on before.
        var bracket = Parse(name);
        if (bracket.WasOn && !bracket.Power.Read().IsOn) BringUp(bracket);
    }

    /// <summary>Takes the VM of the open bracket down where it is on.</summary>
    /// <param name="vm">VM.</param>
    /// <exception cref="PassthruException"><see cref="VimPowerErrors.PoweredOn"/> outside of a bracket for a VM that was on, or what shutting down throws.</exception>
    public void RequireOff(VimTarget vm)
    {
        var bracket = _open is { } open && open.Power.Target == vm ? open : null;
        var power = bracket?.Power ?? new VMPower(sessions, vm);
        var state = power.Read();
        if (!state.IsOn) return;
        if (bracket is not { WasOn: true }) throw VimPowerErrors.PoweredOn.For(vm, state.Label, state.State);
        TakeDown(bracket, state);
    }

    /// <summary>Brings the VM of the open bracket, if one is open, up where it is off, so that its guest can be asked.</summary>
    /// <param name="isChange">Whether the guest is to be changed: then it is restarted when the bracket ends.</param>
    /// <exception cref="PassthruException"><see cref="VimPowerErrors.PoweredOff"/> where it was off before the run, or what starting throws.</exception>
    public void ForGuest(bool isChange)
    {
        if (_open is not { } bracket) return;
        var state = bracket.Power.Read();
        if (!state.IsOn)
        {
            if (!bracket.WasOn) throw VimPowerErrors.PoweredOff.For(bracket.Power.Target, state.Label);
            bracket.HadTools = true;
            BringUp(bracket);
        }

        bracket.HadTools |= state.HasTools;
        bracket.IsGuestChanged |= isChange;
    }

    private void TakeDown(Bracket bracket, VMPowerReading state)
    {
        tell?.Invoke($"{state.Label}: shutting the guest down");
        bracket.HadTools |= state.HasTools;
        try
        {
            bracket.Power.ShutDown();
        }
        catch (PassthruException e) when (e.Definition == VimErrors.InvalidState && !bracket.Power.Read().IsOn)
        {
            // It went down on its own, or since an earlier request whose answer was lost.
        }

        bracket.IsGoingDown = true;
        var clock = Stopwatch.StartNew();
        while ((state = bracket.Power.Read()).IsOn)
        {
            if (clock.Elapsed > _options.ShutdownTimeout) throw VimPowerErrors.ShutdownTimeout.For(bracket.Power.Target, state.Label, state.State, Span(_options.ShutdownTimeout));
            Wait(cancellation);
        }

        bracket.IsGoingDown = false;
        bracket.IsGuestChanged = false;
    }

    private void BringUp(Bracket bracket)
    {
        var label = bracket.Power.Read().Label;
        tell?.Invoke($"{label}: starting");
        try
        {
            // Not even Ctrl+C leaves a VM down that was up.
            bracket.Power.Start();
        }
        catch (PassthruException e)
        {
            if (!IsUp(bracket)) throw VimPowerErrors.StartFailed.Because(e, bracket.Power.Target, label, e.Message);
        }

        bracket.IsGuestChanged = false;
        if (!bracket.HadTools) return;
        var clock = Stopwatch.StartNew();
        while (!cancellation.IsCancellationRequested && !bracket.Power.Read().HasTools)
        {
            if (clock.Elapsed > _options.StartTimeout) throw VimPowerErrors.StartTimeout.For(bracket.Power.Target, label, Span(_options.StartTimeout));
            Wait(CancellationToken.None);
        }
    }

    /// <summary>A start that was asked for before, and whose answer was lost, may have won the race; the server then refuses a second one.</summary>
    private static bool IsUp(Bracket bracket)
    {
        try
        {
            return bracket.Power.Read().IsOn;
        }
        catch (PassthruException)
        {
            return false;
        }
    }

    private void Wait(CancellationToken stop)
    {
        stop.WaitHandle.WaitOne(_options.PollInterval);
        stop.ThrowIfCancellationRequested();
    }

    private static string Span(TimeSpan span) => span.TotalMinutes >= 1 ? FormattableString.Invariant($"{span.TotalMinutes:0.#} minutes") : FormattableString.Invariant($"{span.TotalSeconds:0.#} seconds");

    private Bracket Parse(string name)
    {
        var cut = name.LastIndexOf('#');
        var vm = cut > 0 ? VimTarget.TryParse(name.Substring(0, cut)) : null;
        return vm is null ? throw VimPowerErrors.TargetUnknown.For(name, name) : new Bracket(new VMPower(sessions, vm), name.EndsWith(On, StringComparison.Ordinal));
    }

    private sealed class Bracket(VMPower power, bool wasOn)
    {
        public VMPower Power => power;

        public bool WasOn => wasOn;

        public bool HadTools { get; set; }

        public bool IsGoingDown { get; set; }

        public bool IsGuestChanged { get; set; }
    }
}
