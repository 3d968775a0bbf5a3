namespace PassthroughTools.Journal;

/// <summary>Tells state and outcomes from the records of a journal.</summary>
internal static class RunSummaries
{
    public static RunSummary From(JournalDocument document, bool isRunning)
    {
        var steps = Steps(document);
        return new()
        {
            RunId = document.Header.RunId,
            State = isRunning ? RunState.Running : State(document),
            Started = document.Header.Started,
            HostName = document.Header.HostName,
            PlanId = document.Header.PlanId,
            ToolVersion = document.Header.ToolVersion,
            JournalFile = document.Path,
            Steps = steps,
            Warnings = document.IsTorn ? ["The last line of the journal was cut off while it was written; it is left out."] : [],
        };
    }

    public static RunState State(JournalDocument document)
    {
        var state = RunState.Planned;
        foreach (var record in document.Events)
        {
            state = record.Type switch
            {
                JournalEventType.Sealed => RunState.Undone,
                JournalEventType.UndoStarted => RunState.PartlyUndone,
                JournalEventType.RunCompleted => RunState.Completed,
                JournalEventType.StepFailed => RunState.Failed,
                JournalEventType.RunResumed => RunState.Interrupted,
                JournalEventType.StepStarted or JournalEventType.StepDone => state == RunState.Failed ? RunState.Failed : RunState.Interrupted,
                _ => state,
            };
        }

        return state;
    }

    public static IReadOnlyList<RunStepSummary> Steps(JournalDocument document)
    {
        var steps = document.Steps.Select(Step).ToArray();
        foreach (var record in document.Events)
        {
            if (record.Step is not { } index) continue;
            var outcome = record.Type switch
            {
                JournalEventType.StepStarted => StepOutcome.Started,
                JournalEventType.StepDone => StepOutcome.Done,
                JournalEventType.StepFailed => StepOutcome.Failed,
                _ => record.Outcome ?? steps[index].Outcome,
            };
            steps[index] = steps[index] with { Outcome = outcome, ErrorId = record.ErrorId, Message = record.Message };
        }

        return steps;
    }

    public static RunStepSummary Step(PlannedStep step) => new()
    {
        Index = step.Index,
        Target = step.Target,
        Before = step.Before,
        Ours = step.Ours,
        Barrier = step.Barrier,
        Outcome = step.Differs ? StepOutcome.Pending : StepOutcome.Unchanged,
    };
}
