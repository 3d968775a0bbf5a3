namespace PassthroughTools;

/// <summary>Errors about the error catalogue itself.</summary>
public static class CatalogueErrors
{
    /// <summary>No error has the identifier.</summary>
    public static readonly ErrorDefinition NotFound = new(
        "ErrorIdNotFound", ErrorKind.ObjectNotFound,
        "'{0}' is not the identifier of an error of this module.",
        "Use wildcards, such as Get-PassthruError *Log*; an identifier is what stands before the comma in FullyQualifiedErrorId.");
}
