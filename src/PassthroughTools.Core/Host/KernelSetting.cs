namespace PassthroughTools.Host;

/// <summary>A row of <c>esxcli system settings kernel list</c>.</summary>
/// <param name="Name">Setting, such as maxIntrCookies.</param>
/// <param name="Type">Type as printed.</param>
/// <param name="Configured">Value after the next boot; null when blank or unreadable.</param>
/// <param name="Runtime">Value now; null when blank or unreadable.</param>
/// <param name="Default">Value of a new installation; null when blank or unreadable.</param>
/// <param name="Description">ESXi's own words.</param>
public sealed record KernelSetting(string Name, string? Type, string? Configured, string? Runtime, string? Default, string? Description)
{
    /// <summary>True when the configured value takes effect only after a reboot.</summary>
    public bool RebootPending => Configured is not null && Runtime is not null && !AreEqual(Configured, Runtime);

    /// <summary><see cref="Configured"/> as a number (decimal or 0x); null when it is none.</summary>
    public long? ConfiguredNumber => HostText.Number(Configured);

    /// <summary><see cref="Runtime"/> as a number (decimal or 0x); null when it is none.</summary>
    public long? RuntimeNumber => HostText.Number(Runtime);

    /// <summary>File that the row was read from; null for piped text.</summary>
    public string? Source { get; init; }

    /// <summary>1-based line of the row.</summary>
    public int Line { get; init; }

    /// <summary>What was odd about the row, such as lost alignment.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    // ESXi 5.x prints "true" configured and "TRUE" at run time; a number may be written in two bases.
    private static bool AreEqual(string one, string other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase) || (HostText.Number(one) is { } number && number == HostText.Number(other));

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Configured ?? Runtime ?? "?"}";
}
