namespace PassthroughTools.Registry;

/// <summary>Errors about .reg documents.</summary>
public static class RegErrors
{
    /// <summary>The text is no registry export.</summary>
    public static readonly ErrorDefinition NotReg = new(
        "RegNotRecognized", ErrorKind.InvalidData,
        "'{0}' is no registry export: its first line is neither 'Windows Registry Editor Version 5.00' nor 'REGEDIT4'.",
        "Give a file that 'reg export' or regedit wrote.");

    /// <summary>A value stands there more than once.</summary>
    public static readonly ErrorDefinition DuplicateValue = new(
        "RegDuplicateValue", ErrorKind.InvalidData,
        "'{0}' has the value '{1}' more than once under {2}.",
        "Export the key again: 'reg export' writes each value once.");

    /// <summary>A line can't be read.</summary>
    public static readonly ErrorDefinition Malformed = new(
        "RegMalformed", ErrorKind.InvalidData,
        "'{0}' has lines that can't be read: {1}",
        "Export the key again, or correct these lines by hand.");

    /// <summary>The prior state is not known.</summary>
    public static readonly ErrorDefinition OutsideExport = new(
        "RegOutsideExport", ErrorKind.InvalidOperation,
        "'{0}' does not cover {1}, so its present state is unknown and a change could not be undone.",
        "Export the key that is to be changed, or a key above it, and use that file.");

    /// <summary>The path is no registry path.</summary>
    public static readonly ErrorDefinition InvalidPath = new(
        "RegInvalidPath", ErrorKind.InvalidArgument,
        "'{0}' can't be a registry key's path.",
        "Give the path with the hive's full name, such as HKEY_LOCAL_MACHINE\\SYSTEM\\…");

    /// <summary>Name or text can't be written in the file's encoding.</summary>
    public static readonly ErrorDefinition NotEncodable = new(
        "RegNotEncodable", ErrorKind.InvalidArgument,
        "'{0}' has characters that '{1}' can't hold: it is not UTF-16.",
        "Export the key again with 'reg export', which writes UTF-16.");

    /// <summary>The file is larger than any that makes sense.</summary>
    public static readonly ErrorDefinition TooLarge = new(
        "RegTooLarge", ErrorKind.LimitsExceeded,
        "'{0}' is too large for a registry export: {1} MB, and at most 256 are read.",
        "Export only the key that is needed: reg export HKLM\\SYSTEM\\CurrentControlSet\\Enum\\PCI");
}
