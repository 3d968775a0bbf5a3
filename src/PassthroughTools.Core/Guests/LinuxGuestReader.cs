using System.Globalization;
using System.Text;
using System.Text.Json;
using PassthroughTools.Evidence;
using PassthroughTools.Pci;
using PassthroughTools.Registry;
using PassthroughTools.Vmx;

namespace PassthroughTools.Guests;

/// <summary>Reads what the Linux guest script prints: lspci's listing, and lines of sysfs that begin with <c>=</c>.</summary>
internal static class LinuxGuestReader
{
    private static readonly Dictionary<string, string> Knobs = new(StringComparer.Ordinal)
    {
        ["lpfc"] = "lpfc_use_msi: 0 INTx, 1 MSI, 2 MSI-X; lpfc_irq_chann and lpfc_hdw_queue for fewer vectors",
        ["qla2xxx"] = "ql2xenablemsix: 0 INTx, 1 MSI-X, 2 MSI",
        ["mpt3sas"] = "max_msix_vectors, or msix_disable=1",
        ["mpt2sas"] = "max_msix_vectors, or msix_disable=1",
        ["mlx4_core"] = "msi_x: 0 off, 1 on, 2 and more a limit",
        ["mlx5_core"] = "NUM_PF_MSIX in the adapter's firmware (mlxconfig)",
        ["ice"] = "follows the number of CPUs; devlink's msix_vec_per_pf_max from kernel 6.14 on",
        ["i40e"] = "follows the number of CPUs: give the VM fewer vCPUs",
        ["nvme"] = "follows the number of CPUs: give the VM fewer vCPUs",
    };

    /// <summary>Text of an answer.</summary>
    /// <param name="items">Items of the answer.</param>
    /// <param name="guest">For the message.</param>
    public static IReadOnlyList<string> Text(JsonElement items, string guest)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(items[0].GetString() ?? "")).Split('\n');
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw GuestErrors.AnswerDamaged.Because(e, null, guest, "its text can't be decoded");
        }
    }

    /// <summary>The devices. One that neither lspci nor sysfs lists is not there.</summary>
    /// <param name="lines">Lines of the answer.</param>
    /// <param name="guest">Guest.</param>
    /// <param name="slots">The VM's slots; null where they are not known.</param>
    public static IReadOnlyList<LinuxGuestDevice> Devices(IReadOnlyList<string> lines, string guest, IReadOnlyList<PassthruSlot>? slots)
    {
        // Where the first try of lspci failed in the middle, the second one lists its devices again.
        var listed = GuestLspciReader.Read(lines.Where(line => !line.StartsWith("=", StringComparison.Ordinal)), guest)
            .GroupBy(device => Full(device.GuestAddress), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
        var parameters = Rows(lines, "=parameter", 3).ToLookup(row => row[0], row => (Name: row[1], Value: row[2]), StringComparer.Ordinal);
        var devices = new List<LinuxGuestDevice>();
        foreach (var row in Rows(lines, "=device", 6))
        {
            listed.TryGetValue(row[0], out var known);
            var driver = row[3] == "-" ? known?.Driver : row[3];
            var (vendor, device) = (Hex(row[1]) ?? known?.VendorId, Hex(row[2]) ?? known?.DeviceId);
            var path = GuestPciPath.FromSysfs(row[5]);
            var (slot, note) = slots is null ? (null, null) : GuestSlotMapper.ByPlace(slots, path, vendor, device);
            devices.Add(Device(guest, row[0], vendor, device, driver, known, parameters) with
            {
                BusPath = path,
                Slot = slot,
                SlotNote = note,
                Vectors = int.TryParse(row[4], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null,
            });
            listed.Remove(row[0]);
        }

        devices.AddRange(listed.Select(pair => Device(guest, pair.Key, pair.Value.VendorId, pair.Value.DeviceId, pair.Value.Driver, pair.Value, parameters)));
        return devices;
    }

    /// <summary>The Fibre Channel ports.</summary>
    /// <param name="lines">Lines of the answer.</param>
    /// <param name="guest">Guest.</param>
    public static IReadOnlyList<GuestFabricPort> Ports(IReadOnlyList<string> lines, string guest) =>
        [.. Rows(lines, "=port", 5).Where(row => GuestFabricReader.Wwn(row[0]) is not null).Select(row => new GuestFabricPort
        {
            VM = guest,
            PortWwn = GuestFabricReader.Wwn(row[0])!,
            State = row[1],
            SpeedGbps = Speed(row[2]),
            IsLoggedIn = row[1].Equals("Online", StringComparison.OrdinalIgnoreCase) && row[3].Trim('0', 'x').Length > 0
                && !row[4].StartsWith("LPort", StringComparison.OrdinalIgnoreCase) && !row[4].StartsWith("Point-To-Point", StringComparison.OrdinalIgnoreCase),
        })];

    private static LinuxGuestDevice Device(
        string guest, string address, ushort? vendor, ushort? device, string? driver, GuestLspciDevice? known, ILookup<string, (string Name, string Value)> parameters) => new()
    {
        VM = guest,
        InstanceId = address,
        Device = known?.Description,
        HardwareId = vendor is null || device is null ? null : FormattableString.Invariant($"{vendor:x4}:{device:x4}"),
        InterruptMessageMaximum = known?.MsiXTableSize,
        Mode = known?.Mode ?? InterruptMode.Unknown,
        Driver = driver,
        Parameters = parameters[driver ?? ""].ToDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal),
        Advice = driver is not null && Knobs.TryGetValue(driver, out var knob) ? knob : null,
    };

    /// <summary>One number and the kernel's unit (<c>16 Gbit</c>); <c>unknown</c>, <c>Not Negotiated</c> and whatever else is no speed.</summary>
    private static double? Speed(string text) =>
        text.Split('_') is [var number, "Gbit"] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var speed) && speed > 0 ? speed : null;

    /// <summary>Rows of a kind; an empty field is a dash or nothing at all, so the row may be shorter.</summary>
    private static IEnumerable<string[]> Rows(IReadOnlyList<string> lines, string kind, int count) =>
        lines.Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal))
            .Select(line => line.Substring(kind.Length + 1).TrimEnd().Split(' '))
            .Where(fields => fields.Length <= count && fields[0].Length > 0)
            .Select(fields => fields.Concat(Enumerable.Repeat("", count - fields.Length)).ToArray());

    private static string Full(string address) => address.IndexOf(':') == address.LastIndexOf(':') ? "0000:" + address : address;

    private static ushort? Hex(string text) =>
        ushort.TryParse(text.StartsWith("0x", StringComparison.Ordinal) ? text.Substring(2) : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;
}
