namespace PassthroughTools.Logs;

/// <summary>What a log line says about interrupts or passthrough devices.</summary>
public enum LogEventKind
{
    /// <summary>A vector pool is empty (<c>IntrVector: Out of interrupt vectors</c>).</summary>
    OutOfVectors,

    /// <summary>A request stopped at the vector with this index (<c>MSI: Couldn't allocate a vector number</c>).</summary>
    VectorAllocationFailed,

    /// <summary>A passthrough device's request failed (<c>VMKPCIPassthru: Failed to allocate</c>).</summary>
    PassthruAllocationFailed,

    /// <summary>A passthrough device asks for vectors (<c>VMKPCIPassthru: BDF = … numVectors</c>); by itself no failure.</summary>
    PassthruRequest,

    /// <summary>A host driver's request failed (<c>VMK_PCI: … failed to allocate</c>).</summary>
    DriverAllocationFailed,

    /// <summary>A host driver was granted interrupts (<c>VMK_PCI: … allocated</c>).</summary>
    Allocation,

    /// <summary>A host driver asks for interrupts (<c>numDesired</c>, <c>numRequired</c>).</summary>
    AllocationRequest,

    /// <summary>One vector was placed on a CPU (<c>Allocated vector … on CPU</c>).</summary>
    VectorAssigned,

    /// <summary>The hardware's MSI-X table size (<c>control: …, table size</c>).</summary>
    MsiXTableSize,

    /// <summary>Interrupts were given back (<c>Freeing … cookie(s)</c>).</summary>
    Release,

    /// <summary>The host's interrupt cookies are used up (<c>Unable to find a free interrupt number</c>).</summary>
    CookiesExhausted,

    /// <summary>The VM could not register an interrupt (<c>failed to register interrupt</c>): vectors or cookies.</summary>
    InterruptRegistrationFailed,

    /// <summary>A vmklinux driver got no interrupt (<c>Interrupt allocation failed with</c>).</summary>
    LinuxDriverAllocationFailed,

    /// <summary>Not exhaustion: an interrupt on a vector that nobody owns (interrupt remapping is off).</summary>
    InvalidVector,

    /// <summary>Not exhaustion: a Linux guest enables MSI-X before it programs a vector (fixed in later ESXi patches).</summary>
    ZeroVectorMsiX,

    /// <summary>Not exhaustion: the VM's memory-mapped I/O window is too small.</summary>
    MmioLimitExceeded,

    /// <summary>Not exhaustion: a device's memory window.</summary>
    BarMapping,

    /// <summary>A passthrough device was set up for a VM.</summary>
    PassthruDeviceCreated,

    /// <summary>A passthrough device was taken down.</summary>
    PassthruDeviceDestroyed,

    /// <summary>Not exhaustion: the IOMMU refused an access of the device.</summary>
    IommuFault,

    /// <summary>The host's kernel started: what was allocated before counts no more.</summary>
    HostBoot,

    /// <summary>One vector was taken down (<c>Disabling vector … on dev</c>); the count for the device is in <see cref="Release"/>.</summary>
    VectorReleased,

    /// <summary>A vmklinux driver switched MSI-X on (<c>MSIX enabled for dev</c>); the line does not say how many vectors.</summary>
    LinuxDriverMsiXEnabled,
}
