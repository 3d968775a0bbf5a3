using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Logs;
using PassthroughTools.Pci;

namespace PassthroughTools.Commands;

/// <summary>Gets what vmkernel and vmware logs say about interrupt vectors and passthrough devices.</summary>
[Cmdlet(VerbsCommon.Get, "PassthruLogEvent", DefaultParameterSetName = PathSet)]
[OutputType(typeof(PassthruLogEvent))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed class GetPassthruLogEventCommand : PassthruCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string InputObjectSet = "InputObject";
    private const int ProgressMilliseconds = 200;

    private readonly Stopwatch _sinceProgress = Stopwatch.StartNew();
    private LogQuery _query = LogQuery.All;
    private LogLineParser? _lines;
    private bool _hasProgress;

    /// <summary>Logs, or folders to look for logs in; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Logs or folders, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "Source")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Lines of a log.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = "";

    /// <summary>Only events at this time or later. Local time unless a zone is given; logs are in UTC.</summary>
    [Parameter]
    public DateTimeOffset? After { get; set; }

    /// <summary>Only events at this time or earlier. Local time unless a zone is given; logs are in UTC.</summary>
    [Parameter]
    public DateTimeOffset? Before { get; set; }

    /// <summary>Only events of these kinds.</summary>
    [Parameter]
    public LogEventKind[] Kind { get; set; } = [];

    /// <summary>Only events that name one of these devices, such as 0000:08:00.0.</summary>
    [Parameter]
    public string[] Device { get; set; } = [];

    /// <summary>Only lines that prove by themselves that a pool of vectors or cookies ran dry.</summary>
    [Parameter]
    public SwitchParameter ExhaustionOnly { get; set; }

    /// <summary>Year of stamps that have none, as ESX 4 and syslog write them.</summary>
    [Parameter]
    [ValidateRange(1, 9999)]
    public int? Year { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _query = new LogQuery
        {
            After = After,
            Before = Before,
            Kinds = Kind,
            Devices = [.. Device.Select(ParseDevice)],
            ExhaustionOnly = ExhaustionOnly,
            Year = Year,
        };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == InputObjectSet)
        {
            _lines ??= new LogLineParser(_query);
            foreach (var line in InputObject.Length == 0 ? [""] : Text.TextFile.SplitLines(InputObject)) WriteObject(_lines.Read(line), enumerateCollection: true);
            return;
        }

        var isLiteral = ParameterSetName == LiteralPathSet;
        var files = new List<string>();
        foreach (var path in this.ResolveFiles(isLiteral ? LiteralPath : Path, isLiteral)) Guard(() => files.AddRange(Expand(path)), path);
        foreach (var file in LogFiles.InOrder(files)) Guard(() => ReadFile(file), file);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_lines is { Undated: > 0 }) Report(new LogDiagnostic(LogErrors.UndatedSkipped.For(null, "the piped text", _lines.Undated), false));
    }

    private IReadOnlyList<string> Expand(string path)
    {
        if (!Directory.Exists(path)) return [path];
        var found = LogFiles.Find(path, Report);
        return found.Count > 0 ? found : throw LogErrors.NoneFound.For(path, path);
    }

    private void ReadFile(string file)
    {
        try
        {
            foreach (var found in LogReader.Read(file, _query, Report, progress => Report(file, progress), StopToken)) WriteObject(found);
        }
        finally
        {
            if (_hasProgress) WriteProgress(new ProgressRecord(0, "Reading logs", file) { RecordType = ProgressRecordType.Completed });
            _hasProgress = false;
        }
    }

    private void Report(LogDiagnostic diagnostic)
    {
        if (diagnostic.IsLoss) WriteError(diagnostic.Problem.ToErrorRecord());
        else WriteWarning(diagnostic.Problem.Message);
    }

    private void Report(string file, LogProgress progress)
    {
        if (_sinceProgress.ElapsedMilliseconds < ProgressMilliseconds) return;
        _sinceProgress.Restart();
        _hasProgress = true;
        var percent = progress.Length is > 0 and { } length ? (int)Math.Min(100, progress.Position * 100 / length) : -1;
        WriteProgress(new ProgressRecord(0, "Reading logs", file) { PercentComplete = percent, CurrentOperation = $"{progress.Lines} lines" });
    }

    private PciAddress ParseDevice(string text)
    {
        if (!LogAddress.TryParse(text, out var address)) ThrowTerminatingError(LogErrors.DeviceInvalid.For(text, text).ToErrorRecord(text));
        return address;
    }
}
