using PassthroughTools.Pci;

namespace PassthroughTools.Logs;

/// <summary>What the message of one line says, before anything is allocated for it.</summary>
internal ref struct LogMessage
{
    public LogEventKind Kind;
    public ReadOnlySpan<byte> Device;
    public int? Vectors;
    public int? VectorsRequired;
    public int? Index;
    public InterruptMode Mode;
    public int? TypeCode;
    public int? VectorCpu;
    public int? VectorNumber;
    public long? Code;

    /// <summary>Two further numbers for the meaning: pages needed and allowed, size and index of a window.</summary>
    public long First;

    /// <inheritdoc cref="First"/>
    public long Second;

    /// <summary>Words of the line that the meaning repeats.</summary>
    public ReadOnlySpan<byte> Detail;

    /// <summary>
    /// True when the line proves by itself that a pool of vectors or cookies ran dry. A host driver's failure
    /// (<see cref="LogEventKind.DriverAllocationFailed"/>) does not: the only sample is from an ARM host, where the platform's lack of MSI does the same.
    /// Neither does a failed registration, which follows from vectors as well as from cookies, nor a refused INTx line, which could be shared.
    /// </summary>
    public readonly bool IsExhaustion => Kind switch
    {
        LogEventKind.OutOfVectors or LogEventKind.VectorAllocationFailed or LogEventKind.CookiesExhausted => true,
        LogEventKind.PassthruAllocationFailed => Mode is InterruptMode.Msi or InterruptMode.MsiX,
        _ => false,
    };
}
