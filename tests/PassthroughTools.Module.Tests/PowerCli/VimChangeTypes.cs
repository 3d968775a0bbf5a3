using PassthroughTools.Tests.PowerCli;

// The shapes that changes need: a specification, tasks and their faults, and the methods of a VM's view.
#pragma warning disable CA1707, CA1711, CA1716, CA1720, CA1819, MA0048, MA0049, MA0036, CA1034, IDE0130
namespace VMware.Vim;

public enum VirtualMachineConnectionState
{
    connected,
    disconnected,
    orphaned,
    inaccessible,
    invalid,
}

public enum TaskInfoState
{
    queued,
    running,
    success,
    error,
}

public class VirtualMachineConfigSpec : DynamicData
{
    public string? ChangeVersion { get; set; }

    public OptionValue[]? ExtraConfig { get; set; }
}

public class GuestInfo : DynamicData
{
    public string? ToolsRunningStatus { get; set; }
}

public class TaskInfo : DynamicData
{
    public TaskInfoState State { get; set; }

    public int? Progress { get; set; }

    public LocalizedMethodFault? Error { get; set; }
}

public class Task : ViewBase
{
    public TaskInfo? Info { get; internal init; }

    internal Func<LocalizedMethodFault?>? Work { get; init; }

    internal void Advance()
    {
        if (Info!.State is TaskInfoState.success or TaskInfoState.error) return;
        var isFirst = Info.State == TaskInfoState.queued;
        Info.Progress = isFirst ? 50 : null;
        Info.Error = isFirst ? null : Work!();
        Info.State = isFirst ? TaskInfoState.running : Info.Error is null ? TaskInfoState.success : TaskInfoState.error;
    }
}

public class ConcurrentAccess : MethodFault;

public class ToolsUnavailable : MethodFault;

public class InvalidPowerState : MethodFault;

public class GenericVmConfigFault : MethodFault;

public class IntOption : DynamicData
{
    public int Max { get; set; }
}

public class VirtualDeviceOption : DynamicData;

public class VirtualPCIControllerOption : VirtualDeviceOption
{
    public IntOption? NumPCIPassthroughDevices { get; set; }
}

public class VirtualHardwareOption : DynamicData
{
    public VirtualDeviceOption[]? VirtualDeviceOption { get; set; }
}

public class VirtualMachineConfigOption : DynamicData
{
    public string? Version { get; set; }

    public VirtualHardwareOption? HardwareOptions { get; set; }
}

public class EnvironmentBrowser : ViewBase
{
    public VirtualMachineConfigOption QueryConfigOption(string? key, ManagedObjectReference? host) => new()
    {
        Version = "vmx-15",
        HardwareOptions = new VirtualHardwareOption { VirtualDeviceOption = [new VirtualPCIControllerOption { NumPCIPassthroughDevices = new IntOption { Max = key is null && host is not null ? 12 : 0 } }] },
    };
}

public partial class VirtualMachine
{
    public GuestInfo? Guest { get; internal init; }

    internal PowerCliMachine? Machine { get; set; }

    public ManagedObjectReference ReconfigVM_Task(VirtualMachineConfigSpec spec) => Machine!.Reconfigure(spec);

    public ManagedObjectReference PowerOnVM_Task(ManagedObjectReference? host) => Machine!.PowerOn(host);

    public void ShutdownGuest() => Machine!.ShutDown();
}
