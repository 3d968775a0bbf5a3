using System.Globalization;
using System.Text;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Pci;

/// <summary>Puts a configuration space together and prints it as lspci does.</summary>
public sealed class ConfigBuilder
{
    private int _lastCapability;
    private int _lastExtended;

    public ConfigBuilder(int vendor, int device, int classCode, int headerType = 0, int length = 256)
    {
        Bytes = new byte[length];
        Word(0x00, vendor).Word(0x02, device).Word(0x04, 0x0106).Word(0x06, 0x0010).Word(0x0a, classCode).Byte(0x0e, headerType);
    }

    public byte[] Bytes { get; }

    public ConfigBuilder Byte(int offset, int value)
    {
        Bytes[offset] = (byte)value;
        return this;
    }

    public ConfigBuilder Word(int offset, int value) => Byte(offset, value & 0xff).Byte(offset + 1, (value >> 8) & 0xff);

    public ConfigBuilder Dword(int offset, uint value) => Word(offset, (int)(value & 0xffff)).Word(offset + 2, (int)(value >> 16));

    /// <summary>Adds a capability at the end of the chain, with the register behind its header.</summary>
    public ConfigBuilder Capability(int offset, int id, int control = 0)
    {
        Byte(_lastCapability == 0 ? 0x34 : _lastCapability + 1, offset).Byte(offset, id).Byte(offset + 1, 0).Word(offset + 2, control);
        _lastCapability = offset;
        return this;
    }

    /// <summary>Adds an extended capability at the end of the chain; the first one must be at 0x100.</summary>
    public ConfigBuilder Extended(int offset, int id, int version = 1)
    {
        if (_lastExtended != 0)
        {
            Byte(_lastExtended + 2, (Bytes[_lastExtended + 2] & 0x0f) | ((offset & 0xf) << 4)).Byte(_lastExtended + 3, offset >> 4);
        }

        Word(offset, id).Byte(offset + 2, version).Byte(offset + 3, 0);
        _lastExtended = offset;
        return this;
    }

    public string[] Lines(string heading) => Print(heading, Bytes);

    public PciConfigSpace Read(string heading = "0000:08:00.0 Device") => PciConfigSpaceReader.Read(Lines(heading), null)[0];

    public static string[] Print(string heading, ReadOnlySpan<byte> bytes, bool upperCase = false, Func<int, bool>? drop = null)
    {
        var lines = new List<string> { heading };
        for (var row = 0; row < bytes.Length; row += 16)
        {
            if (drop?.Invoke(row / 16) == true) continue;
            var line = new StringBuilder(row.ToString(upperCase ? "X2" : "x2", CultureInfo.InvariantCulture)).Append(':');
            foreach (var value in bytes[row..Math.Min(row + 16, bytes.Length)])
                line.Append(' ').Append(value.ToString(upperCase ? "X2" : "x2", CultureInfo.InvariantCulture));
            lines.Add(line.ToString());
        }

        lines.Add("");
        return [.. lines];
    }
}
