namespace PassthroughTools.Vim;

/// <summary>How evidence is read from a vSphere server.</summary>
public sealed record VimEvidenceOptions
{
    /// <summary>Reads each connected host's vmkernel log as well, which costs requests for each host.</summary>
    public bool IncludeLog { get; init; }

    /// <summary>Asks each host as well how many passthrough devices a VM may have, which costs a request for each.</summary>
    public bool IncludeLimits { get; init; }

    /// <summary>The newest lines of the log to read; null for all.</summary>
    public int? MostLogLines { get; init; }

    /// <summary>Hosts that are asked for at once. Their VMs are asked for at once, too; more at once take more memory and fewer requests.</summary>
    public int HostsAtOnce { get; init; } = 100;

    /// <summary>Hears of what failed for one host: <see cref="VimErrors"/>; the others go on.</summary>
    public Action<PassthruException>? OnError { get; init; }

    /// <summary>Hears of hosts that are done, and of how many there are.</summary>
    public Action<int, int>? OnProgress { get; init; }
}
