using System.Globalization;
using System.Text.RegularExpressions;

namespace PassthroughTools.Evidence;

/// <summary>A Fibre Channel port as the guest sees it.</summary>
public sealed record GuestFabricPort
{
    /// <summary>Virtual machine.</summary>
    public string? VM { get; init; }

    /// <summary>World-wide port name, 16 hexadecimal digits in pairs with colons.</summary>
    public required string PortWwn { get; init; }

    /// <summary>State as the guest words it, such as Online or Linkdown.</summary>
    public required string State { get; init; }

    /// <summary>Speed in Gbit/s; null when down or not told.</summary>
    public double? SpeedGbps { get; init; }

    /// <summary>True when the port is logged in to the fabric.</summary>
    public bool IsLoggedIn { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{PortWwn}: {State}";
}

/// <summary>Reads <c>guest-fc-ports.txt</c>: a line a port, world-wide port name, state, speed.</summary>
public static class GuestFabricPortReader
{
    private static readonly Regex Row = new(
        @"^\s*(?:0x)?(?<wwn>(?:[0-9a-f]{2}:?){8})\s+(?<state>\S+)(?:\s+(?<speed>[0-9.]+)?\s*(?<unit>\S.*)?)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    /// <summary>Reads the ports; lines that name none are passed over.</summary>
    /// <param name="lines">Lines of the file.</param>
    /// <param name="vm">Virtual machine.</param>
    public static IReadOnlyList<GuestFabricPort> Read(IEnumerable<string> lines, string? vm)
    {
        var ports = new List<GuestFabricPort>();
        foreach (var line in lines)
        {
            if (line.Length > 500 || Row.Match(line) is not { Success: true } match) continue;
            var digits = match.Groups["wwn"].Value.Replace(":", "").ToLowerInvariant();
            ports.Add(new GuestFabricPort
            {
                VM = vm,
                PortWwn = string.Join(":", Enumerable.Range(0, 8).Select(i => digits.Substring(2 * i, 2))),
                State = match.Groups["state"].Value,
                SpeedGbps = double.TryParse(match.Groups["speed"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) && speed > 0 ? speed : null,
                IsLoggedIn = string.Equals(match.Groups["state"].Value, "Online", StringComparison.OrdinalIgnoreCase),
            });
        }

        return ports;
    }
}
