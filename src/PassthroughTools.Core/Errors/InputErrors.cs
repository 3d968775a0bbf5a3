namespace PassthroughTools;

/// <summary>Errors about files and text that are read.</summary>
public static class InputErrors
{
    /// <summary>The path names nothing.</summary>
    public static readonly ErrorDefinition NotFound = new(
        "InputNotFound", ErrorKind.ObjectNotFound,
        "'{0}' does not exist.",
        "Check the path: a wildcard must match at least one file, and brackets are wildcards but for -LiteralPath. Hosts and VMs are known by name once a server is connected (Connect-PassthruVIServer).");

    /// <summary>The file can't be opened or read.</summary>
    public static readonly ErrorDefinition Unreadable = new(
        "InputUnreadable", ErrorKind.ReadError,
        "'{0}' can't be read: {1}",
        "Check that the file is complete and that you may read it.");

    /// <summary>A folder, where a file is wanted.</summary>
    public static readonly ErrorDefinition IsFolder = new(
        "InputIsFolder", ErrorKind.InvalidArgument,
        "'{0}' is a folder, and a file is wanted.",
        "Name the file in it.");

    /// <summary>The name of a file, where its text is wanted.</summary>
    public static readonly ErrorDefinition IsPath = new(
        "InputIsPath", ErrorKind.InvalidArgument,
        "'{0}' is the name of a file, and was taken for its text.",
        "Name files with -Path or -LiteralPath, or pipe what Get-Item or Get-ChildItem gives.");

    /// <summary>The path leads to something else than files, such as a drive of variables or of PowerCLI's inventory.</summary>
    public static readonly ErrorDefinition NotInFileSystem = new(
        "InputNotInFileSystem", ErrorKind.InvalidArgument,
        "'{0}' leads to no place in the file system.",
        "Give a full path, or change to a folder first with Set-Location.");

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
