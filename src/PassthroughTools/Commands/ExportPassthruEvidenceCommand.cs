using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Evidence.Export;

namespace PassthroughTools.Commands;

/// <summary>Writes the raw files of hosts' evidence to a folder or a .zip, with checksums, and without identifiers where asked.</summary>
[Cmdlet(VerbsData.Export, "PassthruEvidence", DefaultParameterSetName = "VMHost", SupportsShouldProcess = true)]
[OutputType(typeof(EvidenceExport))]
public sealed class ExportPassthruEvidenceCommand : EvidenceCmdlet
{
    private readonly List<HostEvidence> _hosts = [];

    /// <summary>Folder to make, or file that ends in .zip.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Replaces names, addresses, serial numbers and world-wide names, the same by the same in all files and hosts.</summary>
    [Parameter]
    public SwitchParameter Redact { get; set; }

    /// <summary>File for the list of what was replaced by what. Keep it to yourself.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MapPath { get; set; }

    /// <summary>Replaces an earlier export.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes what was exported.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Answer(HostEvidence host) => _hosts.Add(host);

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_hosts.Count == 0) return;
        var destination = this.Locate(Destination);
        var what = _hosts.Count == 1 ? _hosts[0].HostName : FormattableString.Invariant($"{_hosts.Count} hosts");
        if (!ShouldProcess(destination, (Redact ? "Export redacted evidence of " : "Export evidence of ") + what)) return;
        Guard(() =>
        {
            var export = EvidenceExporter.Export(_hosts, new ExportOptions
            {
                Destination = destination,
                Force = Force,
                Redact = Redact,
                MapPath = Redact && MapPath is not null ? this.Locate(MapPath) : null,
            }, StopToken);
            foreach (var warning in export.Warnings) WriteWarning(warning);
            if (PassThru) WriteObject(export);
        }, destination);
    }
}
