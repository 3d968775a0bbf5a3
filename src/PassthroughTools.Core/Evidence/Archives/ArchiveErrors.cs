namespace PassthroughTools.Evidence.Archives;

/// <summary>Errors about evidence that comes in an archive.</summary>
public static class ArchiveErrors
{
    private const string Distrust = "Don't unpack it with another tool either, unless you know where it comes from; ask for a new one.";
    private const string Raise = "If you trust it, unpack it yourself (tar -xzf) and give the folder.";

    /// <summary>The file is no archive that is known here.</summary>
    public static readonly ErrorDefinition NotRecognized = new(
        "ArchiveNotRecognized", ErrorKind.InvalidData,
        "'{0}' is not a .tgz, .tar or .zip archive.",
        "Give a vm-support bundle as the host made it, a packed evidence folder, or a folder.");

    /// <summary>The archive ends too early.</summary>
    public static readonly ErrorDefinition Truncated = new(
        "ArchiveTruncated", ErrorKind.ReadError,
        "'{0}' ends within '{1}'.",
        "The copy is incomplete. Compare its size with the original and copy it again.");

    /// <summary>The archive contradicts itself.</summary>
    public static readonly ErrorDefinition Corrupt = new(
        "ArchiveCorrupt", ErrorKind.InvalidData,
        "'{0}' is damaged: {1}",
        "Copy it again in binary mode, or make a new one.");

    /// <summary>An entry's path leads out of the archive.</summary>
    public static readonly ErrorDefinition PathTraversal = new(
        "ArchivePathTraversal", ErrorKind.SecurityError,
        "'{0}' holds the path '{1}', which {2}.",
        Distrust);

    /// <summary>A wanted file is a link or a device.</summary>
    public static readonly ErrorDefinition NotAFile = new(
        "ArchiveLinkRefused", ErrorKind.SecurityError,
        "'{0}' holds '{1}' as {2}, where a file is expected.",
        Distrust);

    /// <summary>A wanted file is larger than allowed.</summary>
    public static readonly ErrorDefinition FileTooLarge = new(
        "ArchiveFileTooLarge", ErrorKind.LimitsExceeded,
        "'{0}': the file '{1}' has more than {2} bytes.",
        Raise);

    /// <summary>The wanted files together, or the whole archive, are larger than allowed.</summary>
    public static readonly ErrorDefinition TooLarge = new(
        "ArchiveTooLarge", ErrorKind.LimitsExceeded,
        "'{0}' unpacks to more than {1} bytes.",
        Raise);

    /// <summary>The archive unpacks to absurdly more than it holds.</summary>
    public static readonly ErrorDefinition Bomb = new(
        "ArchiveBomb", ErrorKind.SecurityError,
        "'{0}' unpacks to more than {1} bytes for each byte that it holds.",
        Distrust);

    /// <summary>Too many entries.</summary>
    public static readonly ErrorDefinition TooManyEntries = new(
        "ArchiveTooManyEntries", ErrorKind.LimitsExceeded,
        "'{0}' has more than {1} entries.",
        Raise);

    /// <summary>A path is too long or too deep.</summary>
    public static readonly ErrorDefinition PathTooLong = new(
        "ArchivePathTooLong", ErrorKind.LimitsExceeded,
        "'{0}' holds a path of more than {1} characters or {2} folders: '{3}'.",
        Raise);

    /// <summary>The files can't be put into the temporary folder.</summary>
    public static readonly ErrorDefinition ExtractFailed = new(
        "ArchiveExtractFailed", ErrorKind.WriteError,
        "'{0}' can't be unpacked into the temporary folder: {1}",
        "Make room there, or point the TMPDIR (Windows: TMP) environment variable to a folder with room.");

    /// <summary>A file of the evidence is gone or can't be opened.</summary>
    public static readonly ErrorDefinition EntryUnknown = new(
        "EvidenceFileUnknown", ErrorKind.ObjectNotFound,
        "'{0}' has no file '{1}'.",
        "Take the entry from the Entries of the same, still open source.");
}
