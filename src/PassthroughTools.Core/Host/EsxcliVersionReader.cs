using System.Globalization;
using System.Text.RegularExpressions;

namespace PassthroughTools.Host;

/// <summary>Reads <c>esxcli system version get</c>, or the one or two lines of <c>vmware -vl</c>.</summary>
public static class EsxcliVersionReader
{
    private const string Command = "esxcli system version get";
    private static readonly Regex BuildNumber = new("[0-9]{3,12}(?![0-9])", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2));

    /// <summary>Reads the version.</summary>
    /// <param name="lines">Lines without their ends.</param>
    /// <param name="source">File name; null for piped text.</param>
    /// <exception cref="PassthruException"><see cref="InputErrors.NotRecognized"/> or <see cref="HostErrors.FormatterUnsupported"/>.</exception>
    public static EsxVersion Read(IReadOnlyList<string> lines, string? source)
    {
        EsxcliFormatter.Refuse(lines, source, Command);
        var fields = new FieldTable();
        var loose = new List<string>();
        foreach (var line in lines.Where(line => line.Trim().Length > 0 && line.Length <= HostText.MaximumLineLength && !HostText.IsShellNoise(line)).Take(100))
        {
            var colon = line.IndexOf(':');
            if (colon > 0) fields.TryAdd(line.Substring(0, colon).Trim(), line.Substring(colon + 1).Trim());
            else loose.Add(line);
        }

        if (fields.Get("Version") is { } number && EsxVersion.TryParse(number, out var version))
        {
            var build = fields.Get("Build") is { } text && BuildNumber.Match(text) is { Success: true } match
                ? long.Parse(match.Value, NumberStyles.None, CultureInfo.InvariantCulture)
                : version.Build;
            var third = number.Split('.') is { Length: >= 3 } parts && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : (int?)null;
            return EsxVersion.Create(version.Major, version.Minor, third, HostText.NumberOrNone(fields.Get("Update")), build);
        }

        return FromLines(loose) ?? throw InputErrors.NotRecognized.For(source, HostText.Name(source), "the version of an ESXi host", Command);
    }

    // vmware -vl prints the build in its first line and the update in its second.
    private static EsxVersion? FromLines(List<string> lines)
    {
        EsxVersion? result = null;
        foreach (var line in lines)
        {
            if (!EsxVersion.TryParse(line, out var version)) continue;
            if (result is null)
            {
                result = version;
            }
            else if ((result.Major, result.Minor) == (version.Major, version.Minor))
            {
                // "VMware ESXi 5.0.0 GA" says that it is the first release.
                var saysUpdate = version.IsUpdateKnown || line.TrimEnd().EndsWith(" GA", StringComparison.Ordinal);
                result = saysUpdate && !result.IsUpdateKnown
                    ? result with { Update = version.Update, IsUpdateKnown = true, Build = result.Build ?? version.Build }
                    : result with { Build = result.Build ?? version.Build };
            }
        }

        return result;
    }
}
