namespace PassthroughTools;

/// <summary>Errors about what names a host.</summary>
public static class HostReferenceErrors
{
    /// <summary>The object is nothing that a host can be read from.</summary>
    public static readonly ErrorDefinition NotAHost = new(
        "HostNotRecognized", ErrorKind.InvalidArgument,
        "'{0}' ({1}) is neither evidence, nor the path of an evidence folder, nor an object of a vSphere server.",
        "Pipe the output of Get-PassthruEvidence or of PowerCLI's Get-VMHost, or name a folder with -Path.");

    /// <summary>Which pools apply can't be told.</summary>
    public static readonly ErrorDefinition VersionUnknown = new(
        "HostVersionUnknown", ErrorKind.ObjectNotFound,
        "{0}: the ESXi version is not in the evidence, and which pools apply depends on it.",
        "Add host.json, or the output of 'esxcli system version get' as esxcli-system-version-get.txt.");

    /// <summary>There is no log to build a ledger from.</summary>
    public static readonly ErrorDefinition NoLog = new(
        "HostLogMissing", ErrorKind.ObjectNotFound,
        "{0}: no vmkernel log is in the evidence.",
        "Add /var/log/vmkernel.log and its rotations (vmkernel.*.gz) to the evidence folder.");
}
