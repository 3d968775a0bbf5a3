using System.Management.Automation;

namespace PassthroughTools;

/// <summary>Turns Core's exceptions into PowerShell error records.</summary>
internal static class ErrorRecords
{
    /// <summary>Makes the record: identifier and category from the catalogue, advice as the recommended action.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="fallbackTarget">Target where the exception names none.</param>
    public static ErrorRecord ToErrorRecord(this PassthruException exception, object? fallbackTarget = null) =>
        new(exception, exception.ErrorId, Category(exception.Definition.Kind), exception.Target ?? fallbackTarget)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = exception.Advice },
        };

    private static ErrorCategory Category(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidData => ErrorCategory.InvalidData,
        ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        ErrorKind.ObjectNotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        ErrorKind.ResourceBusy => ErrorCategory.ResourceBusy,
        ErrorKind.InvalidOperation => ErrorCategory.InvalidOperation,
        ErrorKind.ReadError => ErrorCategory.ReadError,
        ErrorKind.WriteError => ErrorCategory.WriteError,
        ErrorKind.SecurityError => ErrorCategory.SecurityError,
        ErrorKind.LimitsExceeded => ErrorCategory.LimitsExceeded,
        ErrorKind.OperationTimeout => ErrorCategory.OperationTimeout,
        ErrorKind.ConnectionError => ErrorCategory.ConnectionError,
        ErrorKind.NotInstalled => ErrorCategory.NotInstalled,
        _ => ErrorCategory.NotSpecified,
    };
}
