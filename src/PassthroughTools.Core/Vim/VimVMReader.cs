using System.Globalization;
using PassthroughTools.Evidence;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vim;

/// <summary>A VM of a host: its evidence, or why there is none; null evidence without a problem is a template.</summary>
internal sealed record VimVM(VMEvidence? Evidence, PassthruException? Problem);

/// <summary>Makes a VM's evidence from its properties.</summary>
internal static class VimVMReader
{
    private const string Devices = "config.hardware.device";
    private const string ExtraConfig = "config.extraConfig";

    /// <summary>What is asked of a VM.</summary>
    public static readonly IReadOnlyList<string> Paths =
        ["name", Devices, ExtraConfig, "config.guestId", "config.version", "config.template", "runtime.powerState", "runtime.connectionState", "guest.guestFamily"];

    /// <summary>Reads a VM of a host. One that can't be seen is kept, since it may use any number of devices; one that is gone is not.</summary>
    /// <param name="server">Server.</param>
    /// <param name="vm">VM.</param>
    public static VimVM ReadFor(string server, VimObject vm)
    {
        vm.Refused.TryGetValue("name", out var refused);
        if (refused?.Definition == VimErrors.ObjectGone) return new VimVM(null, refused);
        var evidence = Read(server, vm);
        return new VimVM(evidence, refused ?? NotConnected(server, vm) ?? (vm.Refused.TryGetValue(Devices, out var devices) ? devices : vm.Refused.TryGetValue(ExtraConfig, out var extra) ? extra : null));
    }

    /// <summary>Reads a VM.</summary>
    /// <param name="server">Server.</param>
    /// <param name="vm">VM.</param>
    /// <returns>Null for a template, which can't be started.</returns>
    public static VMEvidence? Read(string server, VimObject vm)
    {
        var properties = vm.Properties;
        if (properties.Flag("config.template") == true) return null;
        var guest = properties.Text("config.guestId");
        var devices = properties.List(Devices);
        var version = Version(properties.Text("config.version"));
        return new VMEvidence
        {
            Name = properties.Text("name") ?? vm.Reference.ToString(),
            Source = server,
            Vim = new VimTarget(server, vm.Reference),
            PowerState = (properties.Text("runtime.powerState"), IsConnected(vm)) switch
            {
                ("poweredOn", _) => VMPowerState.PoweredOn,
                ("poweredOff", true) => VMPowerState.PoweredOff,
                ("suspended", true) => VMPowerState.Suspended,
                _ => VMPowerState.Unknown,
            },
            GuestOS = guest,
            GuestFamily = Family(guest, properties.Text("guest.guestFamily")),
            HardwareVersion = version,
            // A VM always has devices: none means that its configuration could not be read. Without the settings the mode is not known.
            Slots = devices.Count == 0 || vm.Refused.ContainsKey(Devices) || vm.Refused.ContainsKey(ExtraConfig) ? null : VimSlotReader.Read(devices, properties.List(ExtraConfig), version),
        };
    }

    /// <summary>Whether what the server says of a VM is of now: one that is inaccessible, orphaned or invalid may run although it is said to be off.</summary>
    private static bool IsConnected(VimObject vm) => vm.Properties.Text("runtime.connectionState") is null or "connected";

    private static PassthruException? NotConnected(string server, VimObject vm) => IsConnected(vm) || vm.Properties.Flag("config.template") == true ? null
        : VimErrors.VMNotConnected.For(new VimTarget(server, vm.Reference), vm.Properties.Text("name") ?? vm.Reference.ToString(), vm.Properties.Text("runtime.connectionState"));

    private static GuestFamily Family(string? configured, string? reported)
    {
        var byId = GuestFamilies.FromGuestOS(configured);
        var byTools = reported switch { "windowsGuest" => GuestFamily.Windows, "linuxGuest" => GuestFamily.Linux, _ => GuestFamily.Unknown };
        if (byId == GuestFamily.Unknown) return byTools;
        return byTools == GuestFamily.Unknown || byTools == byId ? byId : GuestFamily.Unknown;
    }

    internal static int? Version(string? text) =>
        text?.StartsWith("vmx-", StringComparison.OrdinalIgnoreCase) == true && int.TryParse(text.Substring(4), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
