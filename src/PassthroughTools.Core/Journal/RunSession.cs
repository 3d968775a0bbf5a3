namespace PassthroughTools.Journal;

/// <summary>One pass over the steps of a run, forwards or backwards, with its lock held and its journal open.</summary>
internal sealed class RunSession(
    JournalWriter writer,
    IReadOnlyDictionary<string, ISettingActuator> actuators,
    IRunBarrier? barrier,
    bool continueOnError,
    IProgress<StepProgress>? progress,
    CancellationToken cancellation)
{
    private readonly List<PassthruException> _errors = [];
    private readonly List<string> _warnings = [];
    private readonly HashSet<string> _entered = new(StringComparer.Ordinal);
    private readonly bool _wasCutOff = RunSummaries.State(writer.Document) is RunState.Interrupted or RunState.Failed or RunState.PartlyUndone;
    private readonly IReadOnlyList<StepOutcome> _before = [.. RunSummaries.Steps(writer.Document).Select(step => step.Outcome)];
    private IReadOnlyList<PlannedStep> _walk = [];
    private string? _bracket;
    private int _written;
    private bool _isCancelled;

    private JournalDocument Document => writer.Document;

    public RunResult Forward(bool isResumed)
    {
        var outcomes = RunSummaries.Steps(Document);
        return Pass(() =>
        {
            if (isResumed) writer.Append(new(JournalEventType.RunResumed));
            WalkThrough(Document.Steps, continueOnError, step => Write(step, isResumed, outcomes[step.Index].Outcome), Failed(JournalEventType.StepFailed));
        }, JournalEventType.RunCompleted);
    }

    public RunResult Backward(UndoOptions options)
    {
        var outcomes = RunSummaries.Steps(Document);
        return Pass(() =>
        {
            writer.Append(new(JournalEventType.UndoStarted));

            // What an earlier undo restored is settled: whoever changed it since changed it after us.
            var open = Document.Steps.Where(step => outcomes[step.Index].Outcome is not (StepOutcome.Restored or StepOutcome.NothingToRestore));
            WalkThrough([.. open.Reverse()], goOn: true, step => Restore(step, options), Failed(JournalEventType.UndoStep));
        }, JournalEventType.Sealed);
    }

    private static Func<PlannedStep, string, string?, JournalEvent> Failed(JournalEventType type) =>
        (step, errorId, message) => new(type, step.Index, StepOutcome.Failed, errorId, message);

    /// <summary>Runs the pass; its last record is written only when all went well.</summary>
    private RunResult Pass(Action steps, JournalEventType end)
    {
        try
        {
            try
            {
                steps();
            }
            finally
            {
                TryLeaveBracket();
                _errors.AddRange((barrier as IRunBarrierAhead)?.Drain() ?? []);
            }

            if (_wasCutOff && !_isCancelled) Settle();
            if (_errors.Count == 0 && !_isCancelled) writer.Append(new(end));
        }
        catch (PassthruException e) when (writer.IsBroken)
        {
            // Without a journal nothing may go on; what is in it suffices to resume or undo.
            _errors.Add(e);
        }

        return new()
        {
            RunId = Document.Header.RunId,
            State = RunSummaries.State(Document),
            Steps = RunSummaries.Steps(Document),
            Written = _written,
            WasCancelled = _isCancelled,
            Errors = _errors,
            Warnings = _warnings,
        };
    }

    private void WalkThrough(
        IReadOnlyList<PlannedStep> steps, bool goOn, Action<PlannedStep> action, Func<PlannedStep, string, string?, JournalEvent> failure)
    {
        _walk = steps;
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            if (step.Differs)
            {
                _isCancelled |= cancellation.IsCancellationRequested;
                var succeeded = !_isCancelled && Attempt(step, action, failure);
                if (_isCancelled || !(succeeded || goOn)) return;
            }

            progress?.Report(new(Document.Header.RunId, i + 1, steps.Count, RunSummaries.Steps(Document)[step.Index]));
        }
    }

    private bool Attempt(PlannedStep step, Action<PlannedStep> action, Func<PlannedStep, string, string?, JournalEvent> failure)
    {
        try
        {
            action(step);
            return true;
        }
        catch (OperationCanceledException)
        {
            _isCancelled = true;
            return false;
        }
        catch (Exception e) when (!writer.IsBroken)
        {
            var named = e as PassthruException;
            _errors.Add(named ?? JournalErrors.StepFailed.Because(e, step.Target, step.Target, e.Message));

            // The message of a foreign exception may hold anything, credentials among it; the journal gets its type only.
            writer.Append(failure(step, named?.ErrorId ?? JournalErrors.StepFailed.Id, named?.Message ?? e.GetType().FullName));
            return false;
        }
    }

    private void Write(PlannedStep step, bool isResumed, StepOutcome outcome)
    {
        if (isResumed)
        {
            var now = Actuator(step).Read(step.Target);
            if (now == step.Ours)
            {
                if (outcome != StepOutcome.Done) writer.Append(new(JournalEventType.StepDone, step.Index));
                return;
            }

            // A step that was done and no longer stands was changed by someone else, even if back to the prior value.
            var expected = outcome == StepOutcome.Done ? step.Ours : step.Before;
            if (now != expected) throw JournalErrors.SettingChanged.For(step.Target, step.Target, now, expected);
        }

        EnterBracket(step);
        writer.Append(new(JournalEventType.StepStarted, step.Index));

        // After the journal says that the run has begun: whoever finds it cut off brings back what was prepared.
        PrepareNext(step, next => next.Before);
        WriteAndVerify(step, step.Ours, step.Before);
        writer.Append(new(JournalEventType.StepDone, step.Index));
    }

    private void Restore(PlannedStep step, UndoOptions options)
    {
        var now = Actuator(step).Read(step.Target);
        if (now == step.Before)
        {
            writer.Append(new(JournalEventType.UndoStep, step.Index, StepOutcome.NothingToRestore));
            return;
        }

        if (now != step.Ours)
        {
            var conflict = JournalErrors.UndoConflict.For(step.Target, step.Target, now, step.Ours, step.Before);
            writer.Append(new(JournalEventType.UndoStep, step.Index, StepOutcome.Conflict, conflict.ErrorId, conflict.Message));
            if (options.KeepConflicts) _warnings.Add(conflict.Message);
            else _errors.Add(conflict);
            return;
        }

        EnterBracket(step);
        PrepareNext(step, next => next.Ours);
        WriteAndVerify(step, step.Before, step.Ours);
        writer.Append(new(JournalEventType.UndoStep, step.Index, StepOutcome.Restored));
    }

    private void WriteAndVerify(PlannedStep step, SettingValue value, SettingValue expected)
    {
        Actuator(step).Write(step.Target, value, expected);
        _written++;
        var readBack = Actuator(step).Read(step.Target);
        if (readBack != value) throw JournalErrors.SettingNotVerified.For(step.Target, step.Target, value, readBack);
    }

    private ISettingActuator Actuator(PlannedStep step) => actuators[step.Target.Kind];

    private void EnterBracket(PlannedStep step)
    {
        if (step.Barrier == _bracket) return;
        LeaveBracket();
        if (step.Barrier is null) return;
        barrier?.Enter(step.Barrier);
        _bracket = step.Barrier;
        _entered.Add(step.Barrier);
    }

    /// <summary>Lets the barrier prepare the brackets that come next, as long as what they write first is as it is expected to be.</summary>
    private void PrepareNext(PlannedStep current, Func<PlannedStep, SettingValue> expected)
    {
        if (barrier is not IRunBarrierAhead ahead || cancellation.IsCancellationRequested) return;
        var rest = _walk.SkipWhile(step => step != current).Where(step => step.Differs && step.Barrier is not null && step.Barrier != current.Barrier);
        ahead.Ahead(rest.GroupBy(step => step.Barrier, StringComparer.Ordinal).Select(group => group.First()).Select(step => new BracketAhead(step.Barrier!, step.Target.Kind, () => IsAs(step, expected(step)))));
    }

    private bool IsAs(PlannedStep step, SettingValue expected)
    {
        try
        {
            return Actuator(step).Read(step.Target) == expected;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // It fails again in its turn, and is told then.
            return false;
        }
    }

    private void LeaveBracket()
    {
        if (_bracket is not { } name) return;
        _bracket = null;
        barrier?.Leave(name);
    }

    private void Settle()
    {
        // What someone else changed was not written by the earlier pass, so that nothing of it was left in the middle.
        foreach (var name in Document.Steps.Where(step => step.Differs && step.Barrier is not null && _before[step.Index] != StepOutcome.Conflict).Select(step => step.Barrier!).Distinct(StringComparer.Ordinal).Where(_entered.Add))
            Try(name, () => barrier?.Settle(name));
    }

    private void TryLeaveBracket() => Try(_bracket, LeaveBracket);

    private void Try(string? name, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _errors.Add(e as PassthruException ?? JournalErrors.StepFailed.Because(e, name, name, e.Message));
        }
    }
}
