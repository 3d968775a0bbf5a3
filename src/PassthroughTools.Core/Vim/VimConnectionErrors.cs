namespace PassthroughTools.Vim;

/// <summary>Errors of connecting to a vSphere server and of staying connected. {0} is the server.</summary>
public static class VimConnectionErrors
{
    /// <summary>The address can't be one.</summary>
    public static readonly ErrorDefinition AddressInvalid = new(
        "VSphereAddressInvalid", ErrorKind.InvalidArgument,
        "'{0}' is not the address of a server.",
        "Give a name or an IP address, with a port if it is not 443: vcenter.example.com or 192.0.2.10:8443.");

    /// <summary>The thumbprint can't be one.</summary>
    public static readonly ErrorDefinition ThumbprintInvalid = new(
        "VSphereThumbprintInvalid", ErrorKind.InvalidArgument,
        "'{0}' is not a thumbprint.",
        "A thumbprint is 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, with or without colons.");

    /// <summary>The name has no address.</summary>
    public static readonly ErrorDefinition NameNotResolved = new(
        "VSphereNameNotResolved", ErrorKind.ConnectionError,
        "The name of '{0}' can't be resolved.",
        "Check the spelling and the name server, or give the IP address.");

    /// <summary>Nothing listens there, or nothing leads there.</summary>
    public static readonly ErrorDefinition Unreachable = new(
        "VSphereUnreachable", ErrorKind.ConnectionError,
        "{0} can't be reached: {1}",
        "Check the address, the port, and that a firewall lets this machine through. A proxy is not used.");

    /// <summary>No encrypted connection came about, and the certificate is not the reason.</summary>
    public static readonly ErrorDefinition TlsFailed = new(
        "VSphereTlsFailed", ErrorKind.ConnectionError,
        "No encrypted connection to {0} came about: {1}",
        "Check the port: what listens there may not speak TLS, or no version that this machine allows.");

    /// <summary>The certificate is not the one that was named.</summary>
    public static readonly ErrorDefinition ThumbprintMismatch = new(
        "VSphereThumbprintMismatch", ErrorKind.SecurityError,
        "{0} has another certificate than the one that was asked for: its thumbprint is {1} (SHA-256 {2}).",
        "Nothing was sent. Find out on the server itself whether its certificate was renewed; if so, use the new thumbprint.");

    /// <summary>Not one thumbprint for each server.</summary>
    public static readonly ErrorDefinition ThumbprintCount = new(
        "VSphereThumbprintCount", ErrorKind.InvalidArgument,
        "{0} servers and {1} thumbprints: which is whose can't be told.",
        "Give one thumbprint for each server, in the order of the servers, or pipe in objects that have Server and Thumbprint.");

    /// <summary>Nobody vouches for the certificate.</summary>
    public static readonly ErrorDefinition CertificateUntrusted = new(
        "VSphereCertificateUntrusted", ErrorKind.SecurityError,
        "The certificate of {0} is not trusted ({1}). Its thumbprint is {2} (SHA-256 {3}).",
        "Nothing was sent. Compare the thumbprint with the one the server itself shows and connect with -Thumbprint, or install the root certificate of the vCenter; "
        + "-SkipCertificateCheck trusts whoever answers.");

    /// <summary>The certificate is out of its time.</summary>
    public static readonly ErrorDefinition CertificateExpired = new(
        "VSphereCertificateExpired", ErrorKind.SecurityError,
        "The certificate of {0} is valid from {1} to {2} only. Its thumbprint is {3} (SHA-256 {4}).",
        "Nothing was sent. Renew the certificate, or check the clock of this machine. To connect all the same, compare the thumbprint with the one the server itself "
        + "shows and use -Thumbprint.");

    /// <summary>Something else answers there.</summary>
    public static readonly ErrorDefinition NotVSphere = new(
        "VSphereNotAVSphereServer", ErrorKind.ConnectionError,
        "{0} does not answer as a vSphere server does: {1}",
        "Check address and port; it must be a vCenter or an ESXi host.");

    /// <summary>The server is there, its service is not.</summary>
    public static readonly ErrorDefinition ServiceUnavailable = new(
        "VSphereServiceUnavailable", ErrorKind.ConnectionError,
        "{0} is there, but its vSphere service is not available (HTTP {1}).",
        "It may be starting. Wait a few minutes, or look at the state of its services.");

    /// <summary>The server is older than what is supported.</summary>
    public static readonly ErrorDefinition VersionUnsupported = new(
        "VSphereVersionUnsupported", ErrorKind.ConnectionError,
        "{0} offers API version {1}; 6.5 is the oldest that is supported.",
        "Collect the evidence of its hosts over SSH or with the collector script.");

    /// <summary>User or password is wrong.</summary>
    public static readonly ErrorDefinition LoginFailed = new(
        "VSphereLoginFailed", ErrorKind.PermissionDenied,
        "{0} does not let '{1}' in: {2}",
        "Check user and password. Users of a vCenter have a domain: administrator@vsphere.local. Repeated attempts may lock the account.");

    /// <summary>The session is over.</summary>
    public static readonly ErrorDefinition SessionExpired = new(
        "VSphereSessionExpired", ErrorKind.ConnectionError,
        "The session with {0} is over: the server ended it, or it idled for too long.",
        "Connect again with Connect-PassthruVIServer; the password was not kept. Resume an interrupted remediation from its journal.");

    /// <summary>It took too long.</summary>
    public static readonly ErrorDefinition TimedOut = new(
        "VSphereTimeout", ErrorKind.OperationTimeout,
        "{0} took longer than {2} seconds while {1}.",
        "Try again, or allow more with -TimeoutSec of Connect-PassthruVIServer. What was asked for may have been done all the same.");

    /// <summary>The connection broke.</summary>
    public static readonly ErrorDefinition ConnectionLost = new(
        "VSphereConnectionLost", ErrorKind.ConnectionError,
        "The connection to {0} was lost while {1}: {2}",
        "Try again. What was asked for may have been done all the same.");

    /// <summary>What the server sent can't be read.</summary>
    public static readonly ErrorDefinition AnswerUnreadable = new(
        "VSphereAnswerUnreadable", ErrorKind.InvalidData,
        "What {0} sent while {1} can't be read: {2}",
        "Try again. A proxy or a firewall between here and the server may have changed the answer.");
}
