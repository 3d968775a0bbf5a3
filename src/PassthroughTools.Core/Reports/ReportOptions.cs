namespace PassthroughTools.Reports;

/// <summary>How a report is written down.</summary>
public enum ReportFormat
{
    /// <summary>One self-contained page for people.</summary>
    Html,

    /// <summary>Everything, by docs/report-schema.json.</summary>
    Json,

    /// <summary>A row for each pool of each host.</summary>
    Csv,

    /// <summary>Metrics for the textfile collector of Prometheus's node exporter.</summary>
    Prometheus,
}

/// <summary>What a report is asked to hold.</summary>
public sealed record ReportOptions
{
    /// <summary>Heading of the report.</summary>
    public string Title { get; init; } = "Passthrough interrupt vectors";

    /// <summary>Vectors that should be left in every pool.</summary>
    public int Headroom { get; init; }

    /// <summary>True to count the devices of VMs that are off.</summary>
    public bool IncludePoweredOff { get; init; }

    /// <summary>True to make a plan for each host that exceeds a pool.</summary>
    public bool IncludePlan { get; init; }

    /// <summary>Log lines that are kept for each host; the latest failures come before the latest requests.</summary>
    public int MostEvents { get; init; } = 40;
}
