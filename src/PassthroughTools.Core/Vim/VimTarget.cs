namespace PassthroughTools.Vim;

/// <summary>An object of a certain server, as a text that can be kept: <c>vsphere://vcenter.example.com/VirtualMachine-vm-48</c>.</summary>
/// <param name="Server">Address as in <see cref="IVimSession.Server"/>: name or name:port.</param>
/// <param name="Reference">Object.</param>
public sealed record VimTarget(string Server, ManagedObject Reference)
{
    private const string Scheme = "vsphere://";

    /// <summary>Reads the text back.</summary>
    /// <param name="text">Text.</param>
    /// <returns>Null where it is no such text.</returns>
    public static VimTarget? TryParse(string? text)
    {
        if (text is null || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var cut = text.IndexOf('/', Scheme.Length);
        return cut > Scheme.Length && ManagedObject.TryParse(text.Substring(cut + 1)) is { } reference
            ? new VimTarget(text.Substring(Scheme.Length, cut - Scheme.Length), reference)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Scheme + Server + "/" + Reference;
}
