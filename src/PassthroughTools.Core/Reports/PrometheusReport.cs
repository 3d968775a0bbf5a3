using System.Globalization;
using PassthroughTools.Findings;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>
/// Gauges in Prometheus's text format. A figure that is not known has no sample: zero would be a lie, and an alert on an absent sample can be written.
/// </summary>
internal static class PrometheusReport
{
    /// <summary>Writes the metrics.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="report">Report.</param>
    public static void Write(TextWriter writer, FleetReport report)
    {
        var hosts = Label(report.Hosts);
        Pools(writer, hosts, "passthru_pool_capacity", "Vectors or cookies that the pool holds, best estimate.", pool => pool.Capacity);
        Pools(writer, hosts, "passthru_pool_host_use", "Vectors or cookies that the host's own devices take, best estimate.", pool => pool.HostUse);
        Pools(writer, hosts, "passthru_pool_demand", "Vectors or cookies that the passthrough devices ask for, best estimate.", pool => pool.Demand);
        Pools(writer, hosts, "passthru_pool_headroom", "Capacity less host use less demand; negative when short, absent when unknown.", pool => pool.Headroom);

        Head(writer, "passthru_host_verdict", "1 for the verdict that the host has, 0 for the others.");
        foreach (var (labels, host) in hosts)
        {
            foreach (var verdict in FleetReport.Verdicts)
                Sample(writer, "passthru_host_verdict", labels + ",verdict=\"" + verdict + "\"", host.Verdict == verdict ? 1 : 0);
        }

        Head(writer, "passthru_exhaustion_events", "Log lines since the last boot that prove that a pool ran dry; absent where no log was given.");
        foreach (var (labels, host) in hosts)
        {
            if (host.ExhaustionEvents is { } count) Sample(writer, "passthru_exhaustion_events", labels, count);
        }

        Head(writer, "passthru_findings", "Findings of a severity.");
        foreach (var (labels, host) in hosts)
        {
            foreach (var severity in new[] { FindingSeverity.Error, FindingSeverity.Warning, FindingSeverity.Information })
                Sample(writer, "passthru_findings", labels + ",severity=\"" + severity + "\"", host.Findings.Count(finding => finding.Severity == severity));
        }

        Head(writer, "passthru_evidence_timestamp_seconds", "When the host's evidence was collected, in seconds since 1970; absent when unknown.");
        foreach (var (labels, host) in hosts)
        {
            if (host.Budget.CollectedAt is { } collected) Sample(writer, "passthru_evidence_timestamp_seconds", labels, collected.ToUnixTimeSeconds());
        }

        Head(writer, "passthru_report_timestamp_seconds", "When the report was made, in seconds since 1970.");
        writer.Write("passthru_report_timestamp_seconds " + Number(report.GeneratedAt.ToUnixTimeSeconds()) + "\n");
    }

    /// <summary>A label's value, as the format escapes it.</summary>
    /// <param name="value">Value.</param>
    internal static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    /// <summary>
    /// Two samples with the same labels make the collector refuse the whole file, so the second host of a name gets a number. Leaving one of them out
    /// could hide the one that exceeds.
    /// </summary>
    private static List<(string Labels, HostReport Host)> Label(IReadOnlyList<HostReport> hosts)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var result = new List<(string Labels, HostReport Host)>();
        foreach (var host in hosts)
        {
            var name = Escape(host.HostName);
            seen.TryGetValue(name, out var earlier);
            seen[name] = earlier + 1;
            result.Add(("host=\"" + name + "\"" + (earlier == 0 ? "" : ",duplicate=\"" + Number(earlier + 1) + "\""), host));
        }

        return result;
    }

    private static void Pools(TextWriter writer, List<(string Labels, HostReport Host)> hosts, string metric, string help, Func<HostVectorPool, int?> figure)
    {
        Head(writer, metric, help);
        foreach (var (labels, host) in hosts)
        {
            foreach (var pool in host.Budget.Pools)
            {
                if (figure(pool) is { } value) Sample(writer, metric, labels + ",pool=\"" + pool.Pool + "\"", value);
            }
        }
    }

    private static void Head(TextWriter writer, string metric, string help) => writer.Write("# HELP " + metric + " " + help + "\n# TYPE " + metric + " gauge\n");

    private static void Sample(TextWriter writer, string metric, string labels, long value) => writer.Write(metric + "{" + labels + "} " + Number(value) + "\n");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
