using System.Management.Automation;
using PassthroughTools.Vim;

namespace PassthroughTools;

/// <summary>
/// An object of a vSphere server as it was given: an object of PowerCLI, a view, either after remoting or CLIXML, or a reference as text. Told by the
/// properties that it has, never by its class; none is read that would cost a request.
/// </summary>
/// <param name="Object">Reference.</param>
/// <param name="Server">Server that it says it is from, name or name:port; null where it says nothing.</param>
/// <param name="Name">Name that it has; null where it has none.</param>
internal sealed record LiveReference(ManagedObject Object, string? Server, string? Name)
{
    private const string UidMark = "/VIServer=";

    private static readonly HashSet<string> Types =
        ["HostSystem", "VirtualMachine", "ClusterComputeResource", "ComputeResource", "Folder", "Datacenter"];

    /// <summary>Reads a value.</summary>
    /// <param name="value">Value.</param>
    /// <returns>Null where it is no object of a vSphere server.</returns>
    public static LiveReference? From(object value)
    {
        if (value is string text) return VimTarget.TryParse(text) is { } target && Types.Contains(target.Reference.Type) ? new LiveReference(target.Reference, target.Server, null) : null;
        if (value is Evidence.VMEvidence { Vim: { } of } vm) return new LiveReference(of.Reference, of.Server, vm.Name);
        if (value is Vmx.VMPassthruMsiMode { Vim: { } at } entry) return new LiveReference(at.Reference, at.Server, entry.VM);
        if (value is VimTarget own) return new LiveReference(own.Reference, own.Server, null);
        if (value is ValueType || value.GetType().Namespace?.StartsWith("PassthroughTools", StringComparison.Ordinal) == true) return null;
        var record = PSObject.AsPSObject(value);
        var name = Read(record, "Name")?.ToString();
        if (VimTarget.TryParse(Read(record, "Vim")?.ToString()) is { } kept) return new LiveReference(kept.Reference, kept.Server, name);
        if (Read(record, "Uid")?.ToString() is { } uid && ServerOf(uid) is { } server && Known(Read(record, "Id")?.ToString()) is { } inventory)
            return new LiveReference(inventory, server, name);
        return Read(record, "MoRef") is { } reference && Known(ReferenceText(reference)) is { } view ? new LiveReference(view, ServerOfView(record), name) : null;
    }

    /// <summary>Compares addresses; port 443 goes without saying.</summary>
    /// <param name="one">Address.</param>
    /// <param name="other">Address.</param>
    public static bool IsSameServer(string one, string other) => string.Equals(WithoutPort(one), WithoutPort(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a property; what throws is as good as absent.</summary>
    /// <param name="record">Object.</param>
    /// <param name="name">Property.</param>
    public static object? Read(PSObject record, string name)
    {
        try
        {
            return record.Properties[name]?.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name ?? Object.ToString();

    private static ManagedObject? Known(string? text) => ManagedObject.TryParse(text) is { } reference && Types.Contains(reference.Type) ? reference : null;

    private static string? ReferenceText(object reference)
    {
        var record = PSObject.AsPSObject(reference);
        return Read(record, "Type") is string type && Read(record, "Value") is string value ? type + "-" + value : reference.ToString();
    }

    /// <summary>The server in <c>/VIServer=user@server:port/…</c>; the user may have an @ and the server's name has none.</summary>
    private static string? ServerOf(string uid)
    {
        if (!uid.StartsWith(UidMark, StringComparison.OrdinalIgnoreCase)) return null;
        var end = uid.IndexOf('/', UidMark.Length);
        var account = end < 0 ? uid.Substring(UidMark.Length) : uid.Substring(UidMark.Length, end - UidMark.Length);
        var server = account.Substring(account.LastIndexOf('@') + 1);
        return server.Length > 0 ? server : null;
    }

    private static string? ServerOfView(PSObject view) =>
        Read(view, "Client") is { } client && Uri.TryCreate(Read(PSObject.AsPSObject(client), "ServiceUrl")?.ToString(), UriKind.Absolute, out var url)
            ? url.IsDefaultPort ? url.Host : url.Host + ":" + url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : null;

    private static string WithoutPort(string address) => address.EndsWith(":443", StringComparison.Ordinal) ? address.Substring(0, address.Length - 4) : address;
}
