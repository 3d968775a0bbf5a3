using CsCheck;

namespace PassthroughTools.Tests.Pci;

/// <summary>A generated configuration space and how it is printed.</summary>
/// <param name="Bytes">The bytes of the dump, cut where it is cut.</param>
/// <param name="DroppedRow">Row of 16 bytes that is missing, never the last one, which would only shorten the dump; -1 for none.</param>
/// <param name="IsUpperCase">True to print in upper case.</param>
public sealed record GeneratedConfig(byte[] Bytes, int DroppedRow, bool IsUpperCase)
{
    public string[] Print(string address) => ConfigBuilder.Print(address + " Generated", Bytes, IsUpperCase, row => row == DroppedRow);
}

/// <summary>
/// Generates configuration spaces: chains of capabilities at random places in random order over random bytes, with faults:
/// loops, pointers into the header or anywhere, broken entries, dumps cut short, rows lost, reserved values.
/// </summary>
internal static class ConfigGenerator
{
    private enum Fault
    {
        None,
        Loop,
        IntoHeader,
        Anywhere,
        Broken,
        ZeroedOut,
    }

    private sealed record Entry(int Id, byte[] Body);

    private static readonly Gen<Entry> Standard = Gen.Frequency(
        (3, Body(0x01, 6)),
        (6, Msi()),
        (6, Body(0x11, 10)),
        (6, Express()),
        (2, Body(0x0d, 6)),
        (2, Body(0x03, 6)),
        (2, Gen.Int[0, 6].SelectMany(words => Body(0x09, 2 + (4 * words)))),
        (1, Body(0x07, 6)),
        (1, Body(0x00, 2)),
        (1, Gen.Int[0x15, 0xfe].SelectMany(id => Body(id, 2))));

    private static readonly Gen<Entry> Extended = Gen.Frequency(
        (3, Body(0x0001, 0x44)),
        (4, Body(0x0010, 0x3c)),
        (2, Body(0x000e, 4)),
        (2, Body(0x0003, 8)),
        (1, Body(0x000d, 4)),
        (1, Body(0x0018, 4)),
        (1, Body(0x0000, 0)),
        (1, Gen.Int[0x0040, 0xfffe].SelectMany(id => Body(id, 0))));

    private static readonly Gen<Fault> Faults = Gen.Frequency(
        (12, Gen.Const(Fault.None)), (1, Gen.Const(Fault.Loop)), (1, Gen.Const(Fault.IntoHeader)), (1, Gen.Const(Fault.Anywhere)),
        (1, Gen.Const(Fault.Broken)), (1, Gen.Const(Fault.ZeroedOut)));

    private static readonly Gen<byte> Background = Gen.Frequency((4, Gen.Const((byte)0)), (1, Gen.Byte));

    private static readonly Gen<int> Length = Gen.Frequency(
        (12, Gen.Const(4096)), (6, Gen.Const(256)), (1, Gen.Const(64)), (1, Gen.Const(128)), (2, Gen.Int[64, 256]), (2, Gen.Int[256, 1024]));

    /// <summary>Bytes with structure.</summary>
    public static readonly Gen<GeneratedConfig> Device =
        from garbage in Background.Array[4096]
        from header in Gen.Frequency((8, Gen.Const(0)), (2, Gen.Const(0x80)), (3, Gen.Const(1)), (1, Gen.Const(0x81)), (1, Gen.Int[3, 127]))
        from identity in Gen.Byte.Array[14]
        from pin in Gen.Frequency((8, Gen.Int[0, 4]), (1, Gen.Int[5, 255]))
        from hasList in Gen.Frequency((12, Gen.Const(true)), (1, Gen.Const(false)))
        from chain in Layout(Standard, 8, 0x40, 0x100, firstIsFixed: false)
        from extended in Layout(Extended, 10, 0x100, 0x1000, firstIsFixed: true)
        from lowBits in Gen.Int[0, 3]
        from fault in Faults
        from extendedFault in Faults
        from target in Gen.Int[0, 1023]
        from length in Length
        from dropped in Gen.Frequency((12, Gen.Const(-1)), (1, Gen.Int[0, 31]))
        from isUpperCase in Gen.Bool
        select new GeneratedConfig(
            Compose(garbage, header, identity, pin, hasList, chain, extended, lowBits, fault, extendedFault, target)[..length], dropped < (length / 16) - 1 ? dropped : -1, isUpperCase);

    /// <summary>Random bytes with nothing but a header type and a capability list that a reader will follow.</summary>
    public static readonly Gen<GeneratedConfig> Wild =
        from bytes in Gen.Byte.Array[256]
        from header in Gen.Int[0, 1]
        from pointer in Gen.Int[0x10, 0x3f]
        from isUpperCase in Gen.Bool
        select new GeneratedConfig(Wilder(bytes, header, pointer * 4), -1, isUpperCase);

    private static byte[] Wilder(byte[] bytes, int header, int pointer)
    {
        // Not a class of which lspci prints an interface name, and no vendor whose private capabilities it decodes.
        bytes[0x00] = bytes[0x01] = 0x11;
        bytes[0x06] |= 0x10;
        bytes[0x0b] = 0x0c;
        bytes[0x0e] = (byte)header;
        bytes[0x34] = (byte)pointer;
        bytes[0x3d] &= 3;
        return bytes;
    }

    private static Gen<Entry> Body(int id, int length) => Gen.Byte.Array[length].Select(body => new Entry(id, body));

    private static Gen<Entry> Msi() =>
        from control in Gen.UShort
        from body in Gen.Byte.Array[20]
        from isSane in Gen.Frequency((5, Gen.Const(true)), (1, Gen.Const(false)))
        let counts = ((control >> 1) & 7) % 6 << 1 | ((control >> 4) & 7) % 6 << 4
        select new Entry(5, [(byte)(isSane ? (control & 0x81) | counts : control), (byte)(control >> 8), .. body[..MsiLength(control)]]);

    private static int MsiLength(int control) => ((control & 0x80) != 0 ? 10 : 6) + ((control & 0x100) != 0 ? 10 : 0);

    private static Gen<Entry> Express() =>
        from version in Gen.Int[1, 2]
        from type in Gen.Frequency((12, Gen.Int[0, 8].Select(index => index < 2 ? index : index + 2)), (1, Gen.Int[0, 15]))
        from flags in Gen.Byte
        from body in Gen.Byte.Array[56]
        select new Entry(0x10, [(byte)(version | (type << 4)), flags, .. body]);

    /// <summary>Entries in the order of their chain, each with its place; those that find none are left out.</summary>
    private static Gen<(int Offset, Entry Entry)[]> Layout(Gen<Entry> entry, int most, int start, int end, bool firstIsFixed) =>
        from entries in entry.Array[0, most]
        from gaps in Gen.Int[0, 6].Array[most]
        from keys in Gen.Int.Array[most]
        select Place(entries, gaps, keys, start, end, firstIsFixed);

    private static (int Offset, Entry Entry)[] Place(Entry[] entries, int[] gaps, int[] keys, int start, int end, bool firstIsFixed)
    {
        var placed = new List<(int Index, int Offset)>();
        var next = start;
        foreach (var index in Enumerable.Range(0, entries.Length).OrderBy(index => firstIsFixed && index == 0 ? long.MinValue : keys[index]))
        {
            var offset = next + (firstIsFixed && index == 0 ? 0 : 4 * gaps[index]);
            var size = 4 + ((entries[index].Body.Length + 1) / 4 * 4);
            if (offset + size > end) continue;
            placed.Add((index, offset));
            next = offset + size;
        }

        return [.. placed.OrderBy(place => place.Index).Select(place => (place.Offset, entries[place.Index]))];
    }

    private static byte[] Compose(
        byte[] bytes,
        int header,
        byte[] identity,
        int pin,
        bool hasList,
        (int Offset, Entry Entry)[] chain,
        (int Offset, Entry Entry)[] extended,
        int lowBits,
        Fault fault,
        Fault extendedFault,
        int target)
    {
        identity.CopyTo(bytes, 0);
        bytes[0x00] = bytes[0x01] = 0x11;
        bytes[0x06] = (byte)(hasList ? identity[6] | 0x10 : identity[6] & ~0x10);
        bytes[0x0b] = (byte)((header & 0x7f) == 1 ? 0x06 : 0x0c);
        bytes[0x0e] = (byte)header;
        bytes[0x3d] = (byte)pin;
        bytes[0x34] = (byte)(chain.Length == 0 ? 0 : chain[0].Offset | lowBits);
        for (var i = 0; i < chain.Length; i++)
        {
            var (offset, entry) = chain[i];
            bytes[offset] = (byte)entry.Id;
            bytes[offset + 1] = (byte)(i + 1 < chain.Length ? chain[i + 1].Offset | lowBits : 0);
            entry.Body.CopyTo(bytes, offset + 2);
        }

        // Without entries the first extended header must read zero: the background is garbage.
        if (extended.Length == 0) bytes.AsSpan(0x100, 4).Clear();
        for (var i = 0; i < extended.Length; i++)
        {
            var (offset, entry) = extended[i];
            SetExtended(bytes, offset, entry.Id, 1 + (target & 3), i + 1 < extended.Length ? extended[i + 1].Offset : 0);
            entry.Body.CopyTo(bytes, offset + 4);
        }

        if (chain.Length > 0) Break(bytes, chain, fault, target);
        if (extended.Length > 0) BreakExtended(bytes, extended, extendedFault, target);
        return bytes;
    }

    private static void Break(byte[] bytes, (int Offset, Entry Entry)[] chain, Fault fault, int target)
    {
        var at = chain[target % chain.Length].Offset;
        switch (fault)
        {
            case Fault.Loop:
                bytes[at + 1] = (byte)chain[target / 7 % chain.Length].Offset;
                break;
            case Fault.IntoHeader:
                bytes[at + 1] = (byte)(target % 15 * 4 + 4);
                break;
            case Fault.Anywhere:
                bytes[at + 1] = (byte)target;
                break;
            case Fault.Broken:
                bytes[at] = 0xff;
                break;
            case Fault.ZeroedOut:
                bytes.AsSpan(at, 4).Clear();
                break;
        }
    }

    private static void BreakExtended(byte[] bytes, (int Offset, Entry Entry)[] chain, Fault fault, int target)
    {
        var (at, entry) = chain[target % chain.Length];
        switch (fault)
        {
            case Fault.Loop:
                SetExtended(bytes, at, entry.Id, 1, chain[target / 7 % chain.Length].Offset);
                break;
            case Fault.IntoHeader:
                SetExtended(bytes, at, entry.Id, 1, target % 63 * 4 + 4);
                break;
            case Fault.Anywhere:
                SetExtended(bytes, at, entry.Id, 1, target * 4);
                break;
            case Fault.Broken:
                bytes.AsSpan(at, 4).Fill(0xff);
                break;
            case Fault.ZeroedOut:
                bytes.AsSpan(at, 4).Clear();
                break;
        }
    }

    private static void SetExtended(byte[] bytes, int offset, int id, int version, int next)
    {
        bytes[offset] = (byte)id;
        bytes[offset + 1] = (byte)(id >> 8);
        bytes[offset + 2] = (byte)(version | ((next & 0xf) << 4));
        bytes[offset + 3] = (byte)(next >> 4);
    }
}
