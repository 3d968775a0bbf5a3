using System.Globalization;
using System.Text.RegularExpressions;
using PassthroughTools.Pci;

namespace PassthroughTools.Host;

/// <summary>What the readers of host commands have in common: numbers as ESXi prints them, and the lines that a terminal adds.</summary>
internal static class HostText
{
    /// <summary>Longest line that is looked at; no host command prints a longer one.</summary>
    public const int MaximumLineLength = 8192;

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
    private const string Command = @"(?:/\S{0,200}/)?(?:(?:esxcli|localcli|vsish|lspci|vmkvsitools|ssh|cat)\b|vmware\s+-)";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // "[root@esx1:~] esxcli …", "~ # lspci", "/tmp # ", "root@jump:~$ ssh esx1 …", or the command alone.
    private static readonly Regex Prompt = new(
        @"^(?:\[root[^\]]{0,200}\]\s*[#$]?(?:\s|$)|~\s*[#$](?:\s|$)|/\S{0,200}\s+[#$](?:\s|$)|\S{1,200}@\S{1,200}?[#$>](?:\s|$)|[#$>]?\s{0,4}" + Command + ")",
        Options, Patience);

    private static readonly Regex Fence = new("^(?:`{3}|~{3})", Options, Patience);

    /// <summary>True for a shell prompt, an echoed command, or the fence around a quotation.</summary>
    /// <param name="line">A line of the text.</param>
    public static bool IsShellNoise(string line)
    {
        // A prompt shows within its first characters; the rest of a long line can only cost time.
        var start = line.TrimStart();

        // Almost no line is one, and most begin with nothing that one can begin with: the expressions are much slower than this.
        if (start.Length == 0 || ("[~/`#$>elvscELVSC".IndexOf(start[0]) < 0 && start.IndexOf('@') < 0)) return false;
        if (start.Length > 300) start = start.Substring(0, 300);
        return Prompt.IsMatch(start) || Fence.IsMatch(start);
    }

    /// <summary>Name of the text in an error.</summary>
    /// <param name="source">File name, if any.</param>
    public static string Name(string? source) => source ?? "piped text";

    /// <summary>Reads a decimal or 0x number; null when blank or no number.</summary>
    /// <param name="text">Number as printed.</param>
    public static long? Number(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        if (trimmed.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return long.TryParse(trimmed.Substring(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hexadecimal) && hexadecimal >= 0
                ? hexadecimal
                : null;
        }

        return long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>Reads a number of which 4294967295 and -1 stand for none.</summary>
    /// <param name="text">Number as printed.</param>
    public static int? NumberOrNone(string? text) => Number(text) is >= 0 and <= int.MaxValue and var value ? (int)value : null;

    /// <summary>Reads true or false in any case.</summary>
    /// <param name="text">Word as printed.</param>
    public static bool? Boolean(string? text) => text?.Trim().ToUpperInvariant() switch
    {
        "TRUE" => true,
        "FALSE" => false,
        _ => null,
    };

    /// <summary>Reads an address as host commands list it: hexadecimal, or decimal where the bus has three digits (ESXi 5.x).</summary>
    /// <param name="text">Address as printed.</param>
    /// <param name="address">The address.</param>
    public static bool TryAddress(string? text, out PciAddress address) => PciAddress.TryParse(text, PciAddressNotation.Log, out address);

    /// <summary>Null for blank text.</summary>
    /// <param name="text">Text to trim.</param>
    public static string? NullIfBlank(string? text)
    {
        var trimmed = text?.Trim();
        return string.IsNullOrEmpty(trimmed) ? null : trimmed;
    }
}
