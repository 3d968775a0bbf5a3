using PassthroughTools.IO;

namespace PassthroughTools.Journal;

/// <summary>
/// Applies, resumes and undoes runs. Before the first write the prior values of all steps are in the journal, on the disk; each step is written,
/// read back and verified. A call that gets as far as having a run returns a <see cref="RunResult"/> whose <see cref="RunResult.Errors"/> tell
/// what went wrong; what is refused beforehand is thrown, and nothing was written.
/// </summary>
public sealed class RunExecutor
{
    private static readonly string[] SecretWords = ["password", "passwd", "secret", "credential", "encryption.", "keysafe", "datafilekey"];

    private readonly JournalStore _store;
    private readonly Dictionary<string, ISettingActuator> _actuators;

    /// <summary>Makes an executor.</summary>
    /// <param name="store">Where the journals are.</param>
    /// <param name="actuators">Who reads and writes which kind of setting.</param>
    public RunExecutor(JournalStore store, IEnumerable<ISettingActuator> actuators)
    {
        _store = store;
        _actuators = actuators.ToDictionary(actuator => actuator.Kind, StringComparer.Ordinal);
    }

    /// <summary>Brackets around steps; null for none.</summary>
    public IRunBarrier? Barrier { get; init; }

    /// <summary>True to go on after a failed step. Undo always goes on: its steps don't build on one another.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>Reads what a run would change and writes nothing at all: no setting, no lock, no journal.</summary>
    /// <param name="steps">Steps of the run.</param>
    /// <returns>A summary for each step: <see cref="StepOutcome.Pending"/> where it would write, else <see cref="StepOutcome.Unchanged"/>.</returns>
    /// <exception cref="PassthruException">What <see cref="Apply"/> would refuse too.</exception>
    public IReadOnlyList<RunStepSummary> Project(IReadOnlyList<RunStep> steps) => [.. ReadPrior(steps).Select(RunSummaries.Step)];

    /// <summary>Carries out a run. Where nothing differs, nothing is written and there is no journal.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="progress">Told after each step, on the calling thread.</param>
    /// <param name="cancellation">Stops between steps; the run stays resumable and undoable.</param>
    /// <exception cref="PassthruException">
    /// Refused before the first write: <see cref="JournalErrors.RunInProgress"/>, <see cref="JournalErrors.PlanOutdated"/>,
    /// <see cref="JournalErrors.StepDuplicate"/>, <see cref="JournalErrors.StepSecret"/>, <see cref="JournalErrors.ActuatorMissing"/>,
    /// <see cref="JournalErrors.ValueNotStorable"/>, any of <see cref="FileErrors"/> about the journal, or what an actuator throws on reading.
    /// </exception>
    public RunResult Apply(RunRequest request, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        Validate(request.Steps.Select(step => step.Target));
        cancellation.ThrowIfCancellationRequested();
        using var held = RunLock.Acquire(_store, request.Steps.Select(step => step.Target.Container), _store.NextRunId);
        var planned = ReadPrior(request.Steps);
        if (!planned.Any(step => step.Differs))
        {
            return new() { State = RunState.Completed, Steps = [.. planned.Select(RunSummaries.Step)] };
        }

        var header = new JournalHeader(
            JournalHeader.CurrentSchema, held.RunId, request.HostName, request.PlanId, ToolVersion, Environment.MachineName, DateTimeOffset.UtcNow, planned.Count);
        using var writer = JournalWriter.Create(_store.PathOf(held.RunId), header, planned, _store.Operations);
        return Session(writer, progress, cancellation).Forward(isResumed: false);
    }

    /// <summary>Goes on with a run that was interrupted or failed.</summary>
    /// <param name="runId">Run.</param>
    /// <param name="progress">Told after each step, on the calling thread.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="PassthruException">
    /// Refused: <see cref="JournalErrors.RunNotFound"/>, <see cref="JournalErrors.RunNotResumable"/>, <see cref="JournalErrors.RunInProgress"/>,
    /// <see cref="JournalErrors.RunSuperseded"/>, <see cref="JournalErrors.Corrupt"/>, <see cref="JournalErrors.Unsupported"/>.
    /// </exception>
    public RunResult Resume(string runId, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        TakeUp(
            runId,
            state =>
            {
                if (state is not (RunState.Planned or RunState.Interrupted or RunState.Failed)) throw JournalErrors.RunNotResumable.For(runId, runId, state);
            },
            session => session.Forward(isResumed: true),
            progress,
            cancellation);

    /// <summary>
    /// Brings the prior values back, the last step first. Each step is checked three ways: where the value is ours, the prior one is restored; where it
    /// is the prior one, nothing is done; any other value was set by someone else and stays, as a conflict. The journal's plan decides which settings
    /// are ours to restore, whether or not it shows that a step was begun. When all is undone, the run is sealed.
    /// </summary>
    /// <param name="runId">Run.</param>
    /// <param name="options">How to deal with conflicts.</param>
    /// <param name="progress">Told after each step, on the calling thread.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="PassthruException">
    /// Refused: <see cref="JournalErrors.RunNotFound"/>, <see cref="JournalErrors.RunSealed"/>, <see cref="JournalErrors.RunInProgress"/>,
    /// <see cref="JournalErrors.RunSuperseded"/> while a later run on the same setting is not undone, <see cref="JournalErrors.Corrupt"/>,
    /// <see cref="JournalErrors.Unsupported"/>.
    /// </exception>
    public RunResult Undo(
        string runId, UndoOptions? options = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        TakeUp(
            runId,
            state =>
            {
                if (state == RunState.Undone) throw JournalErrors.RunSealed.For(runId, runId);
            },
            session => session.Backward(options ?? new()),
            progress,
            cancellation);

    private static string ToolVersion => typeof(RunExecutor).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    private RunResult TakeUp(
        string runId, Action<RunState> requireState, Func<RunSession, RunResult> work, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var document = _store.Load(runId);
        requireState(RunSummaries.State(document));
        Validate(document.Steps.Select(step => step.Target));
        cancellation.ThrowIfCancellationRequested();
        using var held = RunLock.Acquire(_store, document.Steps.Select(step => step.Target.Container), () => runId);

        // Read again: until the lock was ours, someone else may have finished or undone the run.
        document = _store.Load(runId);
        requireState(RunSummaries.State(document));
        var warnings = RequireNoLaterRun(document);
        if (document.IsTorn) warnings.AddRange(RunSummaries.From(document, isRunning: false).Warnings);
        using var writer = JournalWriter.Open(document, _store.Operations);
        foreach (var target in document.Steps.Select(step => step.Target).GroupBy(target => (target.Kind, target.Container)).Select(group => group.First()))
        {
            (_actuators[target.Kind] as ILeftoverRemover)?.RemoveLeftovers(target.Container);
        }

        Prefetch(document.Steps.Select(step => step.Target));
        var result = work(Session(writer, progress, cancellation));
        return result with { Warnings = [.. warnings, .. result.Warnings] };
    }

    /// <summary>Runs are taken back in the reverse of their order, so that each one's prior values are the right ones to restore.</summary>
    private List<string> RequireNoLaterRun(JournalDocument document)
    {
        var warnings = new List<string>();
        var own = new HashSet<(string, string, string)>(document.Steps.Where(step => step.Differs).Select(step => step.Target.Identity));
        foreach (var id in _store.RunIds().Where(id => string.CompareOrdinal(id, document.Header.RunId) > 0).OrderByDescending(id => id, StringComparer.Ordinal))
        {
            var later = _store.Get(id);
            if (later.Problem is not null)
            {
                // What it changed is unknown; the three-way check still keeps every foreign value.
                warnings.Add($"The journal of the later run {id} can't be used ({later.Problem.ErrorId}), so it was not checked whether it changed the same settings.");
                continue;
            }

            if (later.State == RunState.Undone) continue;
            var shared = later.Steps.FirstOrDefault(step =>
                step.Differs && step.Outcome is not (StepOutcome.Restored or StepOutcome.NothingToRestore) && own.Contains(step.Target.Identity));
            if (shared is not null) throw JournalErrors.RunSuperseded.For(document.Header.RunId, document.Header.RunId, id, shared.Target);
        }

        return warnings;
    }

    private RunSession Session(JournalWriter writer, IProgress<StepProgress>? progress, CancellationToken cancellation) =>
        new(writer, _actuators, Barrier, ContinueOnError, progress, cancellation);

    private void Validate(IEnumerable<SettingTarget> targets)
    {
        var seen = new HashSet<(string, string, string)>();
        foreach (var target in targets)
        {
            if (!seen.Add(target.Identity)) throw JournalErrors.StepDuplicate.For(target, target);
            if (!_actuators.ContainsKey(target.Kind)) throw JournalErrors.ActuatorMissing.For(target, target, target.Kind);
            if (SecretWords.Any(word => target.Key.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)) throw JournalErrors.StepSecret.For(target, target);
        }
    }

    private void Prefetch(IEnumerable<SettingTarget> targets)
    {
        foreach (var kind in targets.GroupBy(target => target.Kind, StringComparer.Ordinal)) (_actuators[kind.Key] as ISettingPrefetcher)?.Prefetch([.. kind]);
    }

    private List<PlannedStep> ReadPrior(IReadOnlyList<RunStep> steps)
    {
        Validate(steps.Select(step => step.Target));
        Prefetch(steps.Select(step => step.Target));
        var planned = new List<PlannedStep>(steps.Count);
        foreach (var step in steps)
        {
            var now = _actuators[step.Target.Kind].Read(step.Target);
            if (step.Expected is { } expected && now != expected && now != step.Value)
            {
                throw JournalErrors.PlanOutdated.For(step.Target, step.Target, now, expected);
            }

            planned.Add(new(planned.Count, step.Target, now, step.Value, step.Barrier));
        }

        return planned;
    }
}
