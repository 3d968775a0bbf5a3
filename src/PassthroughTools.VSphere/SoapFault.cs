using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <summary>A fault of the API: from the answer to a call, or from a task or property that failed.</summary>
/// <param name="Type">Type as the API calls it, such as NoPermission; empty where the server names none.</param>
/// <param name="Message">The server's words.</param>
/// <param name="Detail">Its properties.</param>
internal sealed record SoapFault(string Type, string Message, VimElement? Detail)
{
    /// <summary>Reads the fault of a call.</summary>
    /// <param name="fault">The Fault element.</param>
    public static SoapFault FromAnswer(VimElement fault)
    {
        var detail = fault.First("detail")?.Children is [var first, ..] ? first : null;
        var type = detail is null ? "" : detail.TypeName.Length > 0 ? detail.TypeName : WithoutFault(detail.Name);
        return new SoapFault(type, fault.Text("faultstring") ?? "", detail);
    }

    /// <summary>Reads a LocalizedMethodFault.</summary>
    /// <param name="element">The element of that type.</param>
    public static SoapFault FromData(VimElement element)
    {
        var detail = element.First("fault");
        return new SoapFault(detail?.TypeName ?? "", element.Text("localizedMessage") ?? "", detail);
    }

    /// <summary>Whether an object is missing that it names.</summary>
    public bool IsGone => Type == "ManagedObjectNotFound";

    /// <summary>Whether a privilege is lacking; a session that is over is another matter.</summary>
    public bool IsDenied => Type == "NoPermission";

    /// <summary>The object that it is about, where it names one.</summary>
    public ManagedObject? Object => Detail?.Reference("obj") ?? Detail?.Reference("object");

    /// <summary>All that the server says, with the type of the fault.</summary>
    public string Words
    {
        get
        {
            var words = new List<string>();
            Add(words, Message);
            foreach (var message in Detail?.All("faultMessage") ?? []) Add(words, message.Text("message"));
            if (Detail?.First("faultCause") is { } cause) Add(words, FromData(cause).Words);
            var text = string.Join(" ", words);
            return Type.Length == 0 ? text : text.Length == 0 ? Type : $"{text} ({Type})";
        }
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="subject">The object with its server, or the server.</param>
    /// <param name="operation">What was asked for.</param>
    /// <param name="server">The server.</param>
    /// <param name="target">Target of the error.</param>
    /// <param name="isTask">Whether a task failed, rather than a call.</param>
    public PassthruException ToException(string subject, string operation, string server, object? target, bool isTask = false) => Type switch
    {
        "NotAuthenticated" => VimConnectionErrors.SessionExpired.For(server, server),
        "NoPermission" => VimErrors.NoPermission.For(target, subject, Privilege),
        "ManagedObjectNotFound" => VimErrors.ObjectGone.For(target, subject),
        "ConcurrentAccess" => VimErrors.ConcurrentEdit.For(target, subject),
        "ToolsUnavailable" => VimErrors.ToolsUnavailable.For(target, subject),
        "InvalidState" or "InvalidPowerState" or "VmConfigFault" or "TaskInProgress" => VimErrors.InvalidState.For(target, subject, operation, Words),
        "HostNotConnected" or "HostNotReachable" or "HostCommunication" => VimErrors.HostNotResponding.For(target, subject, "not connected"),
        _ when isTask => VimErrors.TaskFailed.For(target, subject, operation, Words),
        _ => VimErrors.Fault.For(target, subject, operation, Words),
    };

    private string Privilege
    {
        get
        {
            var privilege = Detail?.Text("privilegeId");
            if (string.IsNullOrEmpty(privilege)) return Words;
            return Object is { } on ? $"{privilege} on {on}" : privilege!;
        }
    }

    private static void Add(List<string> words, string? text)
    {
        if (text is { Length: > 0 } && !words.Contains(text.Trim())) words.Add(text.Trim());
    }

    private static string WithoutFault(string name) =>
        name.EndsWith("Fault", StringComparison.Ordinal) ? name.Substring(0, name.Length - "Fault".Length) : name;
}

/// <summary>Carries a fault to whoever knows what it means for the call.</summary>
internal sealed class SoapFaultException(SoapFault fault) : Exception(fault.Words)
{
    /// <summary>The fault.</summary>
    public SoapFault Fault { get; } = fault;
}
