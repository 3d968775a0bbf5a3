using System.Globalization;
using PassthroughTools.Pci;
using PassthroughTools.Text;

namespace PassthroughTools.Logs;

/// <summary>Says in words what a message means, and what it does not.</summary>
internal static class LogMeaning
{
    public static string Of(in LogMessage message, string device)
    {
        var mode = Name(message.Mode);
        switch (message.Kind)
        {
            case LogEventKind.OutOfVectors:
                return "The host has no interrupt vector left to give: the pool is exhausted.";
            case LogEventKind.VectorAllocationFailed:
                return $"The request of {device} stopped at vector number {Number(message.Index)}: counted from 0, "
                    + $"{Number(message.Index)} of its vectors were granted before the pool ran dry (an inference from the number).";
            case LogEventKind.PassthruAllocationFailed:
                return message.Mode == InterruptMode.IntX
                    ? $"A passthrough device was refused {Counted(message, "INTx vector")}; INTx can be shared, so this alone proves no exhausted pool."
                    : $"A passthrough device asked for {Counted(message, mode + " vector")} and was refused.";
            case LogEventKind.PassthruRequest:
                return $"Passthrough device {device} asks for "
                    + (message.Mode == InterruptMode.Unknown ? $"{Counted(message, "vector")} (interrupt type {Number(message.TypeCode)}, not known)" : Counted(message, mode + " vector"))
                    + "; by itself no failure: look for one in the lines that follow.";
            case LogEventKind.DriverAllocationFailed:
                return $"The host's own driver of {device} was refused {Counted(message, mode + " vector")}; the line does not say why "
                    + "(vectors, cookies, or a platform without MSI).";
            case LogEventKind.Allocation:
                return $"The host's own driver of {device} was granted {Counted(message, mode + " interrupt")}.";
            case LogEventKind.AllocationRequest:
                return $"The host's own driver of {device} asks for {Counted(message, mode + " interrupt")} and can work with {Number(message.VectorsRequired)}.";
            case LogEventKind.VectorAssigned:
                return $"{device}: entry {Number(message.Index)} got vector 0x{Hex(message.VectorNumber)} on CPU {Number(message.VectorCpu)}.";
            case LogEventKind.VectorReleased:
                return $"{device}: entry {Number(message.Index)} gave vector 0x{Hex(message.VectorNumber)} back.";
            case LogEventKind.MsiXTableSize:
                return $"The device that is being set up has an MSI-X table of {Counted(message, "entry", "entries")}.";
            case LogEventKind.Release:
                return $"{device} gave {Counted(message, "interrupt")} back.";
            case LogEventKind.CookiesExhausted:
                return "The host has no interrupt cookie left (maxIntrCookies): not the vectors but the vmkernel's interrupt objects are exhausted.";
            case LogEventKind.InterruptRegistrationFailed:
                return $"The VM could not register an interrupt for {device}: vectors or cookies may be exhausted, the line does not say which; "
                    + "the vmkernel.log of the same moment does.";
            case LogEventKind.LinuxDriverAllocationFailed:
                return $"The host's own driver of {device} got no interrupt (status {Words(message.Detail)}); the line does not say why.";
            case LogEventKind.LinuxDriverMsiXEnabled:
                return $"The host's own driver of {device} uses MSI-X; the line does not say how many vectors.";
            case LogEventKind.InvalidVector:
                return $"Not exhaustion: an interrupt arrived on CPU {Number(message.VectorCpu)} at vector {Number(message.VectorNumber)}, which nobody owns; "
                    + "known with interrupt remapping off (iovDisableIR) and fixed in later patches.";
            case LogEventKind.ZeroVectorMsiX:
                return $"Not exhaustion: the guest enabled MSI-X of {device} before it programmed a vector; known with Linux 4.2 and later on ESXi 5.5 and 6.0, "
                    + "fixed by patches.";
            case LogEventKind.MmioLimitExceeded:
                return $"Not exhaustion: the VM's devices need {Number(message.First)} pages of memory-mapped I/O and {Number(message.Second)} are allowed; "
                    + "see pciPassthru.use64bitMMIO and pciPassthru.64bitMMIOSizeGB.";
            case LogEventKind.BarMapping:
                return $"Not exhaustion: memory window {Number(message.First)} of {device}, {Number(message.Second)} bytes.";
            case LogEventKind.PassthruDeviceCreated:
                return $"{device} was set up for passthrough.";
            case LogEventKind.PassthruDeviceDestroyed:
                return $"{device} was taken down from passthrough.";
            case LogEventKind.IommuFault:
                return $"Not exhaustion: the IOMMU refused a memory access of {device}.";
            case LogEventKind.HostBoot:
                return "The host's kernel started: what was allocated before counts no more.";
            default:
                return "";
        }
    }

    private static string Name(InterruptMode mode) => mode switch
    {
        InterruptMode.MsiX => "MSI-X",
        InterruptMode.Msi => "MSI",
        InterruptMode.IntX => "INTx",
        _ => "interrupt",
    };

    private static string Counted(in LogMessage message, string noun, string? plural = null) =>
        message.Vectors is { } count ? Wording.Count(count, noun, plural) : "? " + (plural ?? noun + "s");

    private static string Number(long? number) => number is { } value ? value.ToString(CultureInfo.InvariantCulture) : "?";

    private static string Hex(int? number) => number is { } value ? value.ToString("x", CultureInfo.InvariantCulture) : "?";

    private static string Words(ReadOnlySpan<byte> text) => LogText.Decode(text, 80);
}
