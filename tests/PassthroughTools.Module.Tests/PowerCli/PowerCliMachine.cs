using VMware.Vim;

namespace PassthroughTools.Tests.PowerCli;

/// <summary>What a VM of the stand-in does when it is changed, and what goes wrong with it.</summary>
public sealed class PowerCliMachine(PowerCliStandIn server, VirtualMachine view)
{
    private int _version;

    /// <summary>Calls that changed something, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Whether someone else changes the VM just before the next change is carried out.</summary>
    public bool IsEditedMeanwhile { get; set; }

    /// <summary>Words with which it does not start; null where it does.</summary>
    public string? FailsToPowerOn { get; set; }

    /// <summary>Whether a key with an empty value stays.</summary>
    public bool KeepsEmptyKeys { get; set; }

    public bool IsOn => view.Runtime!.PowerState == VirtualMachinePowerState.poweredOn;

    public string? Setting(string key) => view.Config!.ExtraConfig!.LastOrDefault(option => option.Key == key)?.Value?.ToString();

    public void Switch(bool on)
    {
        view.Runtime!.PowerState = on ? VirtualMachinePowerState.poweredOn : VirtualMachinePowerState.poweredOff;
        view.Guest!.ToolsRunningStatus = on ? "guestToolsRunning" : "guestToolsNotRunning";
        Bump();
    }

    public void LoseTools() => view.Guest!.ToolsRunningStatus = "guestToolsNotRunning";

    public ManagedObjectReference Reconfigure(VirtualMachineConfigSpec spec)
    {
        Calls.Add("ReconfigVM_Task");
        return server.StartTask(() =>
        {
            if (IsEditedMeanwhile) Bump();
            if (spec.ChangeVersion != view.Config!.ChangeVersion) return Fault(new ConcurrentAccess(), "Unable to complete operation due to concurrent modification by another operation.");
            var values = view.Config.ExtraConfig!.ToDictionary(option => option.Key!, option => option.Value);
            foreach (var option in spec.ExtraConfig!)
            {
                if (option.Value is "" && !KeepsEmptyKeys) values.Remove(option.Key!);
                else values[option.Key!] = option.Value;
            }

            view.Config.ExtraConfig = [.. values.Select(value => new OptionValue { Key = value.Key, Value = value.Value })];
            Bump();
            return null;
        });
    }

    public ManagedObjectReference PowerOn(ManagedObjectReference? host)
    {
        Calls.Add(host is null ? "PowerOnVM_Task" : $"PowerOnVM_Task on {host}");
        return server.StartTask(() =>
        {
            if (FailsToPowerOn is { } words) return Fault(new GenericVmConfigFault(), words);
            Switch(on: true);
            return null;
        });
    }

    public void ShutDown()
    {
        Calls.Add("ShutdownGuest");
        if (view.Guest!.ToolsRunningStatus != "guestToolsRunning") throw new VimException("VMware Tools is not running.", new ToolsUnavailable());
        Switch(on: false);
    }

    private void Bump() => view.Config!.ChangeVersion = $"v{++_version}";

    private static LocalizedMethodFault Fault(MethodFault fault, string words) => new() { Fault = fault, LocalizedMessage = words };
}
