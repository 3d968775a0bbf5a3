namespace PassthroughTools.Findings;

/// <summary>Errors about findings.</summary>
public static class FindingErrors
{
    /// <summary>No rule has this identifier.</summary>
    public static readonly ErrorDefinition UnknownId = new(
        "FindingIdUnknown", ErrorKind.InvalidArgument,
        "No finding is called '{0}'.",
        "Give an identifier or a name as docs/findings.md lists them, such as PT1001 or HexadecimalAddress; wildcards are allowed (PT1*).");
}
