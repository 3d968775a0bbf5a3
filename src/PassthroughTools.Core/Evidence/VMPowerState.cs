namespace PassthroughTools.Evidence;

/// <summary>Power state of a virtual machine.</summary>
public enum VMPowerState
{
    /// <summary>Not known: the VM is counted as if it were on.</summary>
    Unknown,

    /// <summary>On.</summary>
    PoweredOn,

    /// <summary>Off.</summary>
    PoweredOff,

    /// <summary>Suspended: its devices are given back.</summary>
    Suspended,
}
