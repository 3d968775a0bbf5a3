namespace PassthroughTools.Journal;

/// <summary>
/// Reads and writes the settings of one kind. Failures are thrown as <see cref="PassthruException"/> where the user can do something about them;
/// any other exception becomes <see cref="JournalErrors.StepFailed"/>. When <see cref="Write"/> returns, the value is durable.
/// </summary>
public interface ISettingActuator
{
    /// <summary>Kind of setting, as in <see cref="SettingTarget.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>Reads the value as it is now.</summary>
    /// <param name="target">Setting to read.</param>
    SettingValue Read(SettingTarget target);

    /// <summary>Writes the value, or removes the setting for <see cref="SettingValue.Absent"/>.</summary>
    /// <param name="target">Setting to write.</param>
    /// <param name="newValue">Its new value.</param>
    /// <param name="expected">What must be there now; anything else is <see cref="JournalErrors.SettingChanged"/> and nothing is written.</param>
    void Write(SettingTarget target, SettingValue newValue, SettingValue expected);
}

/// <summary>Implemented by an actuator too where reading many settings at once costs no more than reading one.</summary>
public interface ISettingPrefetcher
{
    /// <summary>Called before each of the settings is read once; a later read must look again.</summary>
    /// <param name="targets">Settings of the actuator's kind.</param>
    void Prefetch(IReadOnlyList<SettingTarget> targets);
}

/// <summary>Implemented by an actuator too where a killed write leaves something behind, such as a temporary file.</summary>
public interface ILeftoverRemover
{
    /// <summary>Called for each container of a run that is resumed or undone, before its first step.</summary>
    /// <param name="container">As in <see cref="SettingTarget.Container"/>.</param>
    void RemoveLeftovers(string container);
}

/// <summary>
/// Brackets steps that need a state around them, such as a VM that is powered off. Consecutive steps with the same
/// <see cref="RunStep.Barrier"/> share one bracket, and only steps that write open one. A run that was killed inside a bracket enters it
/// again when it is resumed or undone, so both calls must be idempotent.
/// </summary>
public interface IRunBarrier
{
    /// <summary>Called before the first write inside the bracket; an exception fails the step, and nothing of it is written.</summary>
    /// <param name="name">The steps' barrier.</param>
    void Enter(string name);

    /// <summary>Called after the last step of the bracket, failed or not.</summary>
    /// <param name="name">The steps' barrier.</param>
    void Leave(string name);

    /// <summary>
    /// Called at the end of a run that was interrupted or failed before and is resumed or undone now, for each bracket of its steps that did not have
    /// to be entered again: the earlier pass may have ended inside it.
    /// </summary>
    /// <param name="name">The steps' barrier.</param>
    void Settle(string name);
}

/// <summary>A bracket whose turn comes.</summary>
/// <param name="Name">Name.</param>
/// <param name="Kind">Kind of the setting that is written first in it.</param>
/// <param name="IsDue">Looks whether that setting still has the value that it is to be changed from; else it is not written, and nothing need be prepared.</param>
public sealed record BracketAhead(string Name, string Kind, Func<bool> IsDue);

/// <summary>Implemented by a barrier too that can prepare brackets before their turn, so that several are waited for at once. What it does is on the calling thread.</summary>
public interface IRunBarrierAhead
{
    /// <summary>
    /// Called when a step is about to be written, with the brackets whose first write comes next and still has to be done; how many of them are prepared is
    /// the barrier's choice. A bracket that was prepared is entered in its turn, or let go by <see cref="Drain"/>. What fails here fails in its turn again.
    /// </summary>
    /// <param name="next">Brackets, in their order.</param>
    void Ahead(IEnumerable<BracketAhead> next);

    /// <summary>Called at the end of a pass, whatever became of it: waits for brackets that were left and not waited for, and lets go of those that were not entered.</summary>
    /// <returns>What went wrong.</returns>
    IReadOnlyList<PassthruException> Drain();
}
