using System.Text;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>A report on any number of hosts, problems first.</summary>
public sealed record FleetReport
{
    /// <summary>What was asked.</summary>
    public required ReportOptions Options { get; init; }

    /// <summary>Hosts: those that exceed a pool, those not known, those that are tight, those that fit; then by log lines, findings and name.</summary>
    public required IReadOnlyList<HostReport> Hosts { get; init; }

    /// <summary>When the report was made.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Version of the module that made it.</summary>
    public string GeneratorVersion { get; init; } = typeof(FleetReport).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Verdicts, problems first.</summary>
    public static IReadOnlyList<BudgetVerdict> Verdicts { get; } = [BudgetVerdict.Exceeds, BudgetVerdict.Unknown, BudgetVerdict.Tight, BudgetVerdict.Fits];

    /// <summary>Names that more than one host of the report has.</summary>
    public IReadOnlyList<string> SharedNames =>
        [.. Hosts.GroupBy(host => host.HostName, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)];

    /// <summary>Puts hosts in order.</summary>
    /// <param name="hosts">Hosts.</param>
    /// <param name="options">What was asked; defaults when null.</param>
    /// <param name="generatedAt">When; now when null.</param>
    public static FleetReport Create(IEnumerable<HostReport> hosts, ReportOptions? options = null, DateTimeOffset? generatedAt = null) => new()
    {
        Options = options ?? new ReportOptions(),
        GeneratedAt = (generatedAt ?? DateTimeOffset.UtcNow).ToUniversalTime(),
        Hosts =
        [
            .. hosts
                .OrderBy(host => HostReport.Rank(host.Verdict))
                .ThenByDescending(host => host.ExhaustionEvents ?? 0)
                .ThenByDescending(host => host.Findings.Count == 0 ? -1 : (int)host.Findings[0].Severity)
                .ThenBy(host => host.HostName, StringComparer.OrdinalIgnoreCase),
        ],
    };

    /// <summary>How many hosts have a verdict.</summary>
    /// <param name="verdict">Verdict.</param>
    public int Count(BudgetVerdict verdict) => Hosts.Count(host => host.Verdict == verdict);

    /// <summary>The format that a file's extension stands for; <see cref="ReportFormat.Html"/> for one that stands for none.</summary>
    /// <param name="path">File.</param>
    public static ReportFormat FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JSON" => ReportFormat.Json,
        ".CSV" => ReportFormat.Csv,
        ".PROM" => ReportFormat.Prometheus,
        _ => ReportFormat.Html,
    };

    /// <summary>Writes the report as UTF-8; with a byte-order mark only for CSV, which Excel reads in the machine's code page without one.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="format">Format.</param>
    public void Write(Stream stream, ReportFormat format)
    {
        if (format == ReportFormat.Json)
        {
            JsonReport.Write(stream, this);
            return;
        }

        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: format == ReportFormat.Csv), 1 << 16, leaveOpen: true);
        writer.NewLine = format == ReportFormat.Csv ? "\r\n" : "\n";
        Write(writer, format);
    }

    /// <summary>Writes the report as text.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="format">Format.</param>
    public void Write(TextWriter writer, ReportFormat format)
    {
        switch (format)
        {
            case ReportFormat.Html:
                new HtmlReport(writer).Write(this);
                break;
            case ReportFormat.Csv:
                CsvReport.Write(writer, this);
                break;
            case ReportFormat.Prometheus:
                PrometheusReport.Write(writer, this);
                break;
            default:
                using (var buffer = new MemoryStream())
                {
                    JsonReport.Write(buffer, this);
                    writer.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
                }

                break;
        }
    }
}
