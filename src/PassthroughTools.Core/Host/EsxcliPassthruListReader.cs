namespace PassthroughTools.Host;

/// <summary>
/// Reads <c>esxcli hardware pci pcipassthru list</c>, which exists from ESXi 7.0 on; before, <c>Passthru Capable</c> of
/// <see cref="EsxcliPciListReader"/> is all that the host tells.
/// </summary>
public static class EsxcliPassthruListReader
{
    private const string Command = "esxcli hardware pci pcipassthru list";

    /// <summary>Reads all rows. A head without rows is an empty list: no device can be passed through.</summary>
    /// <param name="lines">Lines without their ends.</param>
    /// <param name="source">File name; null for piped text.</param>
    /// <exception cref="PassthruException">
    /// <see cref="InputErrors.NotRecognized"/>, <see cref="HostErrors.FormatterUnsupported"/> or <see cref="HostErrors.PassthruRowUnreadable"/>.
    /// </exception>
    public static IReadOnlyList<EsxcliPassthruDevice> Read(IReadOnlyList<string> lines, string? source)
    {
        EsxcliFormatter.Refuse(lines, source, Command);
        var devices = new List<EsxcliPassthruDevice>();
        var hasHead = false;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line.Length > HostText.MaximumLineLength || HostText.IsShellNoise(line) || line.All(character => character is '-' or ' ')) continue;
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["Device", "ID", "Enabled"])
            {
                hasHead = true;
            }
            else if (words.Length == 2 && HostText.TryAddress(words[0], out var address) && HostText.Boolean(words[1]) is { } enabled)
            {
                devices.Add(new EsxcliPassthruDevice(address, enabled) { Source = source, Line = i + 1 });
            }
            else if (devices.Count > 0 && lines.Skip(i + 1).All(rest => rest.Trim().Length == 0))
            {
                var last = devices[devices.Count - 1];
                devices[devices.Count - 1] = last with { Warnings = [FormattableString.Invariant($"Line {i + 1}, the last one, is no whole row and was ignored.")] };
            }
            else if (hasHead || devices.Count > 0)
            {
                throw HostErrors.PassthruRowUnreadable.For(source, HostText.Name(source), i + 1, line.Length > 80 ? line.Substring(0, 80) + "…" : line);
            }
            else
            {
                break;
            }
        }

        return hasHead || devices.Count > 0
            ? devices
            : throw InputErrors.NotRecognized.For(source, HostText.Name(source), "the list of devices for pass-through", Command);
    }
}
