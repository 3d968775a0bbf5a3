using System.IO;
using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Vmx;

namespace PassthroughTools;

/// <summary>
/// Whatever names a virtual machine: its evidence, its configuration, a record of its entries, the path of its .vmx or of the folder that holds it, an
/// object or a view of PowerCLI, either after remoting, or a name at the connected servers. PowerShell converts to it by the constructor.
/// </summary>
public sealed class VMReference
{
    /// <summary>Properties that hold the path in a record that came back from a file or another session.</summary>
    private static readonly string[] PathProperties = ["VmxPath", "Path", "PSPath"];

    /// <summary>Wraps the value that was given.</summary>
    /// <param name="value">A VM's record, or a path.</param>
    public VMReference(object value) => Value = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>The value, unwrapped.</summary>
    public object Value { get; }

    /// <summary>The path of a .vmx or of a VM's folder; null where the value has none.</summary>
    public string? Path => Value switch
    {
        string text => text,
        FileSystemInfo info => info.FullName,
        VMEvidence vm => vm.VmxPath,
        VmxConfiguration configuration => configuration.Source,
        VMPassthruMsiMode entry => entry.Path,
        PSObject record => PathProperties.Select(name => record.Properties[name]?.Value?.ToString()).FirstOrDefault(path => path?.Length > 0),
        _ => null,
    };

    /// <summary>The VM's evidence, where the value is some.</summary>
    internal VMEvidence? Evidence => Value as VMEvidence;

    /// <summary>The object of a vSphere server, where the value is one or was read from one: a VM, or what leads to VMs, as a host does.</summary>
    internal LiveReference? Live => LiveReference.From(Value);

    /// <summary>What is wrong with the value; null where it names a path.</summary>
    internal PassthruException? Problem => Path is not null ? null
        : Value is VMEvidence or VmxConfiguration or VMPassthruMsiMode ? VMReferenceErrors.NoVmx.For(Value, this)
        : VMReferenceErrors.NotAVM.For(Value, this, Value.GetType().Name);

    /// <inheritdoc/>
    public override string ToString() => Value switch
    {
        VmxConfiguration configuration => configuration.VM ?? "",
        VMPassthruMsiMode entry => entry.VM,
        _ => Value.ToString() ?? "",
    };
}
