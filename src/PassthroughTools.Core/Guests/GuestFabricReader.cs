using System.Globalization;
using System.Text.Json;
using PassthroughTools.Evidence;

namespace PassthroughTools.Guests;

/// <summary>Reads the ports of a Windows guest: MSFC_FibrePortHBAAttributes, whose codes are those of the FC-HBA API.</summary>
internal static class GuestFabricReader
{
    private const int Online = 2;
    private const int PrivateLoop = 20;
    private const int PointToPoint = 21;

    private static readonly Dictionary<int, string> States = new()
    {
        [1] = "Unknown", [Online] = "Online", [3] = "Offline", [4] = "Bypassed", [5] = "Diagnostics", [6] = "Linkdown", [7] = "Error", [8] = "Loopback",
    };

    /// <summary>
    /// HBA_PORTSPEED: 1 to 8 as Microsoft's MSFC_HBAPortAttributesResults and VDS_HBAPORT_SPEED_FLAG list them, 16 and 32 as the SNIA's HBA API does, 64 as
    /// later editions and the vendors' do. Above that the sources disagree (512 is 50, or 128), so it is no speed here; nor are several bits at once.
    /// </summary>
    private static readonly Dictionary<int, double> Speeds = new() { [1] = 1, [2] = 2, [4] = 10, [8] = 4, [0x10] = 8, [0x20] = 16, [0x40] = 32 };

    /// <summary>Reads the answer.</summary>
    /// <param name="ports">Items of the answer.</param>
    /// <param name="guest">Guest.</param>
    public static IReadOnlyList<GuestFabricPort> Read(JsonElement ports, string guest)
    {
        var result = new List<GuestFabricPort>();
        try
        {
            foreach (var port in ports.EnumerateArray())
            {
                if (Wwn(port.GetProperty("wwpn").GetString()) is not { } wwn) continue;
                var state = Number(port.GetProperty("state"));
                var id = Number(port.GetProperty("id"));
                result.Add(new GuestFabricPort
                {
                    VM = guest,
                    PortWwn = wwn,
                    State = state is { } code && States.TryGetValue(code, out var word) ? word : "Unknown",
                    SpeedGbps = Number(port.GetProperty("speed")) is { } speed && Speeds.TryGetValue(speed, out var gigabits) && state == Online ? gigabits : null,

                    // Online alone is the link; an address other than 0 comes from the fabric, except on a private loop or a direct line.
                    IsLoggedIn = state == Online && id is not (null or 0) && Number(port.GetProperty("type")) is not (PrivateLoop or PointToPoint),
                });
            }
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException)
        {
            throw GuestErrors.AnswerDamaged.Because(e, null, guest, "a port is in no known form");
        }

        return result;
    }

    /// <summary>World-wide port name in pairs with colons; null for what is none.</summary>
    /// <param name="text">16 hexadecimal digits, with or without colons and 0x.</param>
    public static string? Wwn(string? text)
    {
        var digits = (text ?? "").Replace(":", "").ToLowerInvariant();
        if (digits.StartsWith("0x", StringComparison.Ordinal)) digits = digits.Substring(2);
        return digits.Length == 16 && digits.All(Uri.IsHexDigit) ? string.Join(":", Enumerable.Range(0, 8).Select(i => digits.Substring(2 * i, 2))) : null;
    }

    private static int? Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && int.TryParse(element.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
