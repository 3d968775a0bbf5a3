namespace PassthroughTools.Host;

/// <summary>A row of <c>esxcli system settings kernel list</c>.</summary>
/// <param name="Name">Setting, such as maxIntrCookies.</param>
/// <param name="Type">Type as printed.</param>
/// <param name="Configured">Value after the next boot; null when blank.</param>
/// <param name="Runtime">Value now; null when blank.</param>
/// <param name="Default">Value of a new installation; null when blank.</param>
/// <param name="Description">ESXi's own words.</param>
public sealed record KernelSetting(string Name, string? Type, string? Configured, string? Runtime, string? Default, string? Description)
{
    /// <summary>True when the configured value takes effect only after a reboot.</summary>
    public bool RebootPending => Configured is not null && Runtime is not null && !string.Equals(Configured, Runtime, StringComparison.OrdinalIgnoreCase);
}
