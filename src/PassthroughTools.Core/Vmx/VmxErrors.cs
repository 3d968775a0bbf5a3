namespace PassthroughTools.Vmx;

/// <summary>Errors about .vmx documents.</summary>
public static class VmxErrors
{
    /// <summary>The text has no settings.</summary>
    public static readonly ErrorDefinition NotVmx = new(
        "VmxNotRecognized", ErrorKind.InvalidData,
        "'{0}' has no settings of the form key = \"value\".",
        "Give a virtual machine's .vmx file as it stands on the datastore.");

    /// <summary>A key stands there more than once.</summary>
    public static readonly ErrorDefinition DuplicateKey = new(
        "VmxDuplicateKey", ErrorKind.InvalidData,
        "'{0}' has the key '{1}' in lines {2}; which one counts can't be told.",
        "Remove all but one of these lines first, with the VM powered off. Keys that differ only in case are the same key.");

    /// <summary>The line can't be edited safely.</summary>
    public static readonly ErrorDefinition MalformedLine = new(
        "VmxMalformedLine", ErrorKind.InvalidData,
        "'{0}', line {1}: {2}",
        "Correct the line by hand first: key = \"value\", with |22 for a quotation mark inside the value.");

    /// <summary>The key can't be written.</summary>
    public static readonly ErrorDefinition InvalidKey = new(
        "VmxInvalidKey", ErrorKind.InvalidArgument,
        "'{0}' can't be a key of a .vmx.",
        "A key is ASCII text without blanks, quotation marks, '=' and '#'.");

    /// <summary>The value can't be written in the file's encoding.</summary>
    public static readonly ErrorDefinition NotEncodable = new(
        "VmxValueNotEncodable", ErrorKind.InvalidArgument,
        "The value for '{0}' has characters that can't be written in the file's encoding ({1}).",
        "Use ASCII characters, or declare .encoding = \"UTF-8\" in a file that is UTF-8 throughout.");

    /// <summary>The file is encrypted.</summary>
    public static readonly ErrorDefinition Encrypted = new(
        "VmxEncrypted", ErrorKind.InvalidOperation,
        "'{0}' is encrypted; most of its settings are not to be seen in it.",
        "Change the setting through vCenter, or decrypt the VM first.");

    /// <summary>The file has zero bytes.</summary>
    public static readonly ErrorDefinition Damaged = new(
        "VmxDamaged", ErrorKind.InvalidData,
        "'{0}' has zero bytes (line {1}), as a file has after a crash or an interrupted copy.",
        "Restore the .vmx from a backup, or from the .vmx~ beside it, before it is changed.");

    /// <summary>The VM has no such entry.</summary>
    public static readonly ErrorDefinition SlotNotFound = new(
        "VmxSlotNotFound", ErrorKind.ObjectNotFound,
        "'{0}' has no entry pciPassthru{1}.",
        "List the entries with ConvertFrom-Vmx; the number is the N of pciPassthruN.");

    /// <summary>The mode can't be set.</summary>
    public static readonly ErrorDefinition InvalidMode = new(
        "VmxInvalidMsiMode", ErrorKind.InvalidArgument,
        "'{0}' can't be set as a mode.",
        "Use Default, Msi or IoApic.");

    /// <summary>The file is larger than any that makes sense.</summary>
    public static readonly ErrorDefinition TooLarge = new(
        "VmxTooLarge", ErrorKind.LimitsExceeded,
        "'{0}' is too large for a .vmx: {1} MB, and at most 16 are read.",
        "Check that this is a virtual machine's .vmx; those have some kilobytes.");
}
