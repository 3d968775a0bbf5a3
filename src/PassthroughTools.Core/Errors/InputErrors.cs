namespace PassthroughTools;

/// <summary>Errors about files and text that are read.</summary>
public static class InputErrors
{
    /// <summary>The path names nothing.</summary>
    public static readonly ErrorDefinition NotFound = new(
        "InputNotFound", ErrorKind.ObjectNotFound,
        "'{0}' does not exist.",
        "Check the path; a wildcard must match at least one file.");

    /// <summary>The file can't be opened or read.</summary>
    public static readonly ErrorDefinition Unreadable = new(
        "InputUnreadable", ErrorKind.ReadError,
        "'{0}' can't be read: {1}",
        "Check that the file is complete and that you may read it.");

    /// <summary>The file holds something other than text.</summary>
    public static readonly ErrorDefinition Binary = new(
        "InputBinary", ErrorKind.InvalidData,
        "'{0}' is not text (a zero byte at offset {1}).",
        "Give the output of the command as it was printed; decompress it first unless it ends in .gz.");

    /// <summary>The text holds nothing that the reader knows.</summary>
    public static readonly ErrorDefinition NotRecognized = new(
        "InputNotRecognized", ErrorKind.InvalidData,
        "'{0}' does not look like {1}.",
        "Give the unedited output of: {2}");
}
