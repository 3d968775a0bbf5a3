using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Logs;

namespace PassthroughTools.Vectors;

/// <summary>The answer for one host: does what its passthrough devices ask for fit into every pool that applies?</summary>
public sealed record HostVectorBudget
{
    /// <summary>Host.</summary>
    public required string HostName { get; init; }

    /// <summary>ESXi version; null when unknown.</summary>
    public EsxVersion? Version { get; init; }

    /// <summary>The worst verdict of the pools, <see cref="BudgetVerdict.Unknown"/> where one is missing.</summary>
    public required BudgetVerdict Verdict { get; init; }

    /// <summary>A row for each pool that applies to the version.</summary>
    public required IReadOnlyList<HostVectorPool> Pools { get; init; }

    /// <summary>A row for each passthrough device and virtual function.</summary>
    public required IReadOnlyList<VectorDemand> Devices { get; init; }

    /// <summary>The verdict in words, most important first.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Log lines that prove a pool ran dry since the last boot.</summary>
    public IReadOnlyList<PassthruLogEvent> Exhaustions { get; init; } = [];

    /// <summary>Log lines that look like exhaustion and are not.</summary>
    public IReadOnlyList<PassthruLogEvent> LookAlikes { get; init; } = [];

    /// <summary>Evidence that was not given and could change the answer.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>When the evidence was collected.</summary>
    public DateTimeOffset? CollectedAt { get; init; }

    /// <summary>What the budget was worked out from, so that a budget can be piped on to a plan.</summary>
    public HostEvidence? Evidence { get; init; }

    /// <summary>The host at its vSphere server; null where it was read from elsewhere. With <see cref="Source"/> it leads back to the host after remoting, which keeps no evidence.</summary>
    public Vim.VimTarget? Vim => Evidence?.Vim;

    /// <summary>Folder, archive or server that the evidence is from.</summary>
    public string? Source => Evidence?.Source;

    /// <summary>The budget as text, the way the module's default view prints it.</summary>
    /// <param name="width">Columns of the console.</param>
    public string ToText(int width = 100) => Reports.BudgetText.Render(this, width);

    /// <inheritdoc/>
    public override string ToString() => HostName + ": " + Verdict;
}
