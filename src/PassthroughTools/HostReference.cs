using System.IO;
using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools;

/// <summary>
/// Whatever names a host: evidence that was read before, the path of an evidence folder or archive, an object or a view of PowerCLI (a host, a cluster,
/// a VM for the host that it is on), either after remoting, a name at the connected servers. PowerShell converts to it by the constructor.
/// </summary>
public sealed class HostReference
{
    private readonly Lazy<LiveReference?> _live;

    /// <summary>Wraps the value that was given.</summary>
    /// <param name="value">Evidence, or a path.</param>
    public HostReference(object value)
    {
        Value = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        if (Value is PSObject budget && IsBudget(budget))
        {
            // Remoting and jobs keep one level of an object: of the evidence a text is left, and the budget itself says where it came from.
            if (LiveReference.Read(budget, "Evidence") is PSObject inner) Value = inner;
            else if (LiveReference.Read(budget, "Source") is string { Length: > 0 } source && (LiveReference.From(source) is not null || Exists(source))) Value = source;
        }

        _live = new Lazy<LiveReference?>(() => LiveReference.From(Value));
    }

    /// <summary>The value, unwrapped.</summary>
    public object Value { get; }

    /// <summary>The evidence, where the value is some or holds some, as a budget does.</summary>
    public HostEvidence? Evidence => Value switch
    {
        HostEvidence evidence => evidence,
        HostVectorBudget budget => budget.Evidence,
        _ => null,
    };

    /// <summary>The path, where the value may be one; a text may be a name as well.</summary>
    public string? Path => Value switch
    {
        string text => text,
        FileSystemInfo info => info.FullName,
        PSObject record when IsEvidence(record) && LiveReference.Read(record, "Source") is string { Length: > 0 } source && Exists(source) => source,
        _ => null,
    };

    /// <summary>The object of a vSphere server, where the value is one or was read from one.</summary>
    internal LiveReference? Live => _live.Value;

    /// <summary>What is wrong with a value that is neither.</summary>
    internal PassthruException Problem => Value is PSObject record && (IsEvidence(record) || IsBudget(record))
        ? LiveErrors.CannotRebuild.For(Value, LiveReference.Read(record, "HostName") ?? this)
        : HostReferenceErrors.NotAHost.For(Value, this, Value.GetType().Name);

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    private static bool IsBudget(PSObject record) =>
        record.TypeNames.Any(name => name.EndsWith("PassthroughTools.Vectors.HostVectorBudget", StringComparison.Ordinal));

    private static bool IsEvidence(PSObject record) =>
        record.TypeNames.Any(name => name.EndsWith("PassthroughTools.Evidence.HostEvidence", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => Evidence is { } evidence ? evidence.HostName : Value.ToString() ?? "";
}
