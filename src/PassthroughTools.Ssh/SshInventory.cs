using System.Globalization;
using System.Text.RegularExpressions;

namespace PassthroughTools.Ssh;

/// <summary>A registered VM, as vim-cmd lists it.</summary>
/// <param name="Id">Number.</param>
/// <param name="VmxPaths">Where its .vmx may be: names may hold brackets, so that a line can be read in several ways, and the first that is a file counts.</param>
/// <param name="GuestId">Guest operating system; null where it can't be told.</param>
internal sealed record InventoryEntry(int Id, IReadOnlyList<string> VmxPaths, string? GuestId);

/// <summary>Reads <c>vim-cmd vmsvc/getallvms</c>.</summary>
internal static class SshInventory
{
    private const string Ending = ".vmx";
    private static readonly Regex Line = new(@"^(?<id>[0-9]{1,9}) .*\[.*\] .*\.vmx ", RegexOptions.CultureInvariant);

    // What stands for a VM whose files can't be reached; it may be running all the same.
    private static readonly Regex Invalid = new("^Skipping invalid VM '(?<id>[0-9]{1,9})'", RegexOptions.CultureInvariant);
    private static readonly Regex Guest = new("^ *(?<guest>[A-Za-z0-9_]+) +vmx-[0-9]", RegexOptions.CultureInvariant);

    /// <summary>True for a listing, even of no VM; an answer without its header is none.</summary>
    public static bool IsListing(IEnumerable<string> lines) => lines.Any(line => line.StartsWith("Vmid ", StringComparison.Ordinal));

    /// <summary>Reads the listing.</summary>
    /// <param name="lines">Its lines.</param>
    /// <param name="passedOver">Lines that are no VM's: an annotation of several lines makes some.</param>
    public static IReadOnlyList<InventoryEntry> Read(IEnumerable<string> lines, List<string> passedOver)
    {
        var entries = new List<InventoryEntry>();
        foreach (var line in lines)
        {
            if (line.StartsWith("Vmid ", StringComparison.Ordinal) || line.Trim().Length == 0) continue;
            if (Invalid.Match(line) is { Success: true } invalid)
            {
                entries.Add(new InventoryEntry(int.Parse(invalid.Groups["id"].Value, CultureInfo.InvariantCulture), [], null));
                continue;
            }

            if (Line.Match(line) is not { Success: true } match)
            {
                passedOver.Add(line);
                continue;
            }

            var cut = line.IndexOf(Ending + " ", StringComparison.Ordinal) + Ending.Length;
            var guest = Guest.Match(line.Substring(cut));
            entries.Add(new InventoryEntry(int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), [.. Paths(line.Substring(0, cut))], guest.Success ? guest.Groups["guest"].Value : null));
        }

        return entries;
    }

    private static IEnumerable<string> Paths(string head)
    {
        for (var rest = head; rest.IndexOf('[') is >= 0 and var open;)
        {
            rest = rest.Substring(open + 1);
            var close = rest.IndexOf("] ", StringComparison.Ordinal);
            if (close < 0) yield break;
            yield return "/vmfs/volumes/" + rest.Substring(0, close) + "/" + rest.Substring(close + 2);
        }
    }
}
