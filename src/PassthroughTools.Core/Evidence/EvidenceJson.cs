using System.Globalization;
using System.Text.Json;
using PassthroughTools.Host;
using PassthroughTools.Text;

namespace PassthroughTools.Evidence;

/// <summary><c>host.json</c>: what no command's output tells.</summary>
/// <param name="Name">Host name.</param>
/// <param name="Version">ESXi version.</param>
/// <param name="LogicalCpus">Logical CPUs.</param>
/// <param name="CollectedAt">When the evidence was collected.</param>
public sealed record HostJson(string? Name, EsxVersion? Version, int? LogicalCpus, DateTimeOffset? CollectedAt);

/// <summary><c>vm.json</c>: what the .vmx does not tell.</summary>
/// <param name="Name">Display name.</param>
/// <param name="PowerState">Power state.</param>
/// <param name="GuestId">Guest operating system as the API names it.</param>
public sealed record VMJson(string? Name, VMPowerState PowerState, string? GuestId);

/// <summary>Reads the JSON files of the evidence. Properties that are not known are passed over; those that are of the wrong type are errors.</summary>
public static class EvidenceJson
{
    /// <summary>Latest version of the files that is read.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Reads host.json.</summary>
    /// <param name="path">File.</param>
    /// <exception cref="PassthruException"><see cref="EvidenceErrors.BadJson"/>, <see cref="EvidenceErrors.NewerSchema"/> or an <see cref="InputErrors"/>.</exception>
    public static HostJson ReadHost(string path) => Read(path, root =>
    {
        var version = Text(root, "version");
        EsxVersion? parsed = null;
        if (version is not null && !EsxVersion.TryParse(version, out parsed)) throw new FormatException(FormattableString.Invariant($"version '{version}' is not an ESXi version"));
        var build = Number(root, "build");
        return new HostJson(Text(root, "name"), parsed is not null && build is not null ? parsed with { Build = build } : parsed, (int?)Number(root, "logicalCpus"), Time(root, "collectedAt"));
    });

    /// <summary>Reads vm.json.</summary>
    /// <param name="path">File.</param>
    /// <exception cref="PassthruException">As <see cref="ReadHost"/>.</exception>
    public static VMJson ReadVM(string path) => Read(path, root => new VMJson(Text(root, "name"), PowerState(Text(root, "powerState")), Text(root, "guestId")));

    private static T Read<T>(string path, Func<JsonElement, T> read)
    {
        var text = TextFile.ReadAllText(path);
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new FormatException("the outermost value is not an object");
            if (Number(document.RootElement, "schemaVersion") is > SchemaVersion and var newer)
                throw EvidenceErrors.NewerSchema.For(path, path, newer, SchemaVersion);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw EvidenceErrors.BadJson.Because(e, path, path, e.Message);
        }
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

    private static long? Number(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;

        // A build number is often quoted.
        return value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, NumberStyles.None, CultureInfo.InvariantCulture) : value.GetInt64();
    }

    private static DateTimeOffset? Time(JsonElement root, string name) =>
        Text(root, name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;

    private static VMPowerState PowerState(string? text) =>
        text is null ? VMPowerState.Unknown
        : Enum.TryParse<VMPowerState>(text, ignoreCase: true, out var state) && Enum.IsDefined(typeof(VMPowerState), state) ? state
        : throw new FormatException(FormattableString.Invariant($"powerState '{text}' is none of poweredOn, poweredOff, suspended"));
}
