namespace PassthroughTools.Vmx;

/// <summary>
/// What <c>pciPassthruN.msiEnabled</c> asks of the physical device. It is a wish: <see cref="IoApic"/> has an effect only where the guest's own
/// driver runs line-based interrupts.
/// </summary>
public enum PassthruMsiMode
{
    /// <summary>The key is absent, which VMware documents as TRUE.</summary>
    Default,

    /// <summary><c>TRUE</c>: message-signalled interrupts.</summary>
    Msi,

    /// <summary><c>FALSE</c>: interrupts through the IOAPIC.</summary>
    IoApic,

    /// <summary>The key has a value that is neither TRUE nor FALSE, or two that contradict each other.</summary>
    Unknown,
}
