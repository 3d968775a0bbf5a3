// The shapes of PowerCLI's public data objects, as far as they are read: names, numeric types, nullability. Nothing of VMware's is copied or referenced.
#pragma warning disable CA1707, CA1711, CA1716, CA1720, CA1819, MA0048, MA0049, MA0036, CA1034, IDE0130
namespace VMware.Vim;

public class DynamicData;

public class ManagedObjectReference : DynamicData
{
    public ManagedObjectReference()
    {
    }

    public ManagedObjectReference(string id) => (Type, Value) = (id[..id.IndexOf('-', StringComparison.Ordinal)], id[(id.IndexOf('-', StringComparison.Ordinal) + 1)..]);

    public string? Type { get; set; }

    public string? Value { get; set; }

    public override string ToString() => Type + "-" + Value;
}

public class HostPciDevice : DynamicData
{
    public string? Id { get; set; }

    public short ClassId { get; set; }

    public sbyte Bus { get; set; }

    public sbyte Slot { get; set; }

    public sbyte Function { get; set; }

    public short VendorId { get; set; }

    public short SubVendorId { get; set; }

    public string? VendorName { get; set; }

    public short DeviceId { get; set; }

    public short SubDeviceId { get; set; }

    public string? ParentBridge { get; set; }

    public string? DeviceName { get; set; }
}

public class HostPciPassthruInfo : DynamicData
{
    public string? Id { get; set; }

    public string? DependentDevice { get; set; }

    public bool PassthruEnabled { get; set; }

    public bool PassthruCapable { get; set; }

    public bool PassthruActive { get; set; }

    public string? HardwareLabel { get; set; }
}

public class AboutInfo : DynamicData
{
    public string? Version { get; set; }

    public string? Build { get; set; }

    public string? ApiVersion { get; set; }

    public string? ApiType { get; set; }
}

public class OptionValue : DynamicData
{
    public string? Key { get; set; }

    public object? Value { get; set; }
}

public class HostHyperThreadScheduleInfo : DynamicData
{
    public bool Active { get; set; }
}

public class HostConfigInfo : DynamicData
{
    public AboutInfo? Product { get; set; }

    public HostHyperThreadScheduleInfo? HyperThread { get; set; }

    public HostPciPassthruInfo[]? PciPassthruInfo { get; set; }

    public OptionValue[]? Option { get; set; }
}

public class HostCpuInfo : DynamicData
{
    public short NumCpuThreads { get; set; }

    public short NumCpuCores { get; set; }
}

public class HostHardwareInfo : DynamicData
{
    public HostCpuInfo? CpuInfo { get; set; }

    public HostPciDevice[]? PciDevice { get; set; }
}

public enum HostSystemConnectionState
{
    connected,
    notResponding,
    disconnected,
}

public class HostRuntimeInfo : DynamicData
{
    public HostSystemConnectionState ConnectionState { get; set; }
}

public enum VirtualMachinePowerState
{
    poweredOff,
    poweredOn,
    suspended,
}

public class VirtualMachineRuntimeInfo : DynamicData
{
    public ManagedObjectReference? Host { get; set; }

    public VirtualMachineConnectionState ConnectionState { get; set; }

    public VirtualMachinePowerState PowerState { get; set; }
}

public class VirtualDeviceBackingInfo : DynamicData;

public class VirtualDeviceBusSlotInfo : DynamicData;

public class VirtualDevicePciBusSlotInfo : VirtualDeviceBusSlotInfo
{
    public int PciSlotNumber { get; set; }
}

public class VirtualDevice : DynamicData
{
    public int Key { get; set; }

    public VirtualDeviceBackingInfo? Backing { get; set; }

    public VirtualDeviceBusSlotInfo? SlotInfo { get; set; }

    public int? ControllerKey { get; set; }

    public int? UnitNumber { get; set; }
}

public class VirtualPCIController : VirtualDevice;

public class VirtualPCIPassthrough : VirtualDevice;

public class VirtualPCIPassthroughDeviceBackingInfo : VirtualDeviceBackingInfo
{
    public string? Id { get; set; }

    public string? DeviceId { get; set; }

    public string? SystemId { get; set; }

    public short VendorId { get; set; }
}

public class VirtualPCIPassthroughAllowedDevice : DynamicData
{
    public int VendorId { get; set; }

    public int DeviceId { get; set; }

    public int? SubVendorId { get; set; }
}

public class VirtualPCIPassthroughDynamicBackingInfo : VirtualDeviceBackingInfo
{
    public VirtualPCIPassthroughAllowedDevice[]? AllowedDevice { get; set; }

    public string? CustomLabel { get; set; }

    public string? AssignedId { get; set; }
}

public class VirtualHardware : DynamicData
{
    public VirtualDevice[]? Device { get; set; }
}

public class VirtualMachineConfigInfo : DynamicData
{
    public string? ChangeVersion { get; set; }

    public string? Version { get; set; }

    public bool Template { get; set; }

    public string? GuestId { get; set; }

    public VirtualHardware? Hardware { get; set; }

    public OptionValue[]? ExtraConfig { get; set; }
}

public class VimClientStandIn
{
    public string? ServiceUrl { get; set; }
}

public class ViewBase
{
    public ManagedObjectReference? MoRef { get; internal init; }

    public VimClientStandIn? Client { get; internal init; }

    public string? Name { get; internal init; }
}

public class HostSystem : ViewBase
{
    public HostRuntimeInfo? Runtime { get; internal init; }

    public HostHardwareInfo? Hardware { get; internal init; }

    public ManagedObjectReference? Parent { get; internal init; }

    public HostConfigInfo? Config { get; internal init; }

    public ManagedObjectReference[]? Vm { get; internal init; }
}

public partial class VirtualMachine : ViewBase
{
    public VirtualMachineRuntimeInfo? Runtime { get; internal init; }

    public VirtualMachineConfigInfo? Config { get; internal init; }
}

public class ClusterComputeResource : ViewBase
{
    public ManagedObjectReference? EnvironmentBrowser { get; internal init; }

    public ManagedObjectReference[]? Host { get; internal init; }
}

public class ServiceContent : DynamicData
{
    public AboutInfo? About { get; set; }

    public ManagedObjectReference? PropertyCollector { get; set; }
}

public class ServiceInstance : ViewBase
{
    public ServiceContent? Content { get; internal init; }
}

public class PropertySpec : DynamicData
{
    public string? Type { get; set; }

    public bool? All { get; set; }

    public string[]? PathSet { get; set; }
}

public class ObjectSpec : DynamicData
{
    public ManagedObjectReference? Obj { get; set; }

    public bool? Skip { get; set; }
}

public class PropertyFilterSpec : DynamicData
{
    public PropertySpec[]? PropSet { get; set; }

    public ObjectSpec[]? ObjectSet { get; set; }

    public bool? ReportMissingObjectsInResults { get; set; }
}

public class RetrieveOptions : DynamicData
{
    public int? MaxObjects { get; set; }
}

public class DynamicProperty : DynamicData
{
    public string? Name { get; set; }

    public object? Val { get; set; }
}

public class MethodFault : DynamicData;

public class NoPermission : MethodFault
{
    public string? PrivilegeId { get; set; }
}

public class ManagedObjectNotFound : MethodFault
{
    public ManagedObjectReference? Obj { get; set; }
}

public class LocalizedMethodFault : DynamicData
{
    public MethodFault? Fault { get; set; }

    public string? LocalizedMessage { get; set; }
}

public class MissingProperty : DynamicData
{
    public string? Path { get; set; }

    public LocalizedMethodFault? Fault { get; set; }
}

public class ObjectContent : DynamicData
{
    public ManagedObjectReference? Obj { get; set; }

    public DynamicProperty[]? PropSet { get; set; }

    public MissingProperty[]? MissingSet { get; set; }
}

public class RetrieveResult : DynamicData
{
    public string? Token { get; set; }

    public ObjectContent[]? Objects { get; set; }
}

public class VimException(string message, MethodFault fault) : Exception(message)
{
    public MethodFault MethodFault { get; set; } = fault;
}

public class PropertyCollector(PassthroughTools.Tests.PowerCli.PowerCliStandIn server) : ViewBase
{
    public RetrieveResult RetrievePropertiesEx(PropertyFilterSpec[] specSet, RetrieveOptions options) => server.Retrieve(specSet);

    public RetrieveResult ContinueRetrievePropertiesEx(string token) => throw new NotSupportedException(token);
}
