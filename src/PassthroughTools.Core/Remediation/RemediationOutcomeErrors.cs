namespace PassthroughTools.Remediation;

/// <summary>Errors about what a remediation came to.</summary>
public static class RemediationOutcomeErrors
{
    /// <summary>No permitted change makes everything fit.</summary>
    public static readonly ErrorDefinition Infeasible = new(
        "RemediationInfeasible", ErrorKind.LimitsExceeded,
        "{0}: no permitted set of changes was found that makes every pool fit; nothing was changed. {1}",
        "Look at the plan's Advice and Shortfall: allow more VMs or devices, raise the kernel setting named there, or move a VM to another host.");

    /// <summary>The changes were made, and fresh evidence says that it does not fit.</summary>
    public static readonly ErrorDefinition NotFixed = new(
        "RemediationNotVerified", ErrorKind.InvalidOperation,
        "{0}: all changes were made, and by fresh evidence the budget is still {1}.",
        "Look at the result's After for the reasons. To go back: Undo-PassthruRemediation -RunId {2}");

    /// <summary>The run did not get through.</summary>
    public static readonly ErrorDefinition Failed = new(
        "RemediationFailed", ErrorKind.InvalidOperation,
        "{0}: run {1} stopped after {2} of {3} changes.",
        "Remove the cause and go on with Invoke-PassthruRemediation -Resume {4}, or go back with Undo-PassthruRemediation -RunId {4}.");

    /// <summary>The plan's files are not there to be changed.</summary>
    public static readonly ErrorDefinition NotApplicable = new(
        "RemediationNotApplicable", ErrorKind.InvalidOperation,
        "{0}: the plan names '{1}', which is not a file that can be changed.",
        "Evidence from an archive can be planned for but not changed: extract it and plan from the folder.");
}
