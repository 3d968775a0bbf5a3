namespace PassthroughTools.Evidence.Export;

/// <summary>Errors of writing evidence out.</summary>
public static class ExportErrors
{
    /// <summary>The evidence was not read from files.</summary>
    public static readonly ErrorDefinition NoFiles = new(
        "ExportSourceMissing", ErrorKind.ObjectNotFound,
        "{0}: the files that the evidence was read from ('{1}') can't be found.",
        "Export evidence that Get-PassthruEvidence -Path read, while its folder or archive is still there.");

    /// <summary>Something is at the destination.</summary>
    public static readonly ErrorDefinition Exists = new(
        "ExportDestinationExists", ErrorKind.InvalidOperation,
        "'{0}' exists already and was left as it is.",
        "Name another destination, or replace the earlier export with -Force.");

    /// <summary>What is at the destination is no export of ours.</summary>
    public static readonly ErrorDefinition Foreign = new(
        "ExportDestinationForeign", ErrorKind.InvalidOperation,
        "'{0}' is not an earlier export and was left as it is.",
        "-Force replaces only what Export-PassthruEvidence wrote (it looks for manifest.json) and single .zip files. Name another destination.");

    /// <summary>The destination lies in the source, or the map in the destination.</summary>
    public static readonly ErrorDefinition Inside = new(
        "ExportInsideSource", ErrorKind.InvalidArgument,
        "'{0}' must not lie within '{1}'.",
        "The export must stay apart from the evidence that it is made from, and the map of the replacements apart from the export.");

    /// <summary>The redacted copy does not say the same.</summary>
    public static readonly ErrorDefinition BudgetChanged = new(
        "RedactionChangesBudget", ErrorKind.InvalidOperation,
        "{0}: without its identifiers the evidence would give another budget, so nothing was written.",
        "A name in the evidence is part of a word that the analysis needs. Rename the VM in a copy of the evidence, or export without -Redact.");
}
