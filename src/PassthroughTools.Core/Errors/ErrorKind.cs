namespace PassthroughTools;

/// <summary>What sort of failure it is; the cmdlets map each to PowerShell's category of the same name.</summary>
public enum ErrorKind
{
    /// <summary>The input can't be read as what it should be.</summary>
    InvalidData,

    /// <summary>A parameter or its combination makes no sense.</summary>
    InvalidArgument,

    /// <summary>The thing named is not there.</summary>
    ObjectNotFound,

    /// <summary>Access was refused.</summary>
    PermissionDenied,

    /// <summary>Someone else holds it.</summary>
    ResourceBusy,

    /// <summary>The state forbids it: changed meanwhile, powered on, sealed.</summary>
    InvalidOperation,

    /// <summary>Reading failed.</summary>
    ReadError,

    /// <summary>Writing failed.</summary>
    WriteError,

    /// <summary>It is refused for safety's sake.</summary>
    SecurityError,

    /// <summary>A limit was reached.</summary>
    LimitsExceeded,

    /// <summary>It took longer than allowed.</summary>
    OperationTimeout,

    /// <summary>The other side could not be reached.</summary>
    ConnectionError,

    /// <summary>It is not available on this platform or edition.</summary>
    NotInstalled,
}
