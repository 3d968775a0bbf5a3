namespace PassthroughTools.Journal;

/// <summary>A run as its journal tells it.</summary>
public sealed record RunSummary
{
    /// <summary>Identifier; sorts by age.</summary>
    public required string RunId { get; init; }

    /// <summary>State.</summary>
    public required RunState State { get; init; }

    /// <summary>When it started (UTC); null where the journal can't be read.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Host that the plan was for.</summary>
    public string? HostName { get; init; }

    /// <summary>Identifier of the plan.</summary>
    public string? PlanId { get; init; }

    /// <summary>Steps in their order.</summary>
    public IReadOnlyList<RunStepSummary> Steps { get; init; } = [];

    /// <summary>Journal file of the run.</summary>
    public required string JournalFile { get; init; }

    /// <summary>Folder of the journal.</summary>
    public string JournalPath => Path.GetDirectoryName(JournalFile)!;

    /// <summary>Version that wrote it.</summary>
    public string? ToolVersion { get; init; }

    /// <summary>Why the journal can't be used; null when it can.</summary>
    public PassthruException? Problem { get; init; }

    /// <summary>What an admin should know about the journal, such as a last line that was cut off.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether <see cref="RunExecutor.Resume"/> takes it.</summary>
    public bool CanResume => State is RunState.Planned or RunState.Interrupted or RunState.Failed;

    /// <summary>Whether <see cref="RunExecutor.Undo"/> takes it.</summary>
    public bool CanUndo => CanResume || State is RunState.Completed or RunState.PartlyUndone;

    /// <inheritdoc/>
    public override string ToString() => RunId + ": " + State;
}

/// <summary>A step as the journal, or a projection, tells it.</summary>
public sealed record RunStepSummary
{
    /// <summary>Place in the run, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Setting.</summary>
    public required SettingTarget Target { get; init; }

    /// <summary>Value before the run.</summary>
    public required SettingValue Before { get; init; }

    /// <summary>Value that the run gives it.</summary>
    public required SettingValue Ours { get; init; }

    /// <summary>Name for <see cref="IRunBarrier"/>.</summary>
    public string? Barrier { get; init; }

    /// <summary>What became of it.</summary>
    public StepOutcome Outcome { get; init; }

    /// <summary>Identifier of the error of a failed step or a conflict.</summary>
    public string? ErrorId { get; init; }

    /// <summary>Its message.</summary>
    public string? Message { get; init; }

    /// <summary>Whether the run changes anything here.</summary>
    public bool Differs => Before != Ours;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Target}: {Before} -> {Ours} ({Outcome})");
}

/// <summary>What <see cref="RunExecutor"/> did.</summary>
public sealed record RunResult
{
    /// <summary>Identifier; null when nothing differed, because then there is no run and no journal.</summary>
    public string? RunId { get; init; }

    /// <summary>State after it.</summary>
    public required RunState State { get; init; }

    /// <summary>Steps with their outcome.</summary>
    public required IReadOnlyList<RunStepSummary> Steps { get; init; }

    /// <summary>Number of settings written by this call.</summary>
    public int Written { get; init; }

    /// <summary>True when the token stopped it; the run is resumable and undoable.</summary>
    public bool WasCancelled { get; init; }

    /// <summary>Failures in order: failed steps, and for undo the values that someone else changed. Empty when all went well.</summary>
    public IReadOnlyList<PassthruException> Errors { get; init; } = [];

    /// <summary>What an admin should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>True when everything was in place already, so that nothing was written.</summary>
    public bool NothingToDo => RunId is null;
}

/// <summary>Told after each step.</summary>
/// <param name="RunId">Run.</param>
/// <param name="Completed">Number of steps dealt with.</param>
/// <param name="Total">Number of steps.</param>
/// <param name="Step">The step with its outcome.</param>
public sealed record StepProgress(string RunId, int Completed, int Total, RunStepSummary Step);
