namespace PassthroughTools.Vim;

/// <summary>Errors of vSphere servers, whatever client they came through. {0} is the server, or the object with its server.</summary>
public static class VimErrors
{
    /// <summary>No session to ask.</summary>
    public static readonly ErrorDefinition NotConnected = new(
        "VSphereNotConnected", ErrorKind.ConnectionError,
        "There is no connection to a vSphere server{0}.",
        "Connect first: Connect-PassthruVIServer, or PowerCLI's Connect-VIServer.");

    /// <summary>Nothing of that name.</summary>
    public static readonly ErrorDefinition NotFound = new(
        "VSphereObjectNotFound", ErrorKind.ObjectNotFound,
        "No {1} called '{2}' is known to {0}.",
        "Check the name and the server; wildcards are allowed.");

    /// <summary>The object was there, and is there no more.</summary>
    public static readonly ErrorDefinition ObjectGone = new(
        "VSphereObjectGone", ErrorKind.ObjectNotFound,
        "{0} is not there any more.",
        "It was removed or unregistered in the meantime. Ask again.");

    /// <summary>Permission is lacking.</summary>
    public static readonly ErrorDefinition NoPermission = new(
        "VSpherePermissionDenied", ErrorKind.PermissionDenied,
        "{0}: permission is denied: {1}",
        "Ask for a role that has this privilege on the object, or use another account.");

    /// <summary>The host does not answer its vCenter.</summary>
    public static readonly ErrorDefinition HostNotResponding = new(
        "VSphereHostNotConnected", ErrorKind.ConnectionError,
        "{0} is {1}: what its vCenter knows of it may be out of date.",
        "Reconnect the host, or collect its evidence over SSH.");

    /// <summary>The server does not know a VM as it is now.</summary>
    public static readonly ErrorDefinition VMNotConnected = new(
        "VSphereVMNotConnected", ErrorKind.ConnectionError,
        "{0} is {1}: what its server knows of it, its power state included, may be out of date.",
        "See why in the vSphere client: its storage may be gone, or it is no longer registered on the host. Remove it from the inventory where it is not there any more.");

    /// <summary>Changed by someone else between reading and writing.</summary>
    public static readonly ErrorDefinition ConcurrentEdit = new(
        "VSphereConcurrentEdit", ErrorKind.InvalidOperation,
        "{0} was changed by someone else meanwhile; nothing was written.",
        "Look at what changed, make a new plan and try again.");

    /// <summary>The object's state does not allow it.</summary>
    public static readonly ErrorDefinition InvalidState = new(
        "VSphereInvalidState", ErrorKind.InvalidOperation,
        "{0} is not in a state that allows {1}: {2}",
        "Look at its power state and at what else is running on it, then try again.");

    /// <summary>A task ended in an error.</summary>
    public static readonly ErrorDefinition TaskFailed = new(
        "VSphereTaskFailed", ErrorKind.InvalidOperation,
        "{0}: {1} failed: {2}",
        "The words are the server's. The task list of the vSphere client has the details.");

    /// <summary>The guest can't be asked.</summary>
    public static readonly ErrorDefinition ToolsUnavailable = new(
        "VSphereToolsUnavailable", ErrorKind.InvalidOperation,
        "{0}: the guest can't be asked to shut down, since VMware Tools don't run in it.",
        "Shut the guest down by hand, or install or start VMware Tools, and try again.");

    /// <summary>The server refused the operation.</summary>
    public static readonly ErrorDefinition Fault = new(
        "VSphereFault", ErrorKind.InvalidOperation,
        "{0} refused {1}: {2}",
        "The words are the server's.");
}
