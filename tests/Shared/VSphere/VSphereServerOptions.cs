using System.Globalization;

namespace PassthroughTools.Tests;

/// <summary>What a vSphere server of the tests is started with; what is not set is the server's own default.</summary>
internal sealed record VSphereServerOptions
{
    /// <summary>File with the inventory. Without this, <see cref="InventoryJson"/> and <see cref="Hosts"/> it is the default one.</summary>
    public string? Inventory { get; init; }

    /// <summary>The inventory itself. Paths in it must be absolute.</summary>
    public string? InventoryJson { get; init; }

    /// <summary>Generate this many hosts.</summary>
    public int Hosts { get; init; }

    /// <summary>VMs over all generated hosts.</summary>
    public int VMs { get; init; }

    /// <summary>Clusters that the generated hosts are dealt to.</summary>
    public int Clusters { get; init; } = 1;

    /// <summary><c>valid</c>, <c>expired</c> or <c>wrong-name</c>.</summary>
    public string Certificate { get; init; } = "valid";

    /// <summary>HTTP without TLS.</summary>
    public bool Plain { get; init; }

    /// <summary>The bare simulator's behaviour: extraConfig appended, empty values kept, unsigned bus numbers.</summary>
    public bool Quirks { get; init; }

    /// <summary>Most objects in one answer of RetrievePropertiesEx.</summary>
    public int PageSize { get; init; }

    /// <summary>Most lines in one answer of BrowseDiagnosticLog.</summary>
    public int? LogLines { get; init; }

    /// <summary>How long a task runs.</summary>
    public TimeSpan? TaskTime { get; init; }

    /// <summary>How long a guest takes to shut down.</summary>
    public TimeSpan? ShutdownTime { get; init; }

    /// <summary>Idle time after which a session has expired.</summary>
    public TimeSpan? IdleTime { get; init; }

    /// <summary>Reported API version, such as <c>6.5</c>.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Refuse to start a VM whose devices want more vectors than its host has left.</summary>
    public bool ChecksVectors { get; init; }

    internal IEnumerable<string> Arguments(string? inventory)
    {
        yield return "-until-stdin-closes";
        if (inventory is not null) yield return "-inventory=" + inventory;
        if (Hosts > 0) yield return string.Create(CultureInfo.InvariantCulture, $"-hosts={Hosts}");
        if (VMs > 0) yield return string.Create(CultureInfo.InvariantCulture, $"-vms={VMs}");
        yield return string.Create(CultureInfo.InvariantCulture, $"-clusters={Clusters}");
        yield return "-certificate=" + Certificate;
        if (Plain) yield return "-plain";
        if (Quirks) yield return "-quirks";
        if (PageSize > 0) yield return string.Create(CultureInfo.InvariantCulture, $"-page-size={PageSize}");
        if (LogLines is { } lines) yield return string.Create(CultureInfo.InvariantCulture, $"-log-lines={lines}");
        if (TaskTime is { } task) yield return "-task-time=" + Duration(task);
        if (ShutdownTime is { } shutdown) yield return "-shutdown-time=" + Duration(shutdown);
        if (IdleTime is { } idle) yield return "-idle-time=" + Duration(idle);
        if (ApiVersion is not null) yield return "-api-version=" + ApiVersion;
        if (ChecksVectors) yield return "-check-vectors";
    }

    private static string Duration(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds}ms");
}

/// <summary>What the raw client of the benchmark fetched, and how long that took.</summary>
/// <param name="Hosts">Hosts in the answer.</param>
/// <param name="VMs">VMs in the answer.</param>
/// <param name="PciDevices">PCI devices of all hosts.</param>
/// <param name="FetchMs">Milliseconds of the fastest round: container view, properties of all hosts, properties of all VMs.</param>
internal sealed record VSphereRawFetch(int Hosts, int VMs, int PciDevices, double FetchMs);
