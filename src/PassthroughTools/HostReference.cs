using System.IO;
using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools;

/// <summary>
/// Whatever names a host: evidence that was read before, the path of an evidence folder or archive. PowerShell converts to it by the constructor.
/// </summary>
public sealed class HostReference
{
    /// <summary>Wraps the value that was given.</summary>
    /// <param name="value">Evidence, or a path.</param>
    public HostReference(object value) => Value = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>The value, unwrapped.</summary>
    public object Value { get; }

    /// <summary>The evidence, where the value is some or holds some, as a budget does.</summary>
    public HostEvidence? Evidence => Value switch
    {
        HostEvidence evidence => evidence,
        HostVectorBudget budget => budget.Evidence,
        _ => null,
    };

    /// <summary>The path, where the value is one.</summary>
    public string? Path => Value switch
    {
        string text => text,
        FileSystemInfo info => info.FullName,
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => Evidence is { } evidence ? evidence.HostName : Value.ToString() ?? "";
}
