using System.Text.Json;
using PassthroughTools.Journal;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;

namespace PassthroughTools.Guests;

/// <summary>
/// Reads and writes interrupt settings of running Windows guests. The container is a <see cref="GuestTarget"/>, the key is as <see cref="RegFileActuator"/>
/// has it: the full path of a value, or of a key with a trailing backslash. Nothing but <c>MSISupported</c>, <c>MessageNumberLimit</c> and the
/// keys that they lie in is read or written. A value is compared and written by one call in the guest.
/// </summary>
/// <param name="transports">Finds the way to a guest.</param>
/// <param name="timeout">Longest wait for one answer.</param>
/// <param name="cancellation">Stops the waits.</param>
public sealed class GuestRegistryActuator(IGuestTransports transports, TimeSpan? timeout = null, CancellationToken cancellation = default) : ISettingActuator, ISettingPrefetcher
{
    /// <summary>Kind of setting.</summary>
    public const string KindName = "guest-registry";

    private readonly Dictionary<(string, string), JsonElement> _prefetched = [];
    private readonly Dictionary<(string, string), IReadOnlyList<GuestMsiSetting>> _devices = [];
    private readonly Dictionary<string, Guest> _guests = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    /// <exception cref="PassthruException">Any of <see cref="GuestErrors"/>.</exception>
    public SettingValue Read(SettingTarget target)
    {
        var (guest, path) = Find(target);
        var place = (target.Container, target.Key);
        if (!_prefetched.TryGetValue(place, out var value)) return Read(guest, path);
        _prefetched.Remove(place);
        return GuestValues.Setting(path, value, guest.Name);
    }

    /// <summary>Whether the device of a setting is there now: its key stays when the adapter is taken away or put into another slot. Asked once for each kind of device.</summary>
    /// <param name="target">Setting.</param>
    /// <returns>Null where the guest does not tell.</returns>
    /// <exception cref="PassthruException">Any of <see cref="GuestErrors"/>.</exception>
    public bool? IsPresent(SettingTarget target)
    {
        var (guest, path) = Find(target);
        var model = path.InstanceId.Substring(0, path.InstanceId.LastIndexOf('\\') + 1);
        if (!_devices.TryGetValue((target.Container, model), out var devices)) _devices[(target.Container, model)] = devices = guest.ReadSettings(model).Settings;
        return devices.FirstOrDefault(device => string.Equals(device.InstanceId, path.InstanceId, StringComparison.OrdinalIgnoreCase))?.IsPresent;
    }

    /// <inheritdoc/>
    public void Prefetch(IReadOnlyList<SettingTarget> targets)
    {
        foreach (var container in targets.GroupBy(target => target.Container, StringComparer.Ordinal))
        {
            // A guest that can't be asked, or a device that is gone, fails its own setting when that is read, and no other.
            try
            {
                var found = container.Select(target => (target.Key, Place: Find(target))).ToList();
                var state = found[0].Place.Guest.State(found.ConvertAll(item => item.Place.Path));
                for (var i = 0; i < found.Count && i < state.GetArrayLength(); i++) _prefetched[(container.Key, found[i].Key)] = state[i];
            }
            catch (PassthruException)
            {
                continue;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="PassthruException">Any of <see cref="GuestErrors"/>, or <see cref="JournalErrors.SettingChanged"/>.</exception>
    public void Write(SettingTarget target, SettingValue newValue, SettingValue expected)
    {
        var (guest, path) = Find(target);
        _prefetched.Remove((target.Container, target.Key));
        try
        {
            guest.Write([new GuestWrite(path, Data(path, expected), Data(path, newValue))]);
        }
        catch (PassthruException e) when (e.Definition == GuestErrors.ValueChanged)
        {
            throw JournalErrors.SettingChanged.Because(e, target, target, Read(guest, path), expected);
        }
        catch (PassthruException e) when (e.Definition == GuestErrors.KeyNotEmpty)
        {
            throw JournalErrors.SettingChanged.Because(e, target, target, "no longer empty", expected);
        }
        catch (PassthruException e) when (IsLost(e) && Read(guest, path) == newValue)
        {
            // The answer was lost, the write was not.
        }
    }

    private static bool IsLost(PassthruException e) =>
        e.Definition == GuestErrors.AnswerTruncated || e.Definition == GuestErrors.AnswerDamaged || e.Definition == GuestErrors.NoAnswer || e.Definition == GuestErrors.Timeout;

    private static SettingValue Read(Guest guest, GuestSettingPath path)
    {
        var state = guest.State([path]);
        return state.GetArrayLength() == 1 ? GuestValues.Setting(path, state[0], guest.Name) : throw GuestErrors.AnswerDamaged.For(path, guest.Name, "it has another number of items");
    }

    /// <summary>A key that is there has no data of its own; any stands for it.</summary>
    private static RegData? Data(GuestSettingPath path, SettingValue value) =>
        value.Text is not { } text ? null : path.Name is null ? RegData.Dword(1) : RegFileActuator.DataOf(text);

    private (Guest Guest, GuestSettingPath Path) Find(SettingTarget target)
    {
        if (!_guests.TryGetValue(target.Container, out var guest))
            _guests[target.Container] = guest = new Guest(transports.Find(GuestTarget.Parse(target.Container)), timeout, cancellation);
        return (guest, GuestScope.Split(target.Key) ?? throw GuestErrors.NotPci.For(target, guest.Name, target.Key));
    }
}
