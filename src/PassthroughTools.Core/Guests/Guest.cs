using System.Text.Json;
using PassthroughTools.Evidence;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;
using PassthroughTools.Vmx;

namespace PassthroughTools.Guests;

/// <summary>A guest that runs: what it is asked and told, whatever the way to it.</summary>
/// <param name="transport">Way to the guest.</param>
/// <param name="timeout">Longest wait for one answer; null for <see cref="DefaultTimeout"/>.</param>
/// <param name="cancellation">Stops the waits.</param>
public sealed class Guest(IGuestTransport transport, TimeSpan? timeout = null, CancellationToken cancellation = default)
{
    /// <summary>A slow guest whose WMI starts takes about a minute.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(3);

    private GuestClient? _client;

    /// <summary>Folder that stands for the root of a Linux guest's file system; "" for the guest's own.</summary>
    public string LinuxRoot { get; init; } = "";

    /// <summary>Finds the slots of the guest's VM, to tell which device is in which; null where they are not known.</summary>
    public Func<IReadOnlyList<PassthruSlot>?>? FindSlots { get; init; }

    /// <summary>The guest's name.</summary>
    public string Name => transport.Name;

    /// <summary>The way to it.</summary>
    public IGuestTransport Transport => transport;

    /// <summary>The guest as plans and journals name it.</summary>
    public GuestTarget Target => transport.Target;

    /// <summary>Family: known from the way, or assumed to be Windows.</summary>
    public GuestFamily Family => Client.Family;

    private GuestClient Client => _client ??= new GuestClient(transport, timeout ?? DefaultTimeout, cancellation) { LinuxRoot = LinuxRoot };

    /// <summary>Reads the interrupt settings of a Windows guest's PCI devices.</summary>
    /// <param name="prefixes">What the instance ids begin with (<c>PCI\VEN_10DF&amp;DEV_F100</c>); none for all.</param>
    /// <returns>The settings, as an export that changes can be planned from.</returns>
    /// <exception cref="PassthruException">Any of <see cref="GuestErrors"/>.</exception>
    public GuestMsiExport ReadSettings(params string[] prefixes)
    {
        RequireWindows();
        var answer = Client.Ask("read", GuestSnapshot.Items(prefixes));
        RequireWindows(); // the family may be known only now
        return GuestSnapshot.Read(answer, Name, FindSlots?.Invoke());
    }

    /// <summary>Reads the PCI devices of a Linux guest.</summary>
    /// <exception cref="PassthruException">Any of <see cref="GuestErrors"/>.</exception>
    public IReadOnlyList<LinuxGuestDevice> ReadLinuxDevices() =>
        LinuxGuestReader.Devices(LinuxGuestReader.Text(Client.Ask("read", []), Name), Name, FindSlots?.Invoke());

    /// <summary>Reads the Fibre Channel ports and whether they are logged in.</summary>
    /// <exception cref="PassthruException">Any of <see cref="GuestErrors"/>.</exception>
    public IReadOnlyList<GuestFabricPort> ReadFabric()
    {
        var answer = Client.Ask("fabric", []); // the family may be known only now
        return Family == GuestFamily.Linux ? LinuxGuestReader.Ports(LinuxGuestReader.Text(answer, Name), Name) : GuestFabricReader.Read(answer, Name);
    }

    /// <summary>Restarts devices. Storage adapters that may hold the boot disk are refused.</summary>
    /// <param name="instances">Device instances.</param>
    /// <returns>Instances that need a restart of the guest all the same.</returns>
    /// <exception cref="PassthruException"><see cref="GuestErrors.BootDisk"/>, <see cref="GuestErrors.RestartFailed"/> and the other <see cref="GuestErrors"/>.</exception>
    public IReadOnlyList<string> RestartDevices(IReadOnlyList<string> instances)
    {
        RequireWindows();
        var answer = Client.Do("restart", [["Device"], .. instances.Select(id => (IReadOnlyList<string?>)[id])]);
        return [.. instances.Where((_, i) => i >= answer.GetArrayLength() || answer[i].GetString() != "restarted")];
    }

    /// <summary>Restarts the guest, some seconds after it answered.</summary>
    /// <exception cref="PassthruException"><see cref="GuestErrors.RestartFailed"/> and the other <see cref="GuestErrors"/>.</exception>
    public void RestartGuest()
    {
        RequireWindows();
        Client.Do("restart", [["Guest"]]);
    }

    /// <summary>Asks for settings, value or key.</summary>
    internal JsonElement State(IReadOnlyList<GuestSettingPath> paths)
    {
        RequireWindows();
        return Client.Ask("state", [.. paths.Select(path => (IReadOnlyList<string?>)[path.InstanceId, path.Key, path.Name])]);
    }

    /// <summary>Writes settings, all or none.</summary>
    internal JsonElement Write(IReadOnlyList<GuestWrite> writes)
    {
        RequireWindows();
        return Client.Do("write", [.. writes.Select(write => write.ToItem())]);
    }

    private void RequireWindows()
    {
        if (Family is GuestFamily.Linux or GuestFamily.Other) throw GuestErrors.WrongFamily.For(transport, Name, Family);
    }
}

/// <summary>One change in a guest's registry.</summary>
/// <param name="Path">Value, or key where it has no name.</param>
/// <param name="Old">What must be there; null for absent. For a key anything stands for "there".</param>
/// <param name="New">What to write; null to remove.</param>
internal sealed record GuestWrite(GuestSettingPath Path, RegData? Old, RegData? New)
{
    /// <summary>The change as the script takes it.</summary>
    public IReadOnlyList<string?> ToItem() =>
    [
        Path.InstanceId, Path.Key, Path.Name, Type(New), New is null ? null : GuestValues.Bytes(New), Type(Old), Old is null ? null : GuestValues.Bytes(Old),
        Path.Name is not null ? GuestValues.Write(Old) : Old is null ? "null" : "\"key\"",
    ];

    private static string? Type(RegData? data) => data?.Type.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
