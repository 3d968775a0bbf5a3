namespace PassthroughTools.Pci;

/// <summary>Reads the base address registers of a header.</summary>
internal static class PciBarReader
{
    /// <summary>Registers that are in use; one that reads 0 is not implemented or not assigned and is left out.</summary>
    /// <param name="image">The bytes.</param>
    /// <param name="type">Layout of the header.</param>
    /// <param name="warn">Takes what is odd.</param>
    public static IReadOnlyList<PciBar> Read(PciConfigImage image, PciHeaderType type, Action<string> warn)
    {
        var count = type switch { PciHeaderType.Normal => 6, PciHeaderType.Bridge => 2, PciHeaderType.CardBus => 1, _ => 0 };
        var bars = new List<PciBar>();
        for (var index = 0; index < count; index++)
        {
            if (image.Dword(0x10 + (4 * index)) is not { } raw) continue;
            if ((raw & 1) != 0)
            {
                bars.Add(new PciBar(index, PciBarKind.Io, raw & ~3u, false, raw));
                continue;
            }

            var kind = ((raw >> 1) & 3) switch
            {
                0 => PciBarKind.Memory32,
                1 => PciBarKind.MemoryBelow1M,
                2 => PciBarKind.Memory64,
                _ => PciBarKind.Reserved,
            };
            ulong value = raw;
            var own = index;
            if (kind == PciBarKind.Memory64)
            {
                index++;
                if (index == count) warn($"BAR {own} is 64 bits wide and the last of the header; its upper half is missing.");
                else if (image.Dword(0x10 + (4 * index)) is { } upper) value |= (ulong)upper << 32;
                else warn($"The dump ends within BAR {own}.");
            }

            if (value != 0) bars.Add(new PciBar(own, kind, value & ~0xful, (raw & 8) != 0, value));
        }

        return bars;
    }
}
