using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Runtime.InteropServices;
using PassthroughTools.Evidence;
using PassthroughTools.Evidence.Export;
using PassthroughTools.Evidence.Support;
using PassthroughTools.Journal;

namespace PassthroughTools.Commands;

/// <summary>Makes one .zip to send with a question: evidence, the journal of its hosts, versions and errors, without identifiers.</summary>
[Cmdlet(VerbsCommon.New, "PassthruSupportBundle", DefaultParameterSetName = "VMHost", SupportsShouldProcess = true)]
[OutputType(typeof(EvidenceExport))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed class NewPassthruSupportBundleCommand : EvidenceCmdlet
{
    private readonly List<HostEvidence> _hosts = [];

    /// <summary>File to make; a name without .zip gets it.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Folder of the journal; by default the platform's data folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Errors that happened, such as $Error. Their identifiers are written, not their texts.</summary>
    [Parameter]
    public ErrorRecord[] ErrorRecord { get; set; } = [];

    /// <summary>File for the list of what was replaced by what. Keep it to yourself.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MapPath { get; set; }

    /// <summary>Leaves names, addresses and serial numbers as they are.</summary>
    [Parameter]
    public SwitchParameter NoRedaction { get; set; }

    /// <summary>Replaces an earlier bundle.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Answer(HostEvidence host) => _hosts.Add(host);

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_hosts.Count == 0) return;
        var destination = this.Locate(Destination.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? Destination : Destination + ".zip");
        var what = _hosts.Count == 1 ? _hosts[0].HostName : FormattableString.Invariant($"{_hosts.Count} hosts");
        if (!ShouldProcess(destination, (NoRedaction ? "Make support bundle with all identifiers of " : "Make redacted support bundle of ") + what)) return;
        Guard(() =>
        {
            var bundle = SupportBundle.Create(_hosts, new SupportBundleOptions
            {
                Export = new ExportOptions { Destination = destination, Force = Force, Redact = !NoRedaction, MapPath = NoRedaction || MapPath is null ? null : this.Locate(MapPath) },
                Runs = new JournalStore(JournalPath is null ? null : this.Locate(JournalPath)).List(),
                ErrorIds = [.. ErrorRecord.Select(record => record.FullyQualifiedErrorId.Split(',')[0])],
                Catalog = [.. ErrorCatalog.Find(), .. ErrorCatalog.Find(typeof(NewPassthruSupportBundleCommand).Assembly)],
                Versions = Versions(),
            }, StopToken);
            foreach (var warning in bundle.Warnings) WriteWarning(warning);
            WriteObject(bundle);
        }, destination);
    }

    private Dictionary<string, string> Versions()
    {
        var table = SessionState.PSVariable.GetValue("PSVersionTable") as System.Collections.Hashtable;
        return new Dictionary<string, string>
        {
            ["module"] = typeof(NewPassthruSupportBundleCommand).Assembly.GetName().Version?.ToString(3) ?? "",
            ["powerShell"] = table?["PSVersion"]?.ToString() ?? "",
            ["edition"] = table?["PSEdition"]?.ToString() ?? "",
            ["framework"] = RuntimeInformation.FrameworkDescription,
            ["system"] = RuntimeInformation.OSDescription,
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
            ["culture"] = System.Globalization.CultureInfo.CurrentCulture.Name,
        };
    }
}
