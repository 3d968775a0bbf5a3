using System.Globalization;
using System.Text;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>
/// A row for each pool of each host, by RFC 4180. What is not known is an empty cell. A host whose pools are not known has one row without a pool, so
/// that it is not missed.
/// </summary>
internal static class CsvReport
{
    private static readonly string[] Columns =
    [
        "HostName", "Version", "CollectedAt", "HostVerdict", "Pool", "PoolVerdict", "Capacity", "HostUse", "Demand", "Headroom", "RequestedHeadroom",
        "CapacityProvenance", "HostUseProvenance", "DemandProvenance", "DemandMinimum", "DemandMaximum", "Arithmetic", "ExhaustionEvents", "Errors", "Warnings",
        "FirstReason",
    ];

    /// <summary>Writes the rows.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="report">Report.</param>
    public static void Write(TextWriter writer, FleetReport report)
    {
        writer.Write(string.Join(",", Columns) + "\r\n");
        foreach (var host in report.Hosts)
        {
            if (host.Budget.Pools.Count == 0) WriteRow(writer, host, null);
            foreach (var pool in host.Budget.Pools) WriteRow(writer, host, pool);
        }
    }

    /// <summary>
    /// A cell of text, always quoted. A spreadsheet takes a cell that starts with one of these for a formula, and one whose list separator is another
    /// starts cells in the middle of ours: an apostrophe before the character makes it text in either place.
    /// </summary>
    /// <param name="text">Text; null for nothing.</param>
    internal static string Quote(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var cell = new StringBuilder("\"", text!.Length + 8);
        var isStart = true;
        foreach (var each in text)
        {
            if (isStart && IsFormulaStart(each)) cell.Append('\'');
            isStart = each is ';' or ',' or '\t' or '\r' or '\n' or '"' || (isStart && char.IsWhiteSpace(each));
            if (each == '"') cell.Append('"');
            cell.Append(each);
        }

        return cell.Append('"').ToString();
    }

    private static bool IsFormulaStart(char each) => each is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20';

    private static void WriteRow(TextWriter writer, HostReport host, HostVectorPool? pool)
    {
        string[] cells =
        [
            Quote(host.HostName), Quote(host.Budget.Version?.ToString()), Quote(ReportWords.Time(host.Budget.CollectedAt)), Quote(host.Verdict.ToString()),
            Quote(pool?.Pool.ToString()), Quote(pool?.Verdict.ToString()), Number(pool?.Capacity), Number(pool?.HostUse), Number(pool?.Demand), Number(pool?.Headroom),
            Number(pool?.RequestedHeadroom), Quote(pool?.CapacityFigure.Provenance.ToString()), Quote(pool?.HostUseFigure.Provenance.ToString()),
            Quote(pool?.DemandFigure.Provenance.ToString()), Number(pool?.DemandFigure.Minimum), Number(pool?.DemandFigure.Maximum), Quote(pool?.Arithmetic),
            Number(host.ExhaustionEvents), Number(host.Findings.Count(finding => finding.Severity == Findings.FindingSeverity.Error)),
            Number(host.Findings.Count(finding => finding.Severity == Findings.FindingSeverity.Warning)), Quote(host.Budget.Reasons.Count > 0 ? host.Budget.Reasons[0] : null),
        ];
        writer.Write(string.Join(",", cells) + "\r\n");
    }

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
