using PassthroughTools.Pci;

namespace PassthroughTools.Logs;

/// <summary>
/// Recognises the messages. Each rule looks for its module anywhere in the line, so that an unknown prefix hides nothing, and reads on from there;
/// numbers of source lines differ per build and are never compared. Every rule's words contain a needle of <see cref="LogNeedles"/>.
/// </summary>
internal static class LogMessageParser
{
    /// <summary>Reads the first message that a rule knows.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="message">What it says.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogMessage message)
    {
        message = default;
        return TryModules(line, ref message) || TryWords(line, ref message);
    }

    private static bool TryModules(ReadOnlySpan<byte> line, ref LogMessage message)
    {
        // One pass over the colons instead of a search per module: "Module: " is what ends at each of them.
        var from = 0;
        while (from < line.Length)
        {
            var at = line.Slice(from).IndexOf(": "u8);
            if (at < 0) return false;
            var end = from + at;
            var start = end;
            while (start > 0 && ByteCursor.IsWord(line[start - 1])) start--;
            var module = line.Slice(start, end - start);
            var cursor = new ByteCursor(line.Slice(end + 2));
            from = end + 2;

            var matched =
                module.SequenceEqual("IntrVector"u8) ? TryIntrVector(cursor, ref message)
                : module.SequenceEqual("MSI"u8) ? TryMsi(cursor, ref message)
                : module.SequenceEqual("VMKPCIPassthru"u8) ? TryVmkPciPassthru(cursor, ref message)
                : module.SequenceEqual("VMK_PCI"u8) ? TryVmkPci(cursor, ref message)
                : module.SequenceEqual("IntrCookie"u8) ? TryIntrCookie(cursor, ref message)
                : module.SequenceEqual("PCIPassthru"u8) && TryPciPassthru(cursor, ref message);
            if (matched) return true;
            message = default;
        }

        return false;
    }

    private static bool TryIntrVector(ByteCursor cursor, ref LogMessage message)
    {
        message.Kind = LogEventKind.OutOfVectors;
        return cursor.SkipSourceLine() && cursor.Skip("Out of interrupt vectors"u8);
    }

    private static bool TryMsi(ByteCursor cursor, ref LogMessage message)
    {
        if (!cursor.SkipSourceLine()) return false;
        var body = cursor;
        int number;
        if (cursor.Skip("Couldn't allocate a vector number "u8))
        {
            message.Kind = LogEventKind.VectorAllocationFailed;
            if (!cursor.TryNumber(out number) || !cursor.Skip(" for device "u8)) return false;
            message.Index = number;
            message.Device = Trim(cursor.Token());
            return !message.Device.IsEmpty;
        }

        if (cursor.Skip("Disabling vector 0x"u8))
        {
            message.Kind = LogEventKind.VectorReleased;
            if (!cursor.TryHex(out number)) return false;
            message.VectorNumber = number;
            if (!cursor.Skip(" index 0x"u8) || !cursor.TryHex(out number) || !cursor.Skip(" on dev "u8)) return false;
            message.Index = number;
            message.Device = Trim(cursor.Token());
            return !message.Device.IsEmpty;
        }

        if (TryTableSize(body, ref message)) return true;

        cursor = body;
        message.Device = Trim(cursor.Token());
        if (message.Device.IsEmpty || !cursor.Skip(" "u8)) return false;
        if (cursor.Skip("Allocated vector 0x"u8))
        {
            message.Kind = LogEventKind.VectorAssigned;
            if (!cursor.TryHex(out number) || !cursor.Skip(" on CPU "u8)) return false;
            message.VectorNumber = number;
            if (!cursor.TryNumber(out number) || !cursor.Skip(" for index "u8)) return false;
            message.VectorCpu = number;
            if (!cursor.TryNumber(out number)) return false;
            message.Index = number;
            return true;
        }

        message.Kind = LogEventKind.AllocationRequest;
        if (!TryMode(ref cursor, ref message) || !cursor.Skip(" interrupts numDesired "u8) || !cursor.TryNumber(out number)) return false;
        message.Vectors = number;
        if (!cursor.Skip(", numRequired "u8) || !cursor.TryNumber(out number)) return false;
        message.VectorsRequired = number;
        return true;
    }

    private static bool TryTableSize(ByteCursor cursor, ref LogMessage message)
    {
        message.Kind = LogEventKind.MsiXTableSize;
        message.Mode = InterruptMode.MsiX;
        if (!cursor.Skip("control: 0x"u8) || !cursor.TryHex(out _) || !cursor.Skip(", table size: "u8) || !cursor.TryNumber(out int size))
        {
            message = default;
            return false;
        }

        message.Vectors = size;
        return true;
    }

    private static bool TryVmkPciPassthru(ByteCursor cursor, ref LogMessage message)
    {
        if (!cursor.SkipSourceLine()) return false;
        int number;
        if (cursor.Skip("Failed to allocate "u8))
        {
            message.Kind = LogEventKind.PassthruAllocationFailed;
            if (!cursor.TryNumber(out number) || !cursor.Skip(" "u8) || !TryMode(ref cursor, ref message)) return false;
            message.Vectors = number;
            return cursor.Skip(" vector"u8);
        }

        message.Kind = LogEventKind.PassthruRequest;
        if (!cursor.Skip("BDF = "u8)) return false;
        message.Device = cursor.Token();
        if (message.Device.IsEmpty || !cursor.Skip(" intrType = "u8) || !cursor.TryNumber(out number)) return false;
        message.TypeCode = number;
        // 4 always stands with MSI-X; what the other codes mean is not known.
        message.Mode = number == 4 ? InterruptMode.MsiX : InterruptMode.Unknown;
        if (!cursor.Skip(" numVectors: "u8) || !cursor.TryNumber(out number)) return false;
        message.Vectors = number;
        return true;
    }

    private static bool TryVmkPci(ByteCursor cursor, ref LogMessage message)
    {
        if (!cursor.SkipSourceLine()) return false;
        cursor.Skip("device "u8);
        message.Device = Trim(cursor.Token());
        if (message.Device.IsEmpty) return false;
        int number;
        if (cursor.Skip(" failed to allocate "u8))
        {
            message.Kind = LogEventKind.DriverAllocationFailed;
            if (!cursor.TryNumber(out number) || !cursor.Skip(" "u8) || !TryMode(ref cursor, ref message)) return false;
            message.Vectors = number;
            return cursor.Skip(" vector"u8) || cursor.Skip(" interrupt"u8);
        }

        message.Kind = LogEventKind.Allocation;
        if (!cursor.Skip(" allocated "u8) || !cursor.TryNumber(out number) || !cursor.Skip(" "u8) || !TryMode(ref cursor, ref message)) return false;
        message.Vectors = number;
        return cursor.Skip(" interrupt"u8);
    }

    private static bool TryIntrCookie(ByteCursor cursor, ref LogMessage message)
    {
        if (!cursor.SkipSourceLine()) return false;
        int number;
        if (cursor.Skip("Freeing "u8))
        {
            message.Kind = LogEventKind.Release;
            if (!cursor.TryNumber(out number) || !cursor.Skip(" cookie(s) for device "u8)) return false;
            message.Vectors = number;
            message.Device = Trim(cursor.Token());
            return !message.Device.IsEmpty;
        }

        message.Kind = LogEventKind.InvalidVector;
        if (!cursor.Skip("Interrupt received on invalid vector (cpu "u8) || !cursor.TryNumber(out number)) return false;
        message.VectorCpu = number;
        if (!cursor.Skip(", vector "u8) || !cursor.TryNumber(out number)) return false;
        message.VectorNumber = number;
        return cursor.Skip(")"u8);
    }

    private static bool TryPciPassthru(ByteCursor cursor, ref LogMessage message)
    {
        cursor.SkipSourceLine(); // the vmkernel's lines have it, vmware.log's don't
        if (cursor.Skip("total number of pages needed ("u8))
        {
            message.Kind = LogEventKind.MmioLimitExceeded;
            return cursor.TryNumber(out message.First) && cursor.Skip(") exceeds limit ("u8) && cursor.TryNumber(out message.Second) && cursor.Skip(")"u8);
        }

        if (cursor.Skip("Device "u8))
        {
            message.Kind = LogEventKind.BarMapping;
            message.Device = cursor.Token();
            if (message.Device.IsEmpty || !cursor.Skip(" barIndex "u8) || !cursor.TryNumber(out message.First) || !cursor.Skip(" type "u8)
                || !cursor.TryNumber(out long _) || !cursor.Skip(" realaddr 0x"u8))
            {
                return false;
            }

            cursor.Token();
            return cursor.Skip(" size "u8) && cursor.TryNumber(out message.Second);
        }

        if (!cursor.Skip("pcipDevInfo"u8) && !cursor.Skip("pcipdevInfo"u8)) return false;
        if (cursor.SkipPast(" allocated for "u8))
        {
            message.Kind = LogEventKind.PassthruDeviceCreated;
            message.Device = Trim(cursor.Token());
            return !message.Device.IsEmpty;
        }

        message.Kind = LogEventKind.PassthruDeviceDestroyed;
        if (!cursor.SkipPast(" ("u8)) return false;
        var close = cursor.Rest.IndexOf((byte)')');
        if (close <= 0) return false;
        message.Device = cursor.Rest.Slice(0, close);
        return cursor.SkipPast("destroyed"u8);
    }

    /// <summary>Messages that are known by their words alone.</summary>
    private static bool TryWords(ReadOnlySpan<byte> line, ref LogMessage message)
    {
        var cursor = new ByteCursor(line);
        int at;
        if (line.IndexOf("Unable to find a free interrupt number"u8) >= 0)
        {
            message.Kind = LogEventKind.CookiesExhausted;
            return true;
        }

        if ((at = line.IndexOf(" failed to register interrupt"u8)) > 0)
        {
            message.Kind = LogEventKind.InterruptRegistrationFailed;
            message.Device = Trim(TokenBefore(line, at));
            if (cursor.SkipPast(" failed to register interrupt (error code "u8) && cursor.TryNumber(out long code)) message.Code = code;
            return !message.Device.IsEmpty;
        }

        if (cursor.SkipPast("Enable MSIX with zero vector programmed"u8))
        {
            message.Kind = LogEventKind.ZeroVectorMsiX;
            message.Mode = InterruptMode.MsiX;
            if (cursor.SkipPast("device:"u8)) message.Device = Trim(cursor.Token());
            return true;
        }

        if (cursor.SkipPast("PCI passthru device "u8))
        {
            message.Kind = LogEventKind.IommuFault;
            message.Device = cursor.Token();
            if (cursor.Skip(" caused an IOMMU fault type "u8) && cursor.TryNumber(out long type))
            {
                message.Code = type;
                return true;
            }
        }

        cursor = new ByteCursor(line);
        if (cursor.SkipPast("IOMMU Fault IOMMU Unit"u8))
        {
            message.Kind = LogEventKind.IommuFault;
            message.Device = cursor.SkipPast("Device "u8) ? Trim(cursor.Token()) : default;
            return true;
        }

        if ((at = line.IndexOf("Interrupt allocation failed with "u8)) >= 0)
        {
            message.Kind = LogEventKind.LinuxDriverAllocationFailed;
            if (at > 0 && TokenBefore(line, at - 1) is [.., (byte)':'] before && LogAddress.TryParse(Trim(before), out _)) message.Device = Trim(before);
            cursor.SkipPast("Interrupt allocation failed with "u8);
            message.Detail = cursor.Rest;
            var negative = cursor.Skip("-"u8);
            if (cursor.TryNumber(out long status)) message.Code = negative ? -status : status;
            return true;
        }

        if (cursor.SkipPast("MSIX enabled for dev "u8))
        {
            message.Kind = LogEventKind.LinuxDriverMsiXEnabled;
            message.Mode = InterruptMode.MsiX;
            message.Device = Trim(cursor.Token());
            return !message.Device.IsEmpty;
        }

        // The table's size may have lost its module where a line was cut in front.
        at = line.IndexOf("control: 0x"u8);
        return at >= 0 && TryTableSize(new ByteCursor(line.Slice(at)), ref message);
    }

    private static bool TryMode(ref ByteCursor cursor, ref LogMessage message)
    {
        message.Mode =
            cursor.Skip("MSIX"u8) || cursor.Skip("MSI-X"u8) ? InterruptMode.MsiX
            : cursor.Skip("MSI"u8) ? InterruptMode.Msi
            : cursor.Skip("INTx"u8) || cursor.Skip("INTX"u8) ? InterruptMode.IntX
            : InterruptMode.Unknown;
        return message.Mode != InterruptMode.Unknown;
    }

    private static ReadOnlySpan<byte> TokenBefore(ReadOnlySpan<byte> line, int end)
    {
        var start = end;
        while (start > 0 && line[start - 1] is not ((byte)' ' or (byte)'\t' or (byte)')')) start--;
        return line.Slice(start, end - start);
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> token) => LogText.TrimEnd(token, ".:,;"u8);
}
