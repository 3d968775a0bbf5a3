using System.Globalization;
using System.Text.RegularExpressions;
using PassthroughTools.Pci;

namespace PassthroughTools.Evidence;

/// <summary>A device in the <c>lspci -vvv -nn</c> listing of a Linux guest.</summary>
public sealed record GuestLspciDevice
{
    /// <summary>Virtual machine.</summary>
    public string? VM { get; init; }

    /// <summary>Address in the guest, not on the host.</summary>
    public required string GuestAddress { get; init; }

    /// <summary>Class and name.</summary>
    public required string Description { get; init; }

    /// <summary>Vendor identifier; null without <c>-nn</c>.</summary>
    public ushort? VendorId { get; init; }

    /// <summary>Device identifier; null without <c>-nn</c>.</summary>
    public ushort? DeviceId { get; init; }

    /// <summary>Mode in which the guest runs the device.</summary>
    public InterruptMode Mode { get; init; }

    /// <summary>Size of the MSI-X table (not the vectors in use); null when there is none.</summary>
    public int? MsiXTableSize { get; init; }

    /// <summary>Kernel driver in use.</summary>
    public string? Driver { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{GuestAddress} {Description}";
}

/// <summary>Reads the listing of <c>lspci -vvv</c>, with or without <c>-nn</c>.</summary>
public static class GuestLspciReader
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private static readonly Regex Heading = new(@"^(?<address>(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) (?<text>.+)$", Options, Limit);
    private static readonly Regex Ids = new(@"\[(?<vendor>[0-9a-f]{4}):(?<device>[0-9a-f]{4})\]", Options, Limit);
    private static readonly Regex Msi = new(@"\bMSI: Enable(?<on>[+-])", Options, Limit);
    private static readonly Regex MsiX = new(@"\bMSI-X: Enable(?<on>[+-]) Count=(?<count>[0-9]{1,5})", Options, Limit);
    private static readonly Regex Driver = new(@"^\s+Kernel driver in use: (?<name>\S+)", Options, Limit);

    /// <summary>Reads the devices; unknown lines are passed over.</summary>
    /// <param name="lines">Lines of the file.</param>
    /// <param name="vm">Virtual machine.</param>
    public static IReadOnlyList<GuestLspciDevice> Read(IEnumerable<string> lines, string? vm)
    {
        var devices = new List<GuestLspciDevice>();
        foreach (var line in lines)
        {
            if (line.Length > 2000) continue;
            if (Heading.Match(line) is { Success: true } heading)
            {
                var ids = Ids.Match(line);
                devices.Add(new GuestLspciDevice
                {
                    VM = vm,
                    GuestAddress = heading.Groups["address"].Value.ToLowerInvariant(),
                    Description = heading.Groups["text"].Value,
                    VendorId = ids.Success ? Hex(ids.Groups["vendor"].Value) : null,
                    DeviceId = ids.Success ? Hex(ids.Groups["device"].Value) : null,
                });
            }
            else if (devices.Count > 0)
            {
                devices[devices.Count - 1] = Add(devices[devices.Count - 1], line);
            }
        }

        return devices;
    }

    private static GuestLspciDevice Add(GuestLspciDevice device, string line)
    {
        if (MsiX.Match(line) is { Success: true } msix)
        {
            return device with
            {
                MsiXTableSize = int.Parse(msix.Groups["count"].Value, CultureInfo.InvariantCulture),
                Mode = msix.Groups["on"].Value == "+" ? InterruptMode.MsiX : device.Mode,
            };
        }

        if (Msi.Match(line) is { Success: true } msi && msi.Groups["on"].Value == "+") return device with { Mode = InterruptMode.Msi };
        return Driver.Match(line) is { Success: true } driver ? device with { Driver = driver.Groups["name"].Value } : device;
    }

    private static ushort Hex(string text) => ushort.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
