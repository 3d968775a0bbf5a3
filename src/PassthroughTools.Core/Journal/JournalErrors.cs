namespace PassthroughTools.Journal;

/// <summary>Errors of runs and their journals.</summary>
public static class JournalErrors
{
    /// <summary>A line other than an unfinished last one does not hold what was written.</summary>
    public static readonly ErrorDefinition Corrupt = new(
        "JournalCorrupt", ErrorKind.InvalidData,
        "The journal '{0}' is damaged at line {1}: {2}. Nothing was changed on its word.",
        "Restore the journal from a backup; else compare the settings by hand with the 'before' values that are still legible in it.");

    /// <summary>Written by a newer version.</summary>
    public static readonly ErrorDefinition Unsupported = new(
        "JournalUnsupported", ErrorKind.NotInstalled,
        "The journal '{0}' has schema {1}; this version knows up to {2}.",
        "Update PassthroughTools to the version that wrote the journal, or a later one.");

    /// <summary>Can't be opened.</summary>
    public static readonly ErrorDefinition Unreadable = new(
        "JournalUnreadable", ErrorKind.ReadError,
        "The journal '{0}' can't be read: {1}",
        "Run as the user who made the run, or as an administrator.");

    /// <summary>A value would not come out of the journal as it went in.</summary>
    public static readonly ErrorDefinition ValueNotStorable = new(
        "JournalValueNotStorable", ErrorKind.InvalidData,
        "'{0}' holds text that a journal can't keep exactly, so it could not be undone; nothing was written.",
        "Repair the value in its file first: it is not valid Unicode.");

    /// <summary>No such run.</summary>
    public static readonly ErrorDefinition RunNotFound = new(
        "RunNotFound", ErrorKind.ObjectNotFound,
        "There is no run '{0}' in '{1}'.",
        "List the runs with Get-PassthruRemediation; name the folder with -JournalPath if it is not the default one.");

    /// <summary>Another run holds the container.</summary>
    public static readonly ErrorDefinition RunInProgress = new(
        "RunInProgress", ErrorKind.ResourceBusy,
        "'{0}' is being changed by run {1} (process {2}).",
        "Wait until that run has ended, then plan again.");

    /// <summary>Nothing to resume.</summary>
    public static readonly ErrorDefinition RunNotResumable = new(
        "RunNotResumable", ErrorKind.InvalidOperation,
        "Run {0} is {1} and can't be resumed.",
        "Only a planned, interrupted or failed run can be resumed; make a new plan, or undo the run.");

    /// <summary>Undone already.</summary>
    public static readonly ErrorDefinition RunSealed = new(
        "RunSealed", ErrorKind.InvalidOperation,
        "Run {0} was undone and is sealed.",
        "Nothing is left to undo; make a new plan if the change is wanted again.");

    /// <summary>A later run changed the same setting and is not undone.</summary>
    public static readonly ErrorDefinition RunSuperseded = new(
        "RunSuperseded", ErrorKind.InvalidOperation,
        "Run {0} can't be taken up, because the later run {1} changed '{2}' too.",
        "Undo run {1} first.");

    /// <summary>The plan was made from another value.</summary>
    public static readonly ErrorDefinition PlanOutdated = new(
        "PlanOutdated", ErrorKind.InvalidOperation,
        "'{0}' is {1}, but the plan was made when it was {2}; nothing was written.",
        "Make a new plan from fresh evidence.");

    /// <summary>The value is neither what it was nor what the run gives it.</summary>
    public static readonly ErrorDefinition SettingChanged = new(
        "SettingChanged", ErrorKind.InvalidOperation,
        "'{0}' is {1}, where {2} was expected: someone else changed it; it was left.",
        "Find out who changed it; make a new plan, or set it back by hand and try again.");

    /// <summary>Undo met a value that someone else changed.</summary>
    public static readonly ErrorDefinition UndoConflict = new(
        "UndoConflict", ErrorKind.InvalidOperation,
        "'{0}' is {1}; the run made it {2} and it was {3} before. Someone changed it since; it was left.",
        "Set it by hand to what it should be. To close the run with the value as it is, undo it again and keep the conflicts.");

    /// <summary>Written, and not there when read back.</summary>
    public static readonly ErrorDefinition SettingNotVerified = new(
        "SettingNotVerified", ErrorKind.WriteError,
        "'{0}' was set to {1}, but reads {2} afterwards.",
        "Check what rewrites the setting (a running VM, a management agent), then resume or undo the run.");

    /// <summary>Failed in a way that has no name of its own.</summary>
    public static readonly ErrorDefinition StepFailed = new(
        "StepFailed", ErrorKind.WriteError,
        "'{0}' could not be read or written: {1}",
        "Remove the cause, then resume or undo the run.");

    /// <summary>A setting twice in one run.</summary>
    public static readonly ErrorDefinition StepDuplicate = new(
        "StepDuplicate", ErrorKind.InvalidArgument,
        "'{0}' is set twice in one run.",
        "Keep one of the two steps.");

    /// <summary>Nobody writes this kind.</summary>
    public static readonly ErrorDefinition ActuatorMissing = new(
        "ActuatorMissing", ErrorKind.NotInstalled,
        "'{0}' is a setting of kind '{1}', which can't be written here.",
        "Connect to what holds the setting (vCenter, guest), or name the folder of its files.");

    /// <summary>The setting is a secret.</summary>
    public static readonly ErrorDefinition StepSecret = new(
        "StepSecret", ErrorKind.SecurityError,
        "'{0}' looks like a secret, which a journal never stores; nothing was written.",
        "Change it by hand.");
}
