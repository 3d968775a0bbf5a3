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
    private static readonly string[] Kinds = ["PassthroughTools.Evidence.HostEvidence", "PassthroughTools.Vectors.HostVectorBudget", "PassthroughTools.Planning.RemediationPlan"];

    private readonly Lazy<LiveReference?> _live;

    /// <summary>Wraps the value that was given.</summary>
    /// <param name="value">Evidence, or a path.</param>
    public HostReference(object value)
    {
        Value = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        if (Value is PSObject budget && budget.TypeNames.Any(name => name.EndsWith("PassthroughTools.Vectors.HostVectorBudget", StringComparison.Ordinal)) && LiveReference.Read(budget, "Evidence") is PSObject inner)
            Value = inner;
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
        PSObject record when IsEvidence(record) && LiveReference.Read(record, "Source") is string { Length: > 0 } source && (File.Exists(source) || Directory.Exists(source)) => source,
        _ => null,
    };

    /// <summary>The object of a vSphere server, where the value is one or was read from one.</summary>
    internal LiveReference? Live => _live.Value;

    /// <summary>What is wrong with a value that is neither.</summary>
    internal PassthruException Problem => Value is PSObject record && IsEvidence(record)
        ? LiveErrors.CannotRebuild.For(Value, LiveReference.Read(record, "HostName") ?? this)
        : HostReferenceErrors.NotAHost.For(Value, this, Value.GetType().Name);

    /// <summary>Evidence, or what names where its own is from.</summary>
    private static bool IsEvidence(PSObject record) => record.TypeNames.Any(name => Array.Exists(Kinds, kind => name.EndsWith(kind, StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override string ToString() => Evidence is { } evidence ? evidence.HostName : Value.ToString() ?? "";
}
