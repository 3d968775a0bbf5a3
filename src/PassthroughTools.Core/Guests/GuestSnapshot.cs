using System.Globalization;
using System.Text.Json;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;
using PassthroughTools.Vmx;

namespace PassthroughTools.Guests;

/// <summary>A Windows guest's answer, read by the same reader as an export.</summary>
internal static class GuestSnapshot
{
    /// <summary>Request for devices.</summary>
    /// <param name="prefixes">What the instance ids begin with; empty for all PCI devices.</param>
    public static IReadOnlyList<IReadOnlyList<string?>> Items(IReadOnlyList<string> prefixes) =>
        [[string.Join("\n", prefixes)], .. GuestScope.Values.Select(value => (IReadOnlyList<string?>)[value.Key, value.Name])];

    /// <summary>Reads the answer.</summary>
    /// <param name="devices">Items of the answer.</param>
    /// <param name="guest">Guest.</param>
    /// <param name="slots">The VM's slots; null where they are not known.</param>
    /// <exception cref="PassthruException"><see cref="GuestErrors.AnswerDamaged"/>, or as <see cref="GuestMsiReader.Read(RegDocument, string?)"/>.</exception>
    public static GuestMsiExport Read(JsonElement devices, string guest, IReadOnlyList<PassthruSlot>? slots)
    {
        var document = RegDocument.Create();
        var extras = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        try
        {
            foreach (var device in devices.EnumerateArray())
            {
                var (model, instance) = (device.GetProperty("model").GetString()!, device.GetProperty("instance").GetString()!);

                // Hardware that can't have these settings, or a name that no PCI device has: it can't be changed, and is not shown.
                if (!GuestMsiWriter.IsPciInstance($@"PCI\{model}\{instance}")) continue;
                var key = $@"{GuestScope.EnumPci}\{model}\{instance}";
                document.AddKey(key);
                foreach (var value in device.GetProperty("values").EnumerateArray())
                {
                    var path = value[0].GetString() is { Length: > 0 } sub ? key + "\\" + sub : key;
                    document.AddKey(path);
                    if (GuestValues.Read(value[2], guest) is { } data) document.SetValue(path, value[1].GetString() ?? throw new InvalidOperationException("A value has no name."), data);
                }

                Property(document, key, 14, device.GetProperty("support"));
                Property(document, key, 15, device.GetProperty("maximum"));
                extras[$@"PCI\{model}\{instance}"] = device;
            }
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw GuestErrors.AnswerDamaged.Because(e, null, guest, "a device is in no known form");
        }

        try
        {
            var settings = extras.Count == 0 ? [] : GuestMsiReader.Read(document, guest);
            return new GuestMsiExport(guest, document, GuestSlotMapper.Number([.. settings.Select(setting => Complete(setting, extras[setting.InstanceId]))], slots));
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException)
        {
            throw GuestErrors.AnswerDamaged.Because(e, null, guest, "a device is in no known form");
        }
    }

    private static GuestMsiSetting Complete(GuestMsiSetting setting, JsonElement device) => setting with
    {
        Source = null,
        DriverVersion = device.GetProperty("version").GetString(),
        Class = setting.Class ?? device.GetProperty("class").GetString(),
        IsPresent = Flag(device.GetProperty("present")),
        BusPath = GuestPciPath.FromWindows(device.GetProperty("path").GetString()),
        RestartPending = IsRestartPending(device),
        SettingsWritten = Time(device.GetProperty("written")) is { } time ? DateTimeOffset.FromFileTime(time).ToUniversalTime() : null,
    };

    /// <summary>False only where the keys have been as they are since before the guest started, so that the driver found them so.</summary>
    private static bool? IsRestartPending(JsonElement device)
    {
        const string NeedRestart = "14";
        if (Flag(device.GetProperty("present")) == false) return null;
        var code = device.GetProperty("code").GetString();
        if (code == NeedRestart || Flag(device.GetProperty("reboot")) == true) return true;
        return code is not null && Time(device.GetProperty("written")) < Time(device.GetProperty("boot")) ? false : null;
    }

    /// <summary>A FILETIME that can be one: after 1980 and before the year 9999.</summary>
    private static long? Time(JsonElement element) =>
        long.TryParse(element.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time is > 119_600_064_000_000_000 and < 2_650_467_743_990_000_000 ? time : null;

    private static bool? Flag(JsonElement element) => element.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    /// <summary>Device properties come as numbers, in the form that an export has them in.</summary>
    private static void Property(RegDocument document, string key, int id, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String || !uint.TryParse(element.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return;
        const uint UInt32Property = 0xffff0007;
        document.SetValue(key + "\\" + GuestMsiReader.PciProperties + id.ToString("X4", CultureInfo.InvariantCulture), "", new RegData(UInt32Property, [.. RegData.Dword(number).Bytes]));
    }
}
