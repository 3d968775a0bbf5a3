namespace PassthroughTools.Journal;

/// <summary>State of a run, as its journal tells it.</summary>
public enum RunState
{
    /// <summary>All prior values are journalled; nothing was written yet. Resumable.</summary>
    Planned,

    /// <summary>A living process works on it (or one on another machine, which can't be seen from here).</summary>
    Running,

    /// <summary>Its process ended midway. Resumable.</summary>
    Interrupted,

    /// <summary>Every step is done.</summary>
    Completed,

    /// <summary>A step failed. Resumable.</summary>
    Failed,

    /// <summary>Undo began and is not through, or met values that someone else changed.</summary>
    PartlyUndone,

    /// <summary>Undone and sealed.</summary>
    Undone,

    /// <summary>The journal is damaged; nothing is done on its word.</summary>
    Corrupt,

    /// <summary>The journal was written by a newer version.</summary>
    Unsupported,

    /// <summary>The journal can't be read.</summary>
    Unreadable,
}

/// <summary>What became of one step.</summary>
public enum StepOutcome
{
    /// <summary>Not done yet.</summary>
    Pending,

    /// <summary>The value was there before the run; nothing is written, nothing is undone.</summary>
    Unchanged,

    /// <summary>Begun; whether the value was written is seen by reading it.</summary>
    Started,

    /// <summary>Written and read back.</summary>
    Done,

    /// <summary>Failed; the error tells why.</summary>
    Failed,

    /// <summary>Undone: the prior value is back.</summary>
    Restored,

    /// <summary>Undo found the prior value in place.</summary>
    NothingToRestore,

    /// <summary>Undo found a value that is neither the prior one nor ours, and left it.</summary>
    Conflict,
}
