using System.Globalization;
using System.Text.RegularExpressions;

namespace PassthroughTools.Vmx;

/// <summary>
/// Where a device is plugged in: device and function of each bridge from the root bus on, then of the device itself, in hexadecimal with slashes between
/// (<c>16.0/00.0</c>). Bus numbers are the guest firmware's choice and are not part of it.
/// </summary>
/// <remarks>
/// VMware documents how <c>pciSlotNumber</c> is made (KB 311606, formerly 2047927): five bits of device, five bits of bridge (0 for the root bus, else
/// <c>pciBridgeN</c> with N one less, whose own number is made alike), three bits of the bridge's function. KB 407595 tells that EFI VMs have another
/// layout from virtual hardware 20 on: for those nothing is derived.
/// </remarks>
internal static class GuestPciPath
{
    /// <summary>First virtual hardware whose EFI VMs have another layout.</summary>
    public const int FirstOtherLayout = 20;

    private const int MostBridges = 8;

    private static readonly Regex WindowsRoot = new(@"\APCIROOT\(0\)((?:#PCI\([0-9A-F]{4}\))+)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    private static readonly Regex WindowsStep = new(@"#PCI\(([0-9A-F]{2})0([0-7])\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    private static readonly Regex SysfsRoot = new(@"(?:\A|/)pci0000:00((?:/0000:[0-9a-f]{2}:[01][0-9a-f]\.[0-7])+)\z", RegexOptions.CultureInvariant);

    /// <summary>Where the number puts a device.</summary>
    /// <param name="slotNumber"><c>pciSlotNumber</c> of the device; null or not above 0 where it has none.</param>
    /// <param name="bridge"><c>pciBridgeN.pciSlotNumber</c> by N, null where it is not known; null where the layout of the VM is not known.</param>
    /// <returns>Null where it can't be told.</returns>
    public static string? FromSlotNumber(long? slotNumber, Func<int, int?>? bridge)
    {
        if (slotNumber is not (> 0 and < 1 << 13) || bridge is null) return null;
        var number = (int)slotNumber.Value;
        var steps = new List<string> { Step(number & 0x1f, 0) };
        while ((number >> 5 & 0x1f) is > 0 and var above)
        {
            if (steps.Count > MostBridges || bridge(above - 1) is not (> 0 and < 1 << 13 and var parent)) return null;
            steps.Insert(0, Step(parent & 0x1f, number >> 10));
            number = parent;
        }

        return string.Join("/", steps);
    }

    /// <summary>Reads Windows' location path (<c>PCIROOT(0)#PCI(1600)#PCI(0000)</c>, DEVPKEY_Device_LocationPaths).</summary>
    /// <param name="text">Location path.</param>
    /// <returns>Null where it is none, or begins at another root.</returns>
    public static string? FromWindows(string? text)
    {
        if (text is null || text.Length > 1000 || WindowsRoot.Match(text) is not { Success: true } match) return null;
        var steps = WindowsStep.Matches(match.Groups[1].Value).Cast<Match>().Select(step => Step(Hex(step.Groups[1].Value), Hex(step.Groups[2].Value))).ToList();
        return steps.Count == match.Groups[1].Value.Count(character => character == '#') ? string.Join("/", steps) : null;
    }

    /// <summary>Reads the path of a device in Linux' sysfs (<c>…/pci0000:00/0000:00:16.0/0000:0b:00.0</c>).</summary>
    /// <param name="text">Path.</param>
    /// <returns>Null where it is none, or begins at another root.</returns>
    public static string? FromSysfs(string? text) =>
        text is null || text.Length > 1000 || SysfsRoot.Match(text) is not { Success: true } match ? null
        : string.Join("/", match.Groups[1].Value.Split('/').Skip(1).Select(step => step.Substring("0000:00:".Length)));

    private static string Step(int device, int function) => FormattableString.Invariant($"{device:x2}.{function}");

    private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
