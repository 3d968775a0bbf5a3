using PassthroughTools.Vmx;

namespace PassthroughTools.Vim;

/// <summary>The passthrough slots of one VM.</summary>
public static class VimSlots
{
    /// <summary>Reads the slots from a VM's configuration.</summary>
    /// <param name="config"><c>VirtualMachine.config</c>.</param>
    /// <returns>Null where it has no devices: then it could not be read.</returns>
    public static IReadOnlyList<PassthruSlot>? Read(VimData config)
    {
        var devices = config.List("hardware.device");
        return devices.Count == 0 ? null : VimSlotReader.Read(devices, config.List("extraConfig"), VimVMReader.Version(config.Text("version")));
    }
}
