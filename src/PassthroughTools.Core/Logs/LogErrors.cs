namespace PassthroughTools.Logs;

/// <summary>Errors about logs.</summary>
public static class LogErrors
{
    /// <summary>The gzip data ends too early: what could be read was read.</summary>
    public static readonly ErrorDefinition Truncated = new(
        "LogTruncated", ErrorKind.InvalidData,
        "'{0}' ends in the middle of its compressed data; the events up to there were read, {1} lines in all.",
        "Copy the file again, or wait until the host has finished compressing it: what came later is missing.");

    /// <summary>The gzip data is damaged.</summary>
    public static readonly ErrorDefinition Corrupt = new(
        "LogCorrupt", ErrorKind.InvalidData,
        "'{0}' is damaged: {1} What stands before the damage was read, {2} lines in all.",
        "Copy the file again in binary mode and check it with: gzip -t");

    /// <summary>The file is no log.</summary>
    public static readonly ErrorDefinition Binary = new(
        "LogBinary", ErrorKind.InvalidData,
        "'{0}' is not a text log: {1}.",
        "Give a vmkernel.log or vmware.log, plain or compressed with gzip; unpack other archives first.");

    /// <summary>Lines were too long to be read whole.</summary>
    public static readonly ErrorDefinition LinesCut = new(
        "LogLinesCut", ErrorKind.LimitsExceeded,
        "'{0}' has {1} line(s) longer than {2} bytes; only their beginnings were read.",
        "A log line is never that long: check whether the file is damaged or lost its line ends.");

    /// <summary>Events without a date can't be compared with -After and -Before.</summary>
    public static readonly ErrorDefinition UndatedSkipped = new(
        "LogUndatedSkipped", ErrorKind.InvalidData,
        "'{0}' has {1} event(s) without a date; they were left out because a time range was asked for.",
        "Ask without a time range, or name the year of stamps that have none.");

    /// <summary>The folder holds no logs.</summary>
    public static readonly ErrorDefinition NoneFound = new(
        "LogNotFound", ErrorKind.ObjectNotFound,
        "The folder '{0}' holds no vmkernel, vmkwarning or vmware log.",
        "Name the folder that the logs were copied to, such as var/log of the host or the folder of the VM, or name the files.");

    /// <summary>A device address that can't be read.</summary>
    public static readonly ErrorDefinition DeviceInvalid = new(
        "LogDeviceInvalid", ErrorKind.InvalidArgument,
        "'{0}' is not a PCI address.",
        "Write it as esxcli does, in hexadecimal: 0000:af:00.0. A three-digit bus, as in 000:175:00.0, is read as decimal.");
}
