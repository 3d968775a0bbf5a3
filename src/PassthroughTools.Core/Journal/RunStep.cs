namespace PassthroughTools.Journal;

/// <summary>One change that a run is to make.</summary>
public sealed record RunStep
{
    /// <summary>Setting to change.</summary>
    public required SettingTarget Target { get; init; }

    /// <summary>Value that it is to have.</summary>
    public required SettingValue Value { get; init; }

    /// <summary>Value that the plan was made from; null to accept any. Anything else (but <see cref="Value"/>) refuses the run before its first write.</summary>
    public SettingValue? Expected { get; init; }

    /// <summary>Name for <see cref="IRunBarrier"/>; null for none.</summary>
    public string? Barrier { get; init; }
}

/// <summary>What a run is to do; steps are taken in their order.</summary>
public sealed record RunRequest
{
    /// <summary>Host that the plan is for.</summary>
    public string? HostName { get; init; }

    /// <summary>Identifier of the plan.</summary>
    public string? PlanId { get; init; }

    /// <summary>Changes; no setting twice.</summary>
    public required IReadOnlyList<RunStep> Steps { get; init; }
}

/// <summary>How to undo.</summary>
public sealed record UndoOptions
{
    /// <summary>
    /// True to close the run although values were changed by someone else since: they stay as they are. False leaves the run
    /// <see cref="RunState.PartlyUndone"/>, to be undone again once the conflict is settled.
    /// </summary>
    public bool KeepConflicts { get; init; }
}
