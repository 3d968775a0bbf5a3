using System.Collections.Specialized;
using System.Globalization;

namespace PassthroughTools.Vmx;

/// <summary>What a .vmx says, as one record.</summary>
public sealed record VmxConfiguration
{
    /// <summary>Display name; the file's name without its extension where there is none.</summary>
    public string? VM { get; init; }

    /// <summary><c>guestOS</c> as written.</summary>
    public string? GuestOS { get; init; }

    /// <summary>Family of the guest, by <see cref="GuestOS"/>, else by what VMware Tools reported; unknown where the two contradict each other.</summary>
    public GuestFamily GuestFamily { get; init; }

    /// <summary><c>virtualHW.version</c>.</summary>
    public int? HardwareVersion { get; init; }

    /// <summary><c>uuid.bios</c>.</summary>
    public string? Uuid { get; init; }

    /// <summary><c>vc.uuid</c>.</summary>
    public string? InstanceUuid { get; init; }

    /// <summary>Memory in MB (<c>memSize</c>).</summary>
    public int? MemoryMB { get; init; }

    /// <summary>Reserved memory in MB (<c>sched.mem.min</c>).</summary>
    public int? MemoryReservationMB { get; init; }

    /// <summary>Whether all memory is reserved, which passthrough demands; null when the file doesn't tell.</summary>
    public bool? IsMemoryReserved { get; init; }

    /// <summary>True when the file is encrypted: then the slots are not to be seen, and their number is unknown.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>All settings in the file's order; keys without regard to case. Of a repeated key the last value.</summary>
    public OrderedDictionary Settings { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The entries <c>pciPassthruN</c>, by N.</summary>
    public IReadOnlyList<PassthruSlot> Slots { get; init; } = [];

    /// <summary>Keys that stand there more than once.</summary>
    public IReadOnlyList<string> DuplicateKeys { get; init; } = [];

    /// <summary>What could not be read or is doubtful.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>File; null for piped text.</summary>
    public string? Source { get; init; }

    /// <summary>Makes the record.</summary>
    /// <param name="document">The configuration.</param>
    /// <exception cref="PassthruException"><see cref="VmxErrors.NotVmx"/> when there is no setting at all.</exception>
    public static VmxConfiguration From(VmxDocument document)
    {
        if (document.Entries.Count == 0) throw VmxErrors.NotVmx.For(document.Source, document.Source ?? "(piped text)");
        var warnings = new List<string>(document.Warnings);
        var settings = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in document.Entries) settings[entry.Key] = entry.Value;
        var slots = document.Slots;
        warnings.AddRange(slots.SelectMany(slot => slot.Notes.Select(note => $"pciPassthru{slot.Slot}: {note}")));
        if (document.IsEncrypted) warnings.Add("the file is encrypted: what it passes through can't be seen here");

        string? Text(string key) => document.DuplicateKeys.Contains(key, StringComparer.OrdinalIgnoreCase) && !Agrees(document, key) ? null : settings[key] as string;
        int? Number(string key) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        var byId = GuestFamilies.FromGuestOS(Text("guestOS"));
        var byTools = GuestFamilies.FromDetailedData(Text("guestInfo.detailed.data") ?? Text("guestOS.detailed.data"));
        var contradict = byId != GuestFamily.Unknown && byTools != GuestFamily.Unknown && byTools != byId;
        if (contradict) warnings.Add($"guestOS says {byId}, VMware Tools reported {byTools}: the guest's family is unknown");
        return new VmxConfiguration
        {
            VM = Text("displayName") is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(document.Source),
            GuestOS = Text("guestOS"),
            GuestFamily = contradict ? GuestFamily.Unknown : byId != GuestFamily.Unknown ? byId : byTools,
            HardwareVersion = Number("virtualHW.version"),
            Uuid = Text("uuid.bios"),
            InstanceUuid = Text("vc.uuid"),
            MemoryMB = Number("memSize"),
            MemoryReservationMB = Number("sched.mem.min"),
            IsMemoryReserved = IsReserved(Number("memSize"), Number("sched.mem.min"), Text("sched.mem.pin")),
            IsEncrypted = document.IsEncrypted,
            Settings = settings,
            Slots = slots,
            DuplicateKeys = document.DuplicateKeys,
            Warnings = warnings,
            Source = document.Source,
        };
    }

    private static bool Agrees(VmxDocument document, string key) =>
        document.Find(key).Select(entry => entry.Value).Distinct(StringComparer.Ordinal).Count() <= 1;

    private static bool? IsReserved(int? size, int? reserved, string? pin) =>
        VmxDocument.ParseBoolean(pin) == true ? true : size is null || reserved is null ? null : reserved >= size;

    /// <inheritdoc/>
    public override string ToString() => VM ?? Source ?? "?";
}
