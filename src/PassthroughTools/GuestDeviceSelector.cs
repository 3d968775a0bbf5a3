using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;

namespace PassthroughTools;

/// <summary>Chooses devices of a guest by instance, hardware identifier, and vendor and device; each criterion narrows.</summary>
internal sealed class GuestDeviceSelector(string[]? instanceId, string[]? hardwareId, string[]? device)
{
    private static readonly Regex Pair = new("^([0-9A-F]{4}):([0-9A-F]{4})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Whether anything is asked for.</summary>
    public bool IsEmpty => instanceId is null && hardwareId is null && device is null;

    /// <summary>Chooses.</summary>
    /// <param name="export">Export to choose from.</param>
    /// <param name="problems">Criteria that no device meets, or that can't be met.</param>
    public IReadOnlyList<GuestMsiSetting> Choose(GuestMsiExport export, List<PassthruException> problems)
    {
        var criteria = new[]
        {
            Criterion(instanceId, text => Wildcard(text, setting => setting.InstanceId)),
            Criterion(hardwareId, text => Wildcard(text, setting => setting.HardwareId ?? "")),
            Criterion(device, Devices),
        };
        foreach (var (text, isMet) in criteria.SelectMany(criterion => criterion))
        {
            if (!export.Settings.Any(isMet)) problems.Add(NotFound(export, text));
        }

        return [.. export.Settings.Where(setting => Array.TrueForAll(criteria, criterion => criterion.Count == 0 || criterion.Exists(item => item.IsMet(setting))))];
    }

    private static List<(string Text, Func<GuestMsiSetting, bool> IsMet)> Criterion(string[]? texts, Func<string, Func<GuestMsiSetting, bool>> read) =>
        [.. (texts ?? []).Select(text => (text, read(text)))];

    private static Func<GuestMsiSetting, bool> Wildcard(string text, Func<GuestMsiSetting, string> property)
    {
        var pattern = new WildcardPattern(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return setting => pattern.IsMatch(property(setting));
    }

    private static Func<GuestMsiSetting, bool> Devices(string text)
    {
        var match = Pair.Match(text);
        if (!match.Success) throw RemediationErrors.DeviceInvalid.For(text, text);
        var (vendor, device) = (Hex(match.Groups[1].Value), Hex(match.Groups[2].Value));
        return setting => setting.VendorId == vendor && setting.DeviceId == device;
    }

    private static ushort Hex(string text) => ushort.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private PassthruException NotFound(GuestMsiExport export, string text) =>
        instanceId?.Contains(text) == true && !WildcardPattern.ContainsWildcardCharacters(text) && !GuestMsiWriter.IsPciInstance(text)
            ? GuestMsiErrors.NotPciInstance.For(text, text)
            : GuestMsiErrors.InstanceNotFound.For(text, export.Path, text);
}
