using PassthroughTools.Journal;

namespace PassthroughTools.Vim;

/// <content>Several VMs on their way at once, on one thread: each is looked at in turn.</content>
public sealed partial class VMPowerCycle
{
    private readonly List<Bracket> _ahead = [];
    private readonly List<Bracket> _leaving = [];

    /// <inheritdoc/>
    public void Ahead(IEnumerable<BracketAhead> next)
    {
        if (_options.ThrottleLimit <= 1) return;
        foreach (var (name, kind, isDue) in next)
        {
            if (_ahead.Count + _leaving.Count + (_open is null ? 0 : 1) >= _options.ThrottleLimit) return;

            // Order matters: a VM whose guest must be asked first, or that is still coming up, ends the row of those that can be prepared.
            if (kind != VimSettingActuator.KindName || _leaving.Exists(bracket => bracket.Name == name)) return;
            if (_ahead.Exists(bracket => bracket.Name == name)) continue;
            if (Parse(name) is { WasOn: true } bracket && isDue() && Try(() => Prepare(bracket)) is null && bracket.Phase == Phase.GoingDown) _ahead.Add(bracket);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<PassthruException> Drain()
    {
        _leaving.AddRange(_ahead);
        _ahead.Clear();
        var errors = new List<PassthruException>();
        while (_leaving.Count > 0)
        {
            if (Try(() => WaitUntil(0)) is { } error) errors.Add(error);
        }

        return errors;
    }

    private void Prepare(Bracket bracket)
    {
        var state = bracket.Power.Read();
        if (state.IsOn) AskDown(bracket, state);
    }

    /// <summary>Waits until no more VMs than so many are on their way back. One that does not come back is no longer waited for, and thrown.</summary>
    private void WaitUntil(int most)
    {
        while (true)
        {
            foreach (var bracket in _leaving.ToList())
            {
                var isDone = true;
                try
                {
                    isDone = MoveOn(bracket);
                }
                finally
                {
                    if (isDone) _leaving.Remove(bracket);
                }
            }

            if (_leaving.Count <= Math.Max(0, most)) return;
            Wait(CancellationToken.None);
        }
    }

    /// <summary>Takes a VM that was left one phase on, if it has come to that: down after a change of its guest, and up again.</summary>
    /// <returns>Whether it is as it was before the run.</returns>
    private bool MoveOn(Bracket bracket)
    {
        if (bracket.Phase == Phase.ComingUp) return IsBack(bracket);
        var state = bracket.Power.Read();
        if (state.IsOn)
        {
            if (bracket.Phase == Phase.GoingDown)
            {
                // Asked for by a pass that gave up, or that is to be stopped: whether it will go off nobody knows.
                if (cancellation.IsCancellationRequested || bracket.Elapsed > _options.ShutdownTimeout) throw VimPowerErrors.LeftShuttingDown.For(bracket.Power.Target, state.Label);
                return false;
            }

            if (!bracket.IsGuestChanged) return true;
            AskDown(bracket, state);
            return false;
        }

        Start(bracket);
        return IsBack(bracket);
    }

    private static PassthruException? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (PassthruException e)
        {
            return e;
        }
    }
}
