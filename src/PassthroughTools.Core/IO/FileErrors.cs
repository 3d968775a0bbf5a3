namespace PassthroughTools.IO;

/// <summary>Errors of writing files. Each of them leaves the file as it was unless its text says otherwise.</summary>
public static class FileErrors
{
    /// <summary>The content is not what was read.</summary>
    public static readonly ErrorDefinition Changed = new(
        "FileChanged", ErrorKind.InvalidOperation,
        "'{0}' changed since it was read; it was left as it is now.",
        "Read it again and repeat the change; close any other tool that edits the file.");

    /// <summary>Marked read-only, or on a read-only file system.</summary>
    public static readonly ErrorDefinition ReadOnly = new(
        "FileReadOnly", ErrorKind.PermissionDenied,
        "'{0}' is read-only.",
        "If the change is wanted, make the file writable (attrib -r, chmod u+w, remount) and repeat it.");

    /// <summary>The file is gone.</summary>
    public static readonly ErrorDefinition Vanished = new(
        "FileVanished", ErrorKind.ObjectNotFound,
        "'{0}' no longer exists.",
        "Check whether it was moved or deleted; the change was not made.");

    /// <summary>The file that should be new is there already.</summary>
    public static readonly ErrorDefinition Exists = new(
        "FileExists", ErrorKind.InvalidOperation,
        "'{0}' exists already and was left as it is.",
        "Name another file, or remove this one first.");

    /// <summary>A symbolic link: renaming over it would replace the link, not the file.</summary>
    public static readonly ErrorDefinition IsLink = new(
        "FileIsLink", ErrorKind.InvalidArgument,
        "'{0}' is a link, not the file itself.",
        "Give the path of the file that the link points to.");

    /// <summary>No room.</summary>
    public static readonly ErrorDefinition DiskFull = new(
        "FileDiskFull", ErrorKind.LimitsExceeded,
        "There is no room to write '{0}'; what was there is intact.",
        "Free space on the disk (or raise the quota) and repeat the change.");

    /// <summary>Refused by the system.</summary>
    public static readonly ErrorDefinition AccessDenied = new(
        "FileAccessDenied", ErrorKind.PermissionDenied,
        "Writing '{0}' was refused: {1}",
        "Run as a user who may write the file and create files in its folder.");

    /// <summary>Someone holds the file open.</summary>
    public static readonly ErrorDefinition InUse = new(
        "FileInUse", ErrorKind.ResourceBusy,
        "'{0}' is in use by another process.",
        "Close the program that holds it (a powered-on VM holds its files) and repeat the change.");

    /// <summary>The new file could not be given the owner or the ACL of the old one.</summary>
    public static readonly ErrorDefinition OwnerNotKept = new(
        "FileOwnerNotKept", ErrorKind.PermissionDenied,
        "'{0}' was not written, because the new file could not be given the {1} of the old one.",
        "Run as the owner of the file or as root.");

    /// <summary>Any other failure.</summary>
    public static readonly ErrorDefinition WriteFailed = new(
        "FileWriteFailed", ErrorKind.WriteError,
        "Writing '{0}' failed: {1}",
        "Check the disk and the file; it holds either the old or the new content, whole.");

    // errno on Unix, where .NET hands it through as HResult; 0x8007xxxx on Windows.
    private const int NoEntry = 2, WouldBlock = 11, WouldBlockMac = 35, NoSpace = 28, ReadOnlySystem = 30, QuotaLinux = 122, QuotaMac = 69;
    private const int WindowsSharing = unchecked((int)0x80070020), WindowsLock = unchecked((int)0x80070021);
    private const int WindowsHandleFull = unchecked((int)0x80070027), WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsWriteProtect = unchecked((int)0x80070013);

    /// <summary>Names a platform's failure.</summary>
    /// <param name="cause">What the platform threw.</param>
    /// <param name="path">File that was to be written.</param>
    public static PassthruException Translate(Exception cause, string path) => cause switch
    {
        PassthruException named => named,
        UnauthorizedAccessException => AccessDenied.Because(cause, path, path, cause.Message),
        FileNotFoundException or DirectoryNotFoundException => Vanished.Because(cause, path, path),
        { HResult: NoEntry } => Vanished.Because(cause, path, path),
        { HResult: NoSpace or QuotaLinux or QuotaMac or WindowsDiskFull or WindowsHandleFull } => DiskFull.Because(cause, path, path),
        { HResult: ReadOnlySystem or WindowsWriteProtect } => ReadOnly.Because(cause, path, path),
        IOException io when IsSharingViolation(io) => InUse.Because(cause, path, path),
        _ => WriteFailed.Because(cause, path, path, cause.Message),
    };

    internal static bool IsSharingViolation(IOException e) => e.HResult is WouldBlock or WouldBlockMac or WindowsSharing or WindowsLock;
}
