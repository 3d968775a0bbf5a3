using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Vim;
using PassthroughTools.VSphere;

namespace PassthroughTools.Commands;

/// <summary>Lists the servers that Connect-PassthruVIServer connected to. The server is not asked: a session that it ended is listed until then.</summary>
[Cmdlet(VerbsCommon.Get, "PassthruVIServer")]
[OutputType(typeof(PassthruVIServer))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed class GetPassthruVIServerCommand : PassthruCmdlet
{
    /// <summary>Servers to list; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Server { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Server)
        {
            var found = OpenConnections.Find(name);
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) WriteError(OpenConnections.NoneTo(name).ToErrorRecord(name));
            foreach (var client in found) WriteObject(client.Connection);
        }
    }
}
