namespace PassthroughTools;

/// <summary>Errors about what should be a plan.</summary>
public static class PlanReferenceErrors
{
    /// <summary>The object is no plan.</summary>
    public static readonly ErrorDefinition NotAPlan = new(
        "PlanNotRecognized", ErrorKind.InvalidArgument,
        "'{0}' ({1}) is no plan and no run.",
        "Pipe a plan of New-PassthruRemediationPlan, or a run of Get-PassthruRemediation.");

    /// <summary>The steps of a plan that came from a file or another session are not there any more.</summary>
    public static readonly ErrorDefinition StepsLost = new(
        "PlanStepsLost", ErrorKind.InvalidData,
        "The steps of plan '{0}' were lost when it was saved or sent.",
        "Save it with its steps: Export-Clixml -Depth 3.");
}
