using System.Diagnostics;
using PassthroughTools.Journal;

namespace PassthroughTools.Vim;

/// <summary>
/// The bracket around the changes of one VM: what has to be written while it is off takes it down through its guest, what has to be written in the guest
/// needs it up, and at the end a VM that was on is on again, restarted where only its guest was changed. A bracket's name tells which VM, and whether
/// it was on when the run was planned, so that a killed run still knows. With a throttle limit above 1, guests of VMs whose turn comes next go down, and those
/// of VMs that were left come up, while others are worked on.
/// </summary>
/// <param name="sessions">Finds servers.</param>
/// <param name="options">Time limits; defaults when null.</param>
/// <param name="tell">Told what is done to whom.</param>
/// <param name="cancellation">Stops the waits. A VM that was taken down is started all the same.</param>
public sealed partial class VMPowerCycle(IVimSessions sessions, VMPowerOptions? options = null, Action<string>? tell = null, CancellationToken cancellation = default) : IRunBarrier, IRunBarrierAhead
{
    private const string On = "#on";
    private const string Off = "#off";

    private readonly VMPowerOptions _options = options ?? new VMPowerOptions();
    private Bracket? _open;

    /// <summary>Name of the bracket for a VM, from its state now.</summary>
    /// <param name="vm">VM.</param>
    public string NameFor(VimTarget vm) => vm + (new VMPower(sessions, vm).Read().IsOn ? On : Off);

    /// <inheritdoc/>
    public void Enter(string name)
    {
        // Before anything else: where another VM does not come back, this one is not begun.
        WaitUntil(_options.ThrottleLimit - 1 - _ahead.Count(bracket => bracket.Name != name));
        var prepared = _ahead.FirstOrDefault(bracket => bracket.Name == name);
        if (prepared is not null) _ahead.Remove(prepared);
        _open = prepared ?? Parse(name);
    }

    /// <inheritdoc/>
    public void Leave(string name)
    {
        var bracket = _open ?? Parse(name);
        _open = null;
        if (!bracket.WasOn) return;
        _leaving.Add(bracket);
        WaitUntil(_options.ThrottleLimit - 1);
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
        if (bracket.Phase != Phase.GoingDown) AskDown(bracket, state);
        while (!IsDown(bracket)) Wait(cancellation);
    }

    private void AskDown(Bracket bracket, VMPowerReading state)
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

        bracket.Begin(Phase.GoingDown);
    }

    private bool IsDown(Bracket bracket)
    {
        var state = bracket.Power.Read();
        if (state.IsOn)
        {
            if (bracket.Elapsed > _options.ShutdownTimeout) throw VimPowerErrors.ShutdownTimeout.For(bracket.Power.Target, state.Label, state.State, Span(_options.ShutdownTimeout));
            return false;
        }

        bracket.Begin(Phase.Rest);
        bracket.IsGuestChanged = false;
        return true;
    }

    private void BringUp(Bracket bracket)
    {
        Start(bracket);
        while (!IsBack(bracket)) Wait(CancellationToken.None);
    }

    private void Start(Bracket bracket)
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
        bracket.Begin(Phase.ComingUp);
    }

    private bool IsBack(Bracket bracket)
    {
        if (bracket.HadTools && !cancellation.IsCancellationRequested)
        {
            var state = bracket.Power.Read();
            if (!state.HasTools)
            {
                if (bracket.Elapsed > _options.StartTimeout) throw VimPowerErrors.StartTimeout.For(bracket.Power.Target, state.Label, Span(_options.StartTimeout));
                return false;
            }
        }

        bracket.Begin(Phase.Rest);
        return true;
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
        return vm is null ? throw VimPowerErrors.TargetUnknown.For(name, name) : new Bracket(name, new VMPower(sessions, vm), name.EndsWith(On, StringComparison.Ordinal));
    }

    /// <summary>What a VM is on its way to.</summary>
    private enum Phase
    {
        /// <summary>It stays as it is.</summary>
        Rest,

        /// <summary>Its guest was asked to shut down.</summary>
        GoingDown,

        /// <summary>It was started, and its guest is to answer.</summary>
        ComingUp,
    }

    private sealed class Bracket(string name, VMPower power, bool wasOn)
    {
        private readonly Stopwatch _clock = new();

        public string Name => name;

        public VMPower Power => power;

        public bool WasOn => wasOn;

        public bool HadTools { get; set; }

        public bool IsGuestChanged { get; set; }

        public Phase Phase { get; private set; }

        /// <summary>Time since the phase began.</summary>
        public TimeSpan Elapsed => _clock.Elapsed;

        public void Begin(Phase phase)
        {
            Phase = phase;
            _clock.Restart();
        }
    }
}
