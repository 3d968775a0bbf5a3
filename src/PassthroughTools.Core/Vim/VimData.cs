namespace PassthroughTools.Vim;

/// <summary>
/// Properties of a data object or a managed object, by the API's own names (<c>vendorId</c>), whatever it was read through: our client's XML or
/// the objects of PowerCLI. A name may be a path (<c>config.hardware.device</c>). What is absent is null, or an empty list. Numbers come as the
/// API types them: a PCI bus is a signed byte and a vendor a signed short, so callers mask.
/// </summary>
public abstract class VimData
{
    /// <summary>Type as the API calls it, without a namespace: VirtualPCIPassthrough. Empty where the source does not tell.</summary>
    public abstract string TypeName { get; }

    /// <summary>Text or enumeration value.</summary>
    /// <param name="path">Name or path.</param>
    public abstract string? Text(string path);

    /// <summary>Whole number; null where it is absent or none.</summary>
    /// <param name="path">Name or path.</param>
    public abstract long? Number(string path);

    /// <summary>Boolean.</summary>
    /// <param name="path">Name or path.</param>
    public abstract bool? Flag(string path);

    /// <summary>Point in time.</summary>
    /// <param name="path">Name or path.</param>
    public abstract DateTimeOffset? Time(string path);

    /// <summary>Nested data object.</summary>
    /// <param name="path">Name or path.</param>
    public abstract VimData? Data(string path);

    /// <summary>Array of data objects.</summary>
    /// <param name="path">Name or path.</param>
    public abstract IReadOnlyList<VimData> List(string path);

    /// <summary>Array of texts.</summary>
    /// <param name="path">Name or path.</param>
    public abstract IReadOnlyList<string> Texts(string path);

    /// <summary>Reference to a managed object.</summary>
    /// <param name="path">Name or path.</param>
    public abstract ManagedObject? Reference(string path);

    /// <summary>Array of references.</summary>
    /// <param name="path">Name or path.</param>
    public abstract IReadOnlyList<ManagedObject> References(string path);
}
