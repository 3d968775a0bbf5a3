// The shapes of PowerCLI's inventory objects, as far as they are read. The VM's class is the one that Get-VM gives: it does not derive from VirtualMachineImpl.
#pragma warning disable CA1715, CA1040, MA0048, IDE0130, CA1711
namespace VMware.VimAutomation.ViCore.Types.V1.Inventory
{
    public interface InventoryItem;

    public interface VMHost : InventoryItem;

    public interface VirtualMachine : InventoryItem;

    public interface Cluster : InventoryItem;
}

namespace VMware.VimAutomation.ViCore.Impl.V1.Inventory
{
    using VMware.VimAutomation.ViCore.Types.V1.Inventory;

    public abstract class InventoryItemImpl(string name, string id, string uid, Func<object> view) : InventoryItem
    {
        public string Name { get; } = name;

        public string Id { get; } = id;

        public string Uid { get; } = uid;

        /// <summary>Costs a request for the whole object, as it does in PowerCLI.</summary>
        public object ExtensionData => view();

        public override string ToString() => Name;
    }

    public class VMHostImpl(string name, string id, string uid, Func<object> view) : InventoryItemImpl(name, id, uid, view), VMHost;

    public class ClusterImpl(string name, string id, string uid, Func<object> view) : InventoryItemImpl(name, id, uid, view), Cluster;
}

namespace VMware.VimAutomation.ViCore.Impl.V1.VM
{
    using VMware.VimAutomation.ViCore.Impl.V1.Inventory;
    using VMware.VimAutomation.ViCore.Types.V1.Inventory;

    public class UniversalVirtualMachineImpl(string name, string id, string uid, Func<object> view) : InventoryItemImpl(name, id, uid, view), VirtualMachine;
}

namespace VMware.VimAutomation.ViCore.Impl.V1
{
    public class VIServerImpl(string name, int port, string user, object? view)
    {
        public bool IsConnected => true;

        public string Id => Uid;

        public string Name { get; } = name;

        public int Port { get; } = port;

        public string User { get; } = user;

        public string Uid => $"/VIServer={User}@{Name}:{Port}/";

        public string InstanceUuid => "0000-" + Name;

        public object? ExtensionData { get; } = view;

        public override string ToString() => Name;
    }
}
