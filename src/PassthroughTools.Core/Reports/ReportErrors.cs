namespace PassthroughTools.Reports;

/// <summary>Errors about a report's file.</summary>
public static class ReportErrors
{
    /// <summary>The file is there already.</summary>
    public static readonly ErrorDefinition Exists = new(
        "ReportExists", ErrorKind.ResourceBusy,
        "'{0}' exists already and was left as it is.",
        "Name another file with -Destination, or overwrite it with -Force.");

    /// <summary>The folder of the file is not there.</summary>
    public static readonly ErrorDefinition FolderMissing = new(
        "ReportFolderMissing", ErrorKind.ObjectNotFound,
        "The folder '{0}' does not exist.",
        "Create it first, or name a file in a folder that exists.");

    /// <summary>The destination is no place for a file.</summary>
    public static readonly ErrorDefinition BadDestination = new(
        "ReportDestinationInvalid", ErrorKind.InvalidArgument,
        "'{0}' is not the path of a file.",
        "Name a file of the file system, such as ./passthru.html.");

    /// <summary>No host came in.</summary>
    public static readonly ErrorDefinition NoHost = new(
        "ReportWithoutHost", ErrorKind.ObjectNotFound,
        "No host could be read, so '{0}' was not written.",
        "See the errors before this one; name evidence folders, or pipe the output of Get-PassthruEvidence or Test-HostVectorBudget.");
}
