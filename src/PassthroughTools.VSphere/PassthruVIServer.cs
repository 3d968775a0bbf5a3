namespace PassthroughTools.VSphere;

/// <summary>A connection to a vSphere server, as it is shown: no session, no secret.</summary>
/// <param name="Server">Name, with a port if it is not 443.</param>
/// <param name="User">User of the session.</param>
public sealed record PassthruVIServer(string Server, string User)
{
    /// <summary>API version, such as 8.0.3.0.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Product: VMware vCenter Server, VMware ESXi.</summary>
    public string? Product { get; init; }

    /// <summary>Version of the product.</summary>
    public string? Version { get; init; }

    /// <summary>Build of the product.</summary>
    public string? Build { get; init; }

    /// <summary>Identifies the vCenter whatever name it is reached by.</summary>
    public string? InstanceUuid { get; init; }

    /// <summary>Whether it is a vCenter rather than a single host.</summary>
    public bool IsVirtualCenter { get; init; }

    /// <summary>When the session began.</summary>
    public DateTimeOffset ConnectedAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Server;
}
