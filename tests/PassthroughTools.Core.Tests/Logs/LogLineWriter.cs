using System.Globalization;
using CsCheck;
using PassthroughTools.Logs;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Logs;

/// <summary>What a generated prefix says.</summary>
internal sealed record PrefixCase(string Text, DateTimeOffset? Time, TimeSpan? Uptime, long? World, int? Year = null);

/// <summary>What a generated message says.</summary>
internal sealed record MessageCase(string Text, LogEventKind Kind)
{
    public PciAddress? Device { get; init; }
    public string? DeviceText { get; init; }
    public int? Vectors { get; init; }
    public int? Required { get; init; }
    public int? Index { get; init; }
    public InterruptMode Mode { get; init; }
    public int? TypeCode { get; init; }
    public int? Cpu { get; init; }
    public int? Number { get; init; }
    public long? Code { get; init; }
    public bool IsExhaustion { get; init; }
}

/// <summary>Writes log lines of every prefix family and every message, and knows what must be read back.</summary>
internal static class LogLineWriter
{
    private static readonly Gen<DateTimeOffset> s_times =
        Gen.Long[new DateTime(2005, 1, 1).Ticks / 10_000, new DateTime(2040, 1, 1).Ticks / 10_000].Select(ms => new DateTimeOffset(ms * 10_000, TimeSpan.Zero));

    private static readonly Gen<long> s_worlds = Gen.Long[1024, 1L << 33];
    private static readonly Gen<int> s_cpus = Gen.Int[1, 1023]; // CPU 0 is for early boot

    /// <summary>Prefix families by name.</summary>
    public static IReadOnlyDictionary<string, Gen<PrefixCase>> Prefixes { get; } = new Dictionary<string, Gen<PrefixCase>>
    {
        ["ESX 4 syslog with uptime"] = Make((t, c, w) => new(
            $"{Syslog(t)} groucho vmkernel: 3:{t:HH:mm:ss.fff} cpu{c}:{w})", null, TimeSpan.FromDays(3) + Millis(t).TimeOfDay, w)),
        ["ESX 4 syslog with uptime, year known"] = Make((t, c, w) => new(
            $"{Syslog(t)} groucho vmkernel: 0:{t:HH:mm:ss.fff} cpu{c}:{w})", Seconds(t), Millis(t).TimeOfDay, w, t.Year)),
        ["ESXi 5 to 7"] = Make((t, c, w) => new($"{Iso(t)} cpu{c}:{w})", Millis(t), null, w)),
        ["ESXi with opID"] = Make((t, c, w) => new($"{Iso(t)} cpu{c}:{w} opID=be121f44)", Millis(t), null, w)),
        ["ESXi 8"] = Make((t, c, w) => new($"{Iso(t)} In(182) vmkernel: cpu{c}:{w})", Millis(t), null, w)),
        ["ESXi 8 warning"] = Make((t, c, w) => new($"{Iso(t)} Wa(180) vmkwarning: cpu{c}:{w})WARNING: ", Millis(t), null, w)),
        ["ESXi 8 alert"] = Make((t, c, w) => new($"{Iso(t)} Al(177) vmkalert: cpu{c}:{w})ALERT: ", Millis(t), null, w)),
        ["ESXi 8 without CPU and milliseconds"] = Make((t, _, _) => new($"{t:yyyy-MM-dd'T'HH:mm:ss'Z'} In(182) vmkernel: ", Seconds(t), null, null)),
        ["ESXi 8 with opID"] = Make((t, c, w) => new($"{Iso(t)} In(182) vmkernel: cpu{c}:{w} opID=1f-2e)", Millis(t), null, w)),
        ["microseconds"] = Make((t, c, w) => new($"{t:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'} In(182) vmkernel: cpu{c}:{w})", t, null, w)),
        ["vmware.log 6"] = Make((t, _, _) => new($"{Iso(t)}| vmx| I125: ", Millis(t), null, null)),
        ["vmware.log 7"] = Make((t, _, _) => new($"{Iso(t)}| vcpu-0| | I005: ", Millis(t), null, null)),
        ["vmware.log 8"] = Make((t, _, _) => new($"{Iso(t)} In(05) vmx - ", Millis(t), null, null)),
        ["vmware.log with offset"] = Make((t, _, _) => new($"{t.ToOffset(TimeSpan.FromMinutes(-210)):yyyy-MM-dd'T'HH:mm:ss.fffzzz}| vmx| I125: ", Millis(t), null, null)),
        ["masked by a KB article"] = Make((_, c, w) => new($"[YYYY-MM-DDTHH:MM:SS] cpu{c}:{w})", null, null, w)),
        ["bracketed"] = Make((t, c, w) => new($"[{t:yyyy-MM-dd'T'HH:mm:ss}] cpu{c}:{w})", Seconds(t), null, w)),
        ["remote syslog, ESXi's own stamp"] = Make((t, c, w) => new($"<181>{Iso(t)} esx01.lab vmkernel: cpu{c}:{w})", Millis(t), null, w)),
        ["remote syslog, RFC 3164"] = Make((t, c, w) => new($"<14>{Syslog(t)} esx01 vmkernel: cpu{c}:{w})", null, null, w)),
        ["remote syslog, RFC 3164, year known"] = Make((t, c, w) => new($"<14>{Syslog(t)} esx01 vmkernel: cpu{c}:{w})", Seconds(t), null, w, t.Year)),
        ["remote syslog, RFC 3164 around ESXi's stamp"] = Make((t, c, w) => new(
            $"<14>{Syslog(t)} esx01 vmkernel: {Iso(t)} cpu{c}:{w})", Millis(t), null, w)),
        ["remote syslog, RFC 5424"] = Make((t, c, w) => new($"<14>1 {Iso(t)} esx01 vmkernel 2097768 - - cpu{c}:{w})", Millis(t), null, w)),
        ["remote syslog, RFC 5424 around ESXi 8"] = Make((t, c, w) => new(
            $"<14>1 {Iso(t.AddHours(1))} esx01 vmkernel - - - {Iso(t)} In(182) vmkernel: cpu{c}:{w})", Millis(t), null, w)),
        ["none"] = Gen.Const(new PrefixCase("", null, null, null)),
        ["unknown"] = Gen.Const(new PrefixCase("something new | ", null, null, null)),
    };

    /// <summary>Messages by name.</summary>
    public static IReadOnlyDictionary<string, Gen<MessageCase>> Messages { get; } = new Dictionary<string, Gen<MessageCase>>
    {
        ["out of vectors"] = Body((l, d, t, n, m) => new($"IntrVector: {l}: Out of interrupt vectors", LogEventKind.OutOfVectors) { IsExhaustion = true }),
        ["vector refused"] = Body((l, d, t, n, m) => new($"MSI: {l}: Couldn't allocate a vector number {n} for device {t}", LogEventKind.VectorAllocationFailed)
        { Device = d, DeviceText = t, Index = n, IsExhaustion = true }),
        ["passthrough refused"] = Body((l, d, t, n, m) => new($"VMKPCIPassthru: {l}: Failed to allocate {n} MSIX vectors", LogEventKind.PassthruAllocationFailed)
        { Vectors = n, Mode = InterruptMode.MsiX, IsExhaustion = true }),
        ["passthrough refused MSI"] = Body((l, d, t, n, m) => new($"VMKPCIPassthru: {l}: Failed to allocate {n} MSI vectors", LogEventKind.PassthruAllocationFailed)
        { Vectors = n, Mode = InterruptMode.Msi, IsExhaustion = true }),
        ["passthrough refused INTx"] = Body((l, d, t, n, m) => new($"VMKPCIPassthru: {l}: Failed to allocate {n} INTx vectors", LogEventKind.PassthruAllocationFailed)
        { Vectors = n, Mode = InterruptMode.IntX }),
        ["passthrough request"] = Body((l, d, t, n, m) => new($"VMKPCIPassthru: {l}: BDF = {t} intrType = 4 numVectors: {n}", LogEventKind.PassthruRequest)
        { Device = d, DeviceText = t, Vectors = n, TypeCode = 4, Mode = InterruptMode.MsiX }),
        ["passthrough request of unknown type"] = Body((l, d, t, n, m) => new($"VMKPCIPassthru: {l}: BDF = vf_name intrType = {m + 5} numVectors: {n}", LogEventKind.PassthruRequest)
        { DeviceText = "vf_name", Vectors = n, TypeCode = m + 5 }),
        ["driver refused"] = Body((l, d, t, n, m) => new($"VMK_PCI: {l}: device {t} failed to allocate {n} MSIX vectors", LogEventKind.DriverAllocationFailed)
        { Device = d, DeviceText = t, Vectors = n, Mode = InterruptMode.MsiX }),
        ["allocated"] = Body((l, d, t, n, m) => new($"VMK_PCI: {l}: {t}: allocated {n} MSIX interrupts", LogEventKind.Allocation)
        { Device = d, DeviceText = t, Vectors = n, Mode = InterruptMode.MsiX }),
        ["device allocated"] = Body((l, d, t, n, m) => new($"VMK_PCI: {l}: device {t} allocated {n} MSIX interrupts", LogEventKind.Allocation)
        { Device = d, DeviceText = t, Vectors = n, Mode = InterruptMode.MsiX }),
        ["allocated MSI"] = Body((l, d, t, n, m) => new($"VMK_PCI: {l}: {t}: allocated 1 MSI interrupt", LogEventKind.Allocation)
        { Device = d, DeviceText = t, Vectors = 1, Mode = InterruptMode.Msi }),
        ["asked"] = Body((l, d, t, n, m) => new($"MSI: {l}: {t}: MSIX interrupts numDesired {n}, numRequired {m}, intrVirt unsupported", LogEventKind.AllocationRequest)
        { Device = d, DeviceText = t, Vectors = n, Required = m, Mode = InterruptMode.MsiX }),
        ["table"] = Body((l, d, t, n, m) => new($"MSI: {l}: control: 0x{n - 1:x}, table size: {n}, fmask: 0, enable: 0", LogEventKind.MsiXTableSize)
        { Vectors = n, Mode = InterruptMode.MsiX }),
        ["vector placed"] = Body((l, d, t, n, m) => new($"MSI: {l}: {t}: Allocated vector 0x{n % 256:x} on CPU {m} for index {n}", LogEventKind.VectorAssigned)
        { Device = d, DeviceText = t, Number = n % 256, Cpu = m, Index = n }),
        ["vector taken down"] = Body((l, d, t, n, m) => new($"MSI: {l}: Disabling vector 0x{n % 256:x} index 0x{m:x} on dev {t}", LogEventKind.VectorReleased)
        { Device = d, DeviceText = t, Number = n % 256, Index = m }),
        ["released"] = Body((l, d, t, n, m) => new($"IntrCookie: {l}: Freeing {n} cookie(s) for device {t}", LogEventKind.Release)
        { Device = d, DeviceText = t, Vectors = n }),
        ["cookies"] = Body((l, d, t, n, m) => new($"IntrCookie: {l}: Unable to find a free interrupt number", LogEventKind.CookiesExhausted) { IsExhaustion = true }),
        ["invalid vector"] = Body((l, d, t, n, m) => new($"IntrCookie: {l}: Interrupt received on invalid vector (cpu {m}, vector {n}); ignoring it.", LogEventKind.InvalidVector)
        { Cpu = m, Number = n }),
        ["registration"] = Body((l, d, t, n, m) => new($"PCIPassthruChangeIntrSettings: {t} failed to register interrupt (error code 195887110)", LogEventKind.InterruptRegistrationFailed)
        { Device = d, DeviceText = t, Code = 195887110 }),
        ["registration without code"] = Body((l, d, t, n, m) => new($"{t} failed to register interrupt", LogEventKind.InterruptRegistrationFailed)
        { Device = d, DeviceText = t }),
        ["zero vector"] = Body((l, d, t, n, m) => new(
            $"PCIPassthru: {l}: Enable MSIX with zero vector programmed, intr proxy will notbe set up, device:{t}", LogEventKind.ZeroVectorMsiX)
        { Device = d, DeviceText = t, Mode = InterruptMode.MsiX }),
        ["MMIO"] = Body((l, d, t, n, m) => new($"PCIPassthru: total number of pages needed (33566722) exceeds limit (917504), failing", LogEventKind.MmioLimitExceeded)),
        ["window"] = Body((l, d, t, n, m) => new($"PCIPassthru: Device {t} barIndex 1 type 3 realaddr 0x3b800000000 size 34359738368 flags 12", LogEventKind.BarMapping)
        { Device = d, DeviceText = t }),
        ["set up"] = Body((l, d, t, n, m) => new($"PCIPassthru: {l}: pcipDevInfo(0x43174d483300) allocated for {t}", LogEventKind.PassthruDeviceCreated)
        { Device = d, DeviceText = t }),
        ["taken down"] = Body((l, d, t, n, m) => new($"PCIPassthru: {l}: pcipdevInfo: 0x4314737b68e0 ({t}), state 0, destroyed", LogEventKind.PassthruDeviceDestroyed)
        { Device = d, DeviceText = t }),
        ["IOMMU fault"] = Body((l, d, t, n, m) => new(
            $"PCI passthru device {t} caused an IOMMU fault type 5 at address 0xe0041000.  Powering off the virtual machine.", LogEventKind.IommuFault)
        { Device = d, DeviceText = t, Code = 5 }),
        ["IOMMU fault of the unit"] = Body((l, d, t, n, m) => new($"VTD: IOMMU Fault IOMMU Unit #0: R/W=W, Device {t}", LogEventKind.IommuFault)
        { Device = d, DeviceText = t }),
        ["vmklinux refused"] = Body((l, d, t, n, m) => new($"{t}: Interrupt allocation failed with -{m}", LogEventKind.LinuxDriverAllocationFailed)
        { Device = d, DeviceText = t, Code = -m }),
        ["vmklinux MSI-X"] = Body((l, d, t, n, m) => new($"<6>MSIX enabled for dev {t}", LogEventKind.LinuxDriverMsiXEnabled)
        { Device = d, DeviceText = t, Mode = InterruptMode.MsiX }),
    };

    /// <summary>Lines that look like a message and are none.</summary>
    public static IReadOnlyList<string> Decoys { get; } =
    [
        "ScsiPath: 8398: Retry vector reset on path vmhba2:C0:T1:L9",
        "nmlx5_core: vmnic3: interrupt moderation set to 8 us",
        "PCIPassthru: 1750: Disable Domain for device 0000:05:00.0",
        "PCIPassthru: successfully created the IOMMU mappings",
        "MSI: MSIX_AllocateVectors:752: 0000:03:00.0: vector 0x70 index 0x0",
        "IntrCookie: ReleaseInterrupt:961: Releasing interrupt 0x14",
        "PCI: 1401: Skipping device reset on 0000:05:00.0 because PCIe link to the device is down.",
        "XIntrVector: 290: Out of interrupt vectors",
        "IntrVector: Out of interrupt vectors",
        "VMKPCIPassthru: 2454: Failed to allocate many MSIX vectors",
        "VMKPCIPassthru: 2565: BDF = 008:00.1 intrType = 4 numVectors: ",
        "VMKPCIPassthru: 2565: BDF = 008:00.1 intrType = 4 numVectors: 99999999999999999999",
        "VMK_PCI: 617: 0000:4b:00.0: allocated 25 MSIX",
        "grep 'Out of interrupt vectors' /var/log/vmkernel.log",
        "pciPassthru0.present = \"TRUE\"",
        "MSIX",
        "",
    ];

    private static Gen<PrefixCase> Make(Func<DateTimeOffset, int, long, PrefixCase> make) => Gen.Select(s_times, s_cpus, s_worlds, make);

    private static Gen<MessageCase> Body(Func<string, PciAddress, string, int, int, MessageCase> make) =>
        Gen.Select(
            Gen.OneOf(Gen.Int[1, 9999].Select(line => line.ToString(CultureInfo.InvariantCulture)), Gen.Int[1, 9999].Select(line => $"MSIX_DoIt:{line}")),
            Gen.Select(Gen.Int[0, 255], Gen.Int[0, 31], Gen.Int[0, 7], Gen.Int[0, 2], Notation),
            Gen.Int[1, 2048],
            Gen.Int[0, 63],
            (line, device, number, other) => make(line, device.Address, device.Text, number, other));

    private static (PciAddress Address, string Text) Notation(int bus, int device, int function, int notation)
    {
        var address = new PciAddress(0, bus, device, function);
        return (address, notation switch
        {
            0 => address.ToString(),
            1 => string.Create(CultureInfo.InvariantCulture, $"000:{bus:d3}:{device:d2}.{function}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bus:d3}:{device:d2}.{function}"),
        });
    }

    private static string Iso(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Syslog(DateTimeOffset time) => time.ToString("MMM ", CultureInfo.InvariantCulture)
        + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + time.ToString(" HH:mm:ss", CultureInfo.InvariantCulture);

    private static DateTimeOffset Millis(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    private static DateTimeOffset Seconds(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
