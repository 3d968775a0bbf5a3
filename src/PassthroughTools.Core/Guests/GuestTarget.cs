namespace PassthroughTools.Guests;

/// <summary>How a guest is reached.</summary>
public enum GuestRoute
{
    /// <summary>The machine itself.</summary>
    Local,

    /// <summary>PowerShell remoting; the name is the computer's.</summary>
    Remoting,

    /// <summary>VMware Tools; the name is the VM's identifier in vCenter (<c>VirtualMachine-vm-48</c>), or its name where there is none.</summary>
    Tools,
}

/// <summary>
/// A guest and the way to it, as text: <c>guest://local/NAME</c>, <c>guest://remoting/NAME</c>, <c>guest://tools/NAME</c>, the name percent-encoded.
/// Plans and journals hold it where they hold the path of an export otherwise.
/// </summary>
/// <param name="Route">Way.</param>
/// <param name="Name">Machine, computer or VM; case does not matter.</param>
public sealed record GuestTarget(GuestRoute Route, string Name)
{
    private const string Scheme = "guest://";

    /// <summary>Whether a container of a plan or a journal is a guest rather than a file.</summary>
    /// <param name="container">Container.</param>
    public static bool IsGuest(string? container) => container?.StartsWith(Scheme, StringComparison.Ordinal) == true;

    /// <summary>Reads the text form.</summary>
    /// <param name="container">Text.</param>
    /// <exception cref="PassthruException"><see cref="GuestErrors.TargetUnknown"/>.</exception>
    public static GuestTarget Parse(string container)
    {
        var parts = IsGuest(container) ? container.Substring(Scheme.Length).Split('/') : [];
        return parts.Length == 2 && parts[1].Length > 0 && parts[0].All(char.IsLetter) && Enum.TryParse<GuestRoute>(parts[0], ignoreCase: true, out var route)
            ? new GuestTarget(route, Uri.UnescapeDataString(parts[1]))
            : throw GuestErrors.TargetUnknown.For(container, container);
    }

    /// <inheritdoc/>
    public bool Equals(GuestTarget? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <inheritdoc/>
    public override string ToString()
    {
        // Names are not sensitive to case; a vCenter identifier is, and has but one spelling.
        var name = Route == GuestRoute.Tools ? Name : Name.ToLowerInvariant();
        return Scheme + Route.ToString().ToLowerInvariant() + "/" + Uri.EscapeDataString(name);
    }
}
