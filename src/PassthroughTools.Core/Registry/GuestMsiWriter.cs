using System.Globalization;
using System.Text.RegularExpressions;

namespace PassthroughTools.Registry;

/// <summary>Builds the .reg scripts that change interrupt settings in a Windows guest.</summary>
public static class GuestMsiWriter
{
    private static readonly Regex PciInstance = new(
        @"^PCI\\(VEN_[0-9A-F]{4}&DEV_[0-9A-F]{4}[&_0-9A-Z]*)\\([^\\\x00-\x1f\x7f\[\]""/]+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Builds the change and its inverse. Only values that differ are written.</summary>
    /// <param name="export">Export of <c>Enum\PCI</c> that shows the present state.</param>
    /// <param name="changes">What to change, each device once.</param>
    /// <exception cref="PassthruException">Any of <see cref="GuestMsiErrors"/>, or <see cref="RegErrors.DuplicateValue"/>.</exception>
    public static GuestMsiChangeSet BuildChange(RegDocument export, IEnumerable<GuestMsiChange> changes)
    {
        var settings = GuestMsiReader.Read(export).ToDictionary(setting => setting.InstanceId, StringComparer.OrdinalIgnoreCase);
        var steps = new List<GuestMsiStep>();
        var warnings = new List<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var change in changes)
        {
            if (!IsPciInstance(change.InstanceId)) throw GuestMsiErrors.NotPciInstance.For(change.InstanceId, change.InstanceId);
            if (!settings.TryGetValue(change.InstanceId, out var setting))
                throw GuestMsiErrors.InstanceNotFound.For(change.InstanceId, export.Source ?? ".reg", change.InstanceId);
            Check(change, setting, seen.Add(change.InstanceId), warnings);
            var key = setting.KeyPath + "\\" + GuestMsiReader.MsiKey;
            Add(GuestMsiReader.SupportedName, change.MsiSupported is { } on ? RegData.Dword(on ? 1u : 0u) : null, change.RemoveMsiSupported);
            Add(GuestMsiReader.LimitName, change.MessageNumberLimit is { } limit ? RegData.Dword((uint)limit) : null, change.RemoveMessageNumberLimit);

            void Add(string name, RegData? value, bool remove)
            {
                if (value is null && !remove) return;
                var old = export.GetSingleValue(key, name);
                if (!Equals(old, value)) steps.Add(new GuestMsiStep(setting.InstanceId, key, name, old, value));
            }
        }

        var script = RegDocument.Create();
        foreach (var step in steps)
        {
            if (step.NewValue is { } value) script.SetValue(step.KeyPath, step.Name, value);
            else script.MarkValueDeleted(step.KeyPath, step.Name);
        }

        return new GuestMsiChangeSet { Steps = steps, Change = script, Inverse = script.Inverse(export), Warnings = warnings };
    }

    /// <summary>Whether an instance id names a PCI device and nothing else.</summary>
    /// <param name="instanceId">Instance id.</param>
    public static bool IsPciInstance(string? instanceId) =>
        instanceId is not null && PciInstance.Match(instanceId) is { Success: true } match && match.Groups[2].Value.Trim('.', ' ').Length > 0;

    private static void Check(GuestMsiChange change, GuestMsiSetting setting, bool isFirst, List<string> warnings)
    {
        if (!isFirst) throw Invalid("the device is given twice");
        if (change is { MsiSupported: not null, RemoveMsiSupported: true }) throw Invalid($"{GuestMsiReader.SupportedName} is to be set and to be removed");
        if (change is { MessageNumberLimit: not null, RemoveMessageNumberLimit: true }) throw Invalid($"{GuestMsiReader.LimitName} is to be set and to be removed");
        if (change is { MessageNumberLimit: null, RemoveMessageNumberLimit: false, MsiSupported: null, RemoveMsiSupported: false }) throw Invalid("it changes nothing");
        if (change.MessageNumberLimit is not { } limit) return;

        var isMsiLimit = limit is 1 or 2 or 4 or 8 or 16;
        if (limit is < 1 or > 2048) throw BadLimit("it is not between 1 and 2048");
        if (setting.InterruptSupport is { } support && (support & (GuestInterruptSupport.Msi | GuestInterruptSupport.MsiX)) == GuestInterruptSupport.None)
            throw BadLimit("the device has neither MSI nor MSI-X");
        var isMsiX = setting.InterruptSupport is { } kinds ? kinds.HasFlag(GuestInterruptSupport.MsiX) : setting.InterruptMessageMaximum > 32 ? true : (bool?)null;
        if (isMsiX == false && !isMsiLimit) throw BadLimit("the device has MSI only, not MSI-X");
        if (isMsiX is null && !isMsiLimit)
            warnings.Add($"{setting.InstanceId}: {GuestMsiReader.LimitName} {limit} is valid for MSI-X only, and the export doesn't tell whether the device has it");
        if (setting.InterruptMessageMaximum is { } maximum && limit >= maximum)
            warnings.Add($"{setting.InstanceId}: {GuestMsiReader.LimitName} {limit} limits nothing, the device has {maximum} messages");

        PassthruException Invalid(string why) => GuestMsiErrors.InvalidChange.For(change.InstanceId, change.InstanceId, why);
        PassthruException BadLimit(string why) =>
            GuestMsiErrors.InvalidLimit.For(change.InstanceId, limit.ToString(CultureInfo.InvariantCulture), change.InstanceId, why);
    }
}
