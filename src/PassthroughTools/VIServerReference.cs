using System.Management.Automation;

namespace PassthroughTools;

/// <summary>Whatever names a connection: a record of Get-PassthruVIServer, a VIServer of PowerCLI, either after remoting, or a name with wildcards.</summary>
public sealed class VIServerReference
{
    /// <summary>Wraps the value that was given.</summary>
    /// <param name="value">Connection or name.</param>
    public VIServerReference(object value) => Value = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>The value, unwrapped.</summary>
    public object Value { get; }

    /// <summary>Name, with its port if it is not 443; may have wildcards where a text was given.</summary>
    public string Name
    {
        get
        {
            if (Value is string text) return text;
            var record = PSObject.AsPSObject(Value);
            if (LiveReference.Read(record, "Server") is { } server) return server.ToString() ?? "";
            var name = LiveReference.Read(record, "Name")?.ToString() ?? Value.ToString() ?? "";
            return LiveReference.Read(record, "Port")?.ToString() is { } port and not "443" ? name + ":" + port : name;
        }
    }

    /// <summary>The VIServer of PowerCLI, where it is a live one.</summary>
    internal object? PowerCliServer =>
        Value is not (string or PSObject) && LiveReference.Read(PSObject.AsPSObject(Value), "Uid")?.ToString()?.StartsWith("/VIServer=", StringComparison.OrdinalIgnoreCase) == true ? Value : null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
