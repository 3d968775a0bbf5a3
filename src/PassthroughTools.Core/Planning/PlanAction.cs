namespace PassthroughTools.Planning;

/// <summary>What a plan does with a device. The order is the order of preference among options that are equally good.</summary>
public enum PlanAction
{
    /// <summary>Nothing is changed.</summary>
    Keep = 0,

    /// <summary>The guest's <c>MessageNumberLimit</c> is lowered; the device keeps MSI or MSI-X.</summary>
    MessageLimit = 1,

    /// <summary>The guest gives up MSI and MSI-X.</summary>
    MsiOff = 2,

    /// <summary>The guest gives up MSI and MSI-X, and the VM's configuration puts the device on the IOAPIC.</summary>
    IoApic = 3,
}
