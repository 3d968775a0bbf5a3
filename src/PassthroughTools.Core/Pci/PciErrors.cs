namespace PassthroughTools.Pci;

/// <summary>Errors about PCI addresses.</summary>
public static class PciErrors
{
    /// <summary>The text is no address in the notation that its source uses.</summary>
    public static readonly ErrorDefinition AddressInvalid = new(
        "PciAddressInvalid", ErrorKind.InvalidArgument,
        "'{0}' is not a PCI address in {1}.",
        "Write it as {2}.");

    /// <summary>The shape is right, a number is not.</summary>
    public static readonly ErrorDefinition AddressOutOfRange = new(
        "PciAddressOutOfRange", ErrorKind.InvalidArgument,
        "'{0}' has a number that no PCI address can have, read in {1}.",
        "A bus is at most 255 (ff), a device at most 31 (1f), a function at most 7, a segment at most 65535 (ffff). Check whether the numbers are meant in the other base; expected is {2}.");
}
