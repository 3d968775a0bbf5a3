using System.Globalization;
using PassthroughTools.Evidence;
using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Registry;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Vectors;

/// <summary>Builds evidence in a few words.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Start = new(2012, 8, 7, 7, 0, 0, TimeSpan.Zero);

    public static PciAddress At(string text)
    {
        var parts = text.Split(':', '.');
        int Hex(int i) => int.Parse(parts[i], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new PciAddress(Hex(0), Hex(1), Hex(2), Hex(3));
    }

    public static EsxVersion Esx(int major, int minor, int update = 0) => new(major, minor, update);

    public static VsishVectorList List(int count) => new(count, [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))]);

    public static KernelSetting Setting(string name, string value) => new(name, "uint32", value, value, value, null);

    public static PassthruSlot Slot(int number, string address, bool? msiEnabled = null) => new()
    {
        Slot = number, Kind = PassthruSlotKind.Passthrough, Address = At(address), VendorId = 0x10df, DeviceId = 0xf100, MsiEnabled = msiEnabled,
    };

    public static VMEvidence VM(string name, params PassthruSlot[] slots) => new()
    {
        Name = name, PowerState = VMPowerState.PoweredOn, GuestFamily = GuestFamily.Windows, Slots = slots,
    };

    public static GuestMsiSetting Guest(bool? msiSupported, int? limit = null, string instance = "1") => new()
    {
        InstanceId = @"PCI\VEN_10DF&DEV_F100\" + instance, VendorId = 0x10df, DeviceId = 0xf100, MsiSupported = msiSupported, MessageNumberLimit = limit,
    };

    public static PciConfigSpace Config(string address, int? msix, int? msi = null) => new()
    {
        Address = At(address), VendorId = 0x10df, DeviceId = 0xf100, MsiXTableSize = msix, MsiVectors = msi, IsComplete = true,
    };

    public static EsxcliPciDevice Device(string address, PciOwner owner, int vector = 0) => new()
    {
        Address = At(address), CurrentOwner = owner, ConfiguredOwner = owner, VendorId = 0x10df, DeviceId = 0xf100, InterruptVector = vector,
    };

    public static PassthruLogEvent Event(LogEventKind kind, int second, string? device = null, int? vectors = null, int? index = null, InterruptMode mode = InterruptMode.Unknown, long world = 1) => new()
    {
        Kind = kind, Time = Start.AddSeconds(second), Device = device is null ? null : At(device), Vectors = vectors, Index = index, InterruptMode = mode,
        WorldId = world, File = "vmkernel.log", Line = second + 1, Meaning = kind.ToString(), Text = kind.ToString(),
        IsExhaustion = kind is LogEventKind.OutOfVectors or LogEventKind.CookiesExhausted or LogEventKind.VectorAllocationFailed or LogEventKind.PassthruAllocationFailed,
    };

    public static PassthruLogEvent Request(int second, string device, int vectors, long world = 1) =>
        Event(LogEventKind.PassthruRequest, second, device, vectors, mode: InterruptMode.MsiX, world: world);

    public static PassthruLogEvent Granted(int second, string device, int vectors, InterruptMode mode = InterruptMode.MsiX) =>
        Event(LogEventKind.Allocation, second, device, vectors, mode: mode);

    public static PassthruLogEvent Boot(int second) => Event(LogEventKind.HostBoot, second);

    /// <summary>The case: eight HBAs in four VMs, four of them on before the fifth is refused.</summary>
    public static HostEvidence Outage() => new()
    {
        HostName = "esx01",
        Version = Esx(5, 0),
        LogicalCpus = 24,
        VectorList = List(170),
        VMs = [.. Enumerable.Range(0, 4).Select(i => VM("vm" + (i + 1), Slot(0, Hba(2 * i)), Slot(1, Hba(2 * i + 1))))],
        LogEvents =
        [
            .. Enumerable.Range(0, 4).Select(i => Request(i * 60, Hba(i), 32, world: i)),
            Request(600, Hba(4), 32, world: 9),
            Event(LogEventKind.OutOfVectors, 600, world: 9),
            Event(LogEventKind.VectorAllocationFailed, 600, Hba(4), index: 16, world: 9),
            Event(LogEventKind.PassthruAllocationFailed, 600, vectors: 32, world: 9),
            .. Enumerable.Range(5, 3).SelectMany(i => new[]
            {
                Request(600 + i * 20, Hba(i), 32, world: 9),
                Event(LogEventKind.OutOfVectors, 600 + i * 20, world: 9),
            }),
        ],
    };

    public static string Hba(int index) => FormattableString.Invariant($"0000:{5 + index / 2:x2}:00.{index % 2}");
}
