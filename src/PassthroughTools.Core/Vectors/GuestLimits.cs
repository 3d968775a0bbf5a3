using PassthroughTools.Evidence;
using PassthroughTools.Registry;

namespace PassthroughTools.Vectors;

/// <summary>What the guest's registry allows one device.</summary>
internal sealed record GuestLimits(bool? MsiSupported, int? MessageNumberLimit, IReadOnlyList<SourceReference> Evidence, IReadOnlyList<string> Notes)
{
    /// <summary>Nothing is known, so nothing is limited.</summary>
    public static readonly GuestLimits None = new(null, null, [], []);

    /// <summary>True where the guest says that it has to be restarted before its settings take effect.</summary>
    public bool IsRestartPending { get; init; }

    /// <summary>What the instances behind a slot allow it; where they differ, the most permissive of them.</summary>
    /// <param name="vm">Virtual machine.</param>
    /// <param name="guest">Instances behind the slot.</param>
    public static GuestLimits Of(VMEvidence vm, GuestInstances guest)
    {
        if (guest.IsIncomplete)
            return None with { Notes = ["The guest lists fewer instances of this device than the VM has slots: its limits are not taken into account."] };
        var instances = guest.Instances.Select(Trusted).ToList();
        if (instances.Count == 0) return None;
        var notes = new List<string>();
        foreach (var doubtful in guest.Instances.SelectMany(each => each.WrongType).Distinct(StringComparer.OrdinalIgnoreCase))
            notes.Add(doubtful + " has another type than REG_DWORD in the guest's registry. Whether Windows honours it is not known, so it is not taken into account.");
        if (instances.Select(each => (each.MsiSupported, each.MessageNumberLimit)).Distinct().Count() > 1)
            notes.Add("The guest's instances of this device are set differently, and which one is this slot is not known: the most permissive setting counts.");

        // Off only when it is off for every instance; limited only when every instance is, by the largest limit.
        var isOff = instances.All(each => each.MsiSupported == false);
        var limit = instances.All(each => each.MessageNumberLimit is > 0) ? instances.Max(each => each.MessageNumberLimit) : null;
        return new GuestLimits(
            isOff ? false : instances.Any(each => each.MsiSupported == true) ? true : null,
            isOff ? null : limit,
            [.. instances.Select(each => new SourceReference(PlaceOf(vm), null, each.InstanceId))],
            notes) { IsRestartPending = instances.Exists(each => each.RestartPending == true) };
    }

    private static string PlaceOf(VMEvidence vm) =>
        vm.RegistryPath is { } path ? (vm.Source ?? vm.Name) + "/" + Path.GetFileName(path) : vm.Name + " registry";

    /// <summary>A value of the wrong type limits nothing: whether Windows honours it is not known.</summary>
    private static GuestMsiSetting Trusted(GuestMsiSetting setting) => setting with
    {
        MsiSupported = setting.WrongType.Contains(GuestMsiReader.SupportedName, StringComparer.OrdinalIgnoreCase) ? null : setting.MsiSupported,
        MessageNumberLimit = setting.WrongType.Contains(GuestMsiReader.LimitName, StringComparer.OrdinalIgnoreCase) ? null : setting.MessageNumberLimit,
    };
}
