namespace PassthroughTools.Vim;

/// <summary>Names an object of a vSphere server, such as <c>HostSystem-host-21</c>. It means something only together with its server.</summary>
/// <param name="Type">Type as the API calls it: HostSystem, VirtualMachine, Folder …</param>
/// <param name="Value">Identifier that the server gave it.</param>
public readonly record struct ManagedObject(string Type, string Value)
{
    /// <summary>Reads <c>Type-Value</c>, as PowerCLI prints it.</summary>
    /// <param name="text">Text; the first hyphen separates.</param>
    /// <returns>Null where it is no such text.</returns>
    public static ManagedObject? TryParse(string? text)
    {
        var cut = text?.IndexOf('-') ?? -1;
        return cut > 0 && cut < text!.Length - 1 ? new ManagedObject(text.Substring(0, cut), text.Substring(cut + 1)) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Type + "-" + Value;
}
