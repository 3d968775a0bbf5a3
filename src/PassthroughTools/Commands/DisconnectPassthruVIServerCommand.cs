using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Vim;

namespace PassthroughTools.Commands;

/// <summary>Ends connections that Connect-PassthruVIServer made. The other cmdlets can't ask these servers from then on.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "PassthruVIServer", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed class DisconnectPassthruVIServerCommand : PassthruCmdlet
{
    /// <summary>Servers to disconnect from; wildcards are allowed, and * is all of them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Server { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Server)
        {
            var found = OpenConnections.Find(name);
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) WriteError(OpenConnections.NoneTo(name).ToErrorRecord(name));
            foreach (var client in found)
            {
                if (!ShouldProcess($"{client.Server} as {client.User}", "Disconnect")) continue;
                using var trace = VimTrace.To(WriteVerbose);
                VimConnections.Remove(client);
                client.Dispose();
            }
        }
    }
}
