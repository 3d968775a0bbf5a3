using System.Management.Automation;
using VMware.Vim;
using VMware.VimAutomation.ViCore.Impl.V1;
using VMware.VimAutomation.ViCore.Impl.V1.Inventory;
using VMware.VimAutomation.ViCore.Impl.V1.VM;

namespace PassthroughTools.Tests.PowerCli;

/// <summary>
/// A vCenter as PowerCLI shows it, with hosts that have two HBAs on bus 0xc8 and two VMs, of which the first uses one. Every request that PowerCLI would
/// make is counted.
/// </summary>
public sealed class PowerCliStandIn
{
    /// <summary>Functions in place of the commands; the module's own commands call them.</summary>
    public const string Commands = """
        function global:Get-VMHost { param([string[]]$Name, $Server, [string[]]$Id) $global:StandIn.GetHosts($Name, $Id) }
        function global:Get-VM { param([string[]]$Name, $Server) $global:StandIn.GetVMs($Name) }
        function global:Get-Cluster { param($Server) $global:StandIn.GetCluster() }
        function global:Get-View { [CmdletBinding()] param($Server, $ViewType, [string[]]$Property, $SearchRoot, $Id) $global:StandIns[$Server.Name].GetViews([string]$ViewType, [string]$Id) }
        function global:Get-Log { [CmdletBinding()] param($Server, $VMHost, $Key, [int]$StartLineNum, [int]$NumLines) $global:StandIns[$Server.Name].GetLog($StartLineNum, $NumLines) }
        """;

    private readonly List<HostSystem> _hosts = [];
    private readonly List<VirtualMachine> _vms = [];
    private readonly List<VMware.Vim.Task> _tasks = [];
    private readonly VimClientStandIn _client;

    public PowerCliStandIn(int hosts, string name = "vc.example.com", HostSystemConnectionState firstState = HostSystemConnectionState.connected, bool isKnown = true)
    {
        _client = new VimClientStandIn { ServiceUrl = $"https://{name}/sdk" };
        var content = new ServiceContent { About = new AboutInfo { ApiVersion = "8.0.3.0", ApiType = "VirtualCenter" }, PropertyCollector = new ManagedObjectReference("PropertyCollector-propertyCollector") };
        Server = new VIServerImpl(name, 443, "admin@vsphere.local", isKnown ? new ServiceInstance { Content = content } : null);
        for (var n = 1; n <= hosts; n++) AddHost(n, n == 1 ? firstState : HostSystemConnectionState.connected);
    }

    public VIServerImpl Server { get; }

    /// <summary>Requests so far.</summary>
    public int Requests { get; set; }

    /// <summary>Whether the first VM is gone meanwhile.</summary>
    public bool IsFirstVMGone { get; set; }

    /// <summary>What the next view that is asked for by its reference is answered with, where it fails.</summary>
    public Exception? Failure { get; set; }

    /// <summary>A VM behind the commands' back.</summary>
    public PowerCliMachine Machine(string vm) => _vms.Single(each => each.Name == vm).Machine!;

    /// <summary>A task that does its work when it is looked at for the second time.</summary>
    public ManagedObjectReference StartTask(Func<LocalizedMethodFault?> work)
    {
        Requests++;
        _tasks.Add(new VMware.Vim.Task { MoRef = new ManagedObjectReference($"Task-task-{_tasks.Count + 1}"), Info = new TaskInfo { State = TaskInfoState.queued }, Work = work });
        return _tasks[^1].MoRef!;
    }

    public IEnumerable<object> GetHosts(string[]? names, string[]? ids)
    {
        Requests += 2;
        return [.. _hosts.Where(host => Matches(host.Name!, names) && (ids is null || ids.Contains(host.MoRef!.ToString()))).Select(host => new VMHostImpl(host.Name!, host.MoRef!.ToString(), Uid("VMHost", host), () => Whole(host)))];
    }

    public IEnumerable<object> GetVMs(string[]? names)
    {
        Requests += 2;
        return [.. _vms.Where(vm => Matches(vm.Name!, names)).Select(vm => new UniversalVirtualMachineImpl(vm.Name!, vm.MoRef!.ToString(), Uid("VirtualMachine", vm), () => Whole(vm)))];
    }

    public object GetCluster()
    {
        Requests += 2;
        return new ClusterImpl("cluster1", Cluster.MoRef!.ToString(), Uid("Cluster", Cluster), () => Whole(Cluster));
    }

    public IEnumerable<object> GetViews(string? type, string? id)
    {
        Requests += string.IsNullOrEmpty(type) ? 1 : 2;
        if (id == "PropertyCollector-propertyCollector") return [new PropertyCollector(this)];
        if (id?.Length > 0 && Failure is { } failure) throw failure;
        return [.. All.Where(view => string.IsNullOrEmpty(type) ? view.MoRef!.ToString() == id : view.GetType().Name == type)];
    }

    public object GetLog(int start, int count)
    {
        Requests++;
        string[] lines = ["2024-01-01T00:00:00.000Z cpu1:1)Nothing: 1: of interest", "2024-01-01T00:00:01.000Z cpu1:1)WARNING: IntrVector: 233: Out of interrupt vectors"];
        return new LogStandIn { Entries = [.. lines.Skip(start - 1).Take(count)], StartLineNum = start, EndLineNum = lines.Length };
    }

    private ClusterComputeResource Cluster => new() { MoRef = new ManagedObjectReference("ClusterComputeResource-domain-c7"), Name = "cluster1", Client = _client, EnvironmentBrowser = Browser.MoRef, Host = [.. _hosts.Select(host => host.MoRef!)] };

    private static EnvironmentBrowser Browser => new() { MoRef = new ManagedObjectReference("EnvironmentBrowser-envbrowser-7") };

    private IEnumerable<ViewBase> All => [Browser, .. _hosts, .. _vms, .. _tasks, Cluster];

    private string Uid(string type, ViewBase view) => $"/VIServer=admin@vsphere.local@{Server.Name}:443/{type}={view.MoRef}/";

    private ViewBase Whole(ViewBase view)
    {
        Requests++;
        return view;
    }

    private static bool Matches(string name, string[]? names) => names is null || names.Any(each => new WildcardPattern(each, WildcardOptions.IgnoreCase).IsMatch(name));

    private void AddHost(int n, HostSystemConnectionState state)
    {
        var reference = new ManagedObjectReference($"HostSystem-host-{n}");
        var vms = new[] { 1, 2 }.Select(v => new ManagedObjectReference($"VirtualMachine-vm-{n}{v}")).ToArray();
        _hosts.Add(new HostSystem
        {
            MoRef = reference, Client = _client, Name = $"esx{n:d2}", Vm = vms, Parent = new ManagedObjectReference("ClusterComputeResource-domain-c7"),
            Runtime = new HostRuntimeInfo { ConnectionState = state },
            Hardware = new HostHardwareInfo { CpuInfo = new HostCpuInfo { NumCpuThreads = 64, NumCpuCores = 32 }, PciDevice = [Hba(0), Hba(1)] },
            Config = new HostConfigInfo
            {
                Product = new AboutInfo { Version = "8.0.2", Build = "22380479" },
                PciPassthruInfo = [Info("0000:c8:00.0"), Info("0000:c8:00.1")],
            },
        });
        // Its place in the guest's PCI bus proves which entry is the device's.
        _vms.Add(VM(vms[0], $"vm{n}a", reference, new VirtualPCIPassthrough { Key = 13000, SlotInfo = new VirtualDevicePciBusSlotInfo { PciSlotNumber = 224 }, Backing = new VirtualPCIPassthroughDeviceBackingInfo { Id = "0000:c8:00.0", DeviceId = "f100", VendorId = 0x10df } }));
        _vms.Add(VM(vms[1], $"vm{n}b", reference, null));
    }

    // Without an identifier the signed bytes alone tell the address.
    private static HostPciDevice Hba(sbyte function) => new() { Id = null, Bus = -56, Slot = 0, Function = function, ClassId = 0x0c04, VendorId = 0x10df, DeviceId = unchecked((short)0xf100), DeviceName = "LPe12000" };

    private static HostPciPassthruInfo Info(string id) => new() { Id = id, DependentDevice = id, PassthruCapable = true, PassthruEnabled = true, PassthruActive = true };

    private VirtualMachine VM(ManagedObjectReference reference, string name, ManagedObjectReference host, VirtualDevice? device)
    {
        var vm = new VirtualMachine
        {
            MoRef = reference, Client = _client, Name = name,
            Runtime = new VirtualMachineRuntimeInfo { Host = host, PowerState = VirtualMachinePowerState.poweredOn },
            Guest = new GuestInfo { ToolsRunningStatus = "guestToolsRunning" },
            Config = new VirtualMachineConfigInfo
            {
                GuestId = "windows2019srv_64Guest", Version = "vmx-15", ChangeVersion = "v0", Hardware = new VirtualHardware { Device = device is null ? [new VirtualPCIController { Key = 100 }] : [new VirtualPCIController { Key = 100 }, device] },
                ExtraConfig = [new OptionValue { Key = "pciPassthru0.pciSlotNumber", Value = "224" }],
            },
        };
        vm.Machine = new PowerCliMachine(this, vm);
        return vm;
    }

    /// <summary>What Get-Log gives.</summary>
    public sealed class LogStandIn
    {
        public string[]? Entries { get; init; }

        public int StartLineNum { get; init; }

        public int EndLineNum { get; init; }
    }

    internal RetrieveResult Retrieve(PropertyFilterSpec[] specs)
    {
        Requests++;
        foreach (var task in _tasks.Where(task => specs[0].ObjectSet!.Any(each => each.Obj!.ToString() == task.MoRef!.ToString()))) task.Advance();
        var paths = specs[0].PropSet!.SelectMany(each => each.PathSet!).ToList();
        var views = All.ToDictionary(view => view.MoRef!.ToString());
        var wanted = specs[0].ObjectSet!.Select(each => each.Obj!.ToString()).ToList();
        if (IsFirstVMGone && wanted.FirstOrDefault(one => one == "VirtualMachine-vm-11") is { } gone)
            throw new VimException("The object has already been deleted or has not been completely created", new ManagedObjectNotFound { Obj = new ManagedObjectReference(gone) });
        return new RetrieveResult { Objects = [.. wanted.Where(views.ContainsKey).Select(one => Content(views[one], paths))] };
    }

    private static ObjectContent Content(ViewBase view, List<string> paths) => new()
    {
        Obj = view.MoRef,
        PropSet = [.. paths.Select(path => new DynamicProperty { Name = path, Val = Walk(view, path) }).Where(property => property.Val is not null)],
    };

    private static object? Walk(object? value, string path)
    {
        foreach (var name in path.Split('.')) value = value?.GetType().GetProperty(char.ToUpperInvariant(name[0]) + name[1..])?.GetValue(value);
        return value;
    }
}
