using System.IO;
using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.IO;
using PassthroughTools.Reports;

namespace PassthroughTools.Commands;

/// <summary>Writes a report on hosts: a page for people, or JSON, CSV or metrics for programs.</summary>
[Cmdlet(VerbsData.Export, "PassthruReport", DefaultParameterSetName = "VMHost", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportPassthruReportCommand : EvidenceCmdlet
{
    private readonly List<HostReport> _hosts = [];
    private string _file = "";

    /// <summary>File to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Format; by default the one that the file's extension stands for (.html, .json, .csv, .prom), else Html.</summary>
    [Parameter]
    public ReportFormat? Format { get; set; }

    /// <summary>Vectors that should be left in every pool; with fewer left the verdict is Tight. By default that of a piped budget, else 0.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public int Headroom { get; set; }

    /// <summary>Counts the devices of VMs that are off as well, as a piped budget may have done.</summary>
    [Parameter]
    public SwitchParameter IncludePoweredOff { get; set; }

    /// <summary>Makes a plan for each host that exceeds a pool, and shows the pools before and after. Changes nothing.</summary>
    [Parameter]
    public SwitchParameter IncludePlan { get; set; }

    /// <summary>Heading of the report.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = new ReportOptions().Title;

    /// <summary>Overwrites the file where it exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the file's FileInfo.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private ReportOptions Options => new() { Title = Title, Headroom = Headroom, IncludePoweredOff = IncludePoweredOff, IncludePlan = IncludePlan };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // What is wrong with the file is told before a thousand hosts are read.
        _file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Destination, out var provider, out _);
        var problem = provider.Name != "FileSystem" || Directory.Exists(_file) ? ReportErrors.BadDestination.For(Destination, Destination)
            : FolderOf(_file) is { } folder && !Directory.Exists(folder) ? ReportErrors.FolderMissing.For(folder, folder)
            : File.Exists(_file) && !Force ? ReportErrors.Exists.For(_file, _file)
            : null;
        if (problem is not null) ThrowTerminatingError(problem.ToErrorRecord());
    }

    /// <inheritdoc/>
    protected override void Answer(HostEvidence host)
    {
        // The report on a budget asks what the budget was asked, unless told otherwise.
        var (headroom, includePoweredOff) = AskedOf(host, Headroom, IncludePoweredOff);
        _hosts.Add(HostReport.Create(host, Options with { Headroom = headroom, IncludePoweredOff = includePoweredOff }, StopToken));
        WriteVerbose(host.HostName + ": " + _hosts[_hosts.Count - 1].Verdict);
    }

    /// <inheritdoc/>
    protected override void Finish() => Guard(Export, _file);

    private void Export()
    {
        if (_hosts.Count == 0) throw ReportErrors.NoHost.For(_file, _file);
        var report = FleetReport.Create(_hosts, Options);
        if (report.SharedNames.Count > 0) WriteWarning("More than one host of the report is called: " + string.Join(", ", report.SharedNames) + ".");
        var format = Format ?? FleetReport.FormatOf(_file);
        var hosts = FormattableString.Invariant($"{_hosts.Count} {(_hosts.Count == 1 ? "host" : "hosts")}");
        if (!ShouldProcess(_file, FormattableString.Invariant($"write the {format} report of {hosts}"))) return;
        var length = AtomicFile.Write(_file, stream => report.Write(stream, format), overwrite: Force);
        WriteVerbose(FormattableString.Invariant($"{_file}: {length} bytes, {hosts}."));
        if (PassThru) WriteObject(new FileInfo(_file));
    }

    private static string? FolderOf(string file) => System.IO.Path.GetDirectoryName(file);
}
