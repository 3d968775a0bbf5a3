using System.Management.Automation;
using PassthroughTools.Vim;

namespace PassthroughTools.PowerCli;

/// <summary>What a PowerCLI command, a method of a view or a task says went wrong.</summary>
/// <param name="Type">Type of the fault as the API calls it; empty where there is none.</param>
/// <param name="Words">What is said.</param>
/// <param name="Detail">The fault; null where there is none.</param>
internal sealed record PowerCliFault(string Type, string Words, object? Detail)
{
    /// <summary>Finds the fault in an exception: what carries one has a property MethodFault, whatever its type.</summary>
    /// <param name="exception">Exception.</param>
    public static PowerCliFault From(Exception exception)
    {
        var last = exception;
        for (var e = exception; e is not null; e = Cause(e))
        {
            last = e;
            if (PowerCliData.Property(e, "MethodFault") is { } fault) return new PowerCliFault(fault.GetType().Name, e.Message, fault);
            if (e.GetType().Name == "ViServerConnectionException") return new PowerCliFault("NotAuthenticated", e.Message, null);
        }

        return new PowerCliFault("", last.Message, null);
    }

    private static Exception? Cause(Exception e) =>
        e.InnerException ?? (e is RuntimeException { ErrorRecord.Exception: { } recorded } && !ReferenceEquals(recorded, e) && recorded is not ParentContainsErrorRecordException ? recorded : null);

    /// <summary>Reads a LocalizedMethodFault.</summary>
    /// <param name="data">Object.</param>
    public static PowerCliFault FromData(object? data)
    {
        var fault = data is null ? null : PowerCliData.Property(data, "Fault");
        return new PowerCliFault(fault?.GetType().Name ?? "", data is null ? "" : PowerCliData.Property(data, "LocalizedMessage")?.ToString() ?? "", fault);
    }

    /// <summary>The object that is missing, where it names one.</summary>
    public ManagedObject? Gone => Type == "ManagedObjectNotFound" && Detail is not null ? PowerCliData.ToReference(PowerCliData.Property(Detail, "Obj")) : null;

    /// <summary>Makes the exception.</summary>
    /// <param name="subject">The object with its server, or the server.</param>
    /// <param name="operation">What was asked for.</param>
    /// <param name="server">The server.</param>
    /// <param name="target">Target of the error.</param>
    /// <param name="cause">What was thrown.</param>
    /// <param name="isTask">Whether a task failed, rather than a call.</param>
    public PassthruException ToException(string subject, string operation, string server, object? target, Exception? cause = null, bool isTask = false) => Type switch
    {
        "NotAuthenticated" => VimErrors.NotConnected.Because(cause, server, " any more: " + server),
        "NoPermission" => VimErrors.NoPermission.Because(cause, target, subject, (Detail is null ? null : PowerCliData.Property(Detail, "PrivilegeId")?.ToString()) ?? Words),
        "ManagedObjectNotFound" => VimErrors.ObjectGone.Because(cause, target, subject),
        "ConcurrentAccess" => VimErrors.ConcurrentEdit.Because(cause, target, subject),
        "ToolsUnavailable" => VimErrors.ToolsUnavailable.Because(cause, target, subject),
        "InvalidState" or "InvalidPowerState" or "VmConfigFault" or "TaskInProgress" => VimErrors.InvalidState.Because(cause, target, subject, operation, Words),
        "HostNotConnected" or "HostNotReachable" or "HostCommunication" => VimErrors.HostNotResponding.Because(cause, target, subject, "not connected"),
        _ when isTask => VimErrors.TaskFailed.Because(cause, target, subject, operation, Words),
        _ => VimErrors.Fault.Because(cause, target, subject, operation, Words),
    };
}
