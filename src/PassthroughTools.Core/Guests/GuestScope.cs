using PassthroughTools.Registry;

namespace PassthroughTools.Guests;

/// <summary>What is read and written of a device instance, whatever the way: the one description that all of them share.</summary>
internal static class GuestScope
{
    /// <summary>Registry values below an instance's key: key ("" for the instance's own) and name.</summary>
    public static readonly IReadOnlyList<(string Key, string Name)> Values =
    [
        ("", "FriendlyName"), ("", "DeviceDesc"), ("", "Class"), ("", "Service"), ("", "Driver"), ("", "LocationInformation"),
        (GuestMsiReader.InterruptKey, GuestMsiReader.LegacyName),
        (GuestMsiReader.MsiKey, GuestMsiReader.SupportedName), (GuestMsiReader.MsiKey, GuestMsiReader.LimitName), (GuestMsiReader.MsiKey, GuestMsiReader.LegacyName),
        (GuestMsiReader.AffinityKey, "DevicePolicy"), (GuestMsiReader.AffinityKey, "DevicePriority"),
    ];

    /// <summary>Keys that may be created, and removed again while they are empty.</summary>
    public static readonly IReadOnlyList<string> Keys = ["Device Parameters", GuestMsiReader.InterruptKey, GuestMsiReader.MsiKey];

    /// <summary>Values that may be written, in <see cref="GuestMsiReader.MsiKey"/>.</summary>
    public static readonly IReadOnlyList<string> Writable = [GuestMsiReader.SupportedName, GuestMsiReader.LimitName];

    /// <summary>Key of all PCI devices.</summary>
    public const string EnumPci = @"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI";

    private const string Middle = @"\Enum\PCI\";

    /// <summary>Splits a path of a plan or a journal into instance, key below it and value name; null where it is none of ours.</summary>
    /// <param name="path">Full path of a value, or of a key with a trailing backslash.</param>
    public static GuestSettingPath? Split(string path)
    {
        var at = path.IndexOf(Middle, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var parts = path.Substring(at + Middle.Length).Split('\\');
        if (parts.Length < 4) return null;
        var instance = @"PCI\" + parts[0] + "\\" + parts[1];
        var rest = string.Join("\\", parts.Skip(2).Take(parts.Length - 3));
        var name = parts[parts.Length - 1];
        var key = Keys.FirstOrDefault(each => each.Equals(rest, StringComparison.OrdinalIgnoreCase));
        if (!GuestMsiWriter.IsPciInstance(instance) || key is null) return null;
        if (name.Length == 0) return new GuestSettingPath(instance, key, null);
        return key == GuestMsiReader.MsiKey && Writable.FirstOrDefault(each => each.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known
            ? new GuestSettingPath(instance, key, known)
            : null;
    }
}

/// <summary>A value, or a key, below a PCI device instance.</summary>
/// <param name="InstanceId"><c>PCI\VEN_…\instance</c>.</param>
/// <param name="Key">Key below the instance.</param>
/// <param name="Name">Name of the value; null for the key itself.</param>
internal sealed record GuestSettingPath(string InstanceId, string Key, string? Name);
