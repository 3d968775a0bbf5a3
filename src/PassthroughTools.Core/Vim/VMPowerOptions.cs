namespace PassthroughTools.Vim;

/// <summary>How long VMs may take to go down and to come back.</summary>
public sealed record VMPowerOptions
{
    /// <summary>Longest wait for a guest that was asked to shut down.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest wait for VMware Tools after a start.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most VMs that are down, or on their way down or up, at one time.</summary>
    public int ThrottleLimit { get; init; } = 1;

    /// <summary>Time between two looks at the power state.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);
}
