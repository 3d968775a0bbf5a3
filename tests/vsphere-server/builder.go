package main

import (
	"crypto/sha1"
	"fmt"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// builder turns a document into managed objects. It makes them itself: the simulator's own hosts and VMs touch files and carry a
// template of a host that is not ours.
type builder struct {
	server *server
	number int
	dc     *mo.Datacenter
	vm     *mo.Folder
	host   *mo.Folder
}

func (b *builder) ref(kind, prefix string) types.ManagedObjectReference {
	b.number++
	return types.ManagedObjectReference{Type: kind, Value: fmt.Sprintf("%s-%d", prefix, b.number)}
}

func (b *builder) build(doc *document) error {
	root := simulator.Map.Get(simulator.Map.Get(types.ManagedObjectReference{Type: "ServiceInstance", Value: "ServiceInstance"}).(*simulator.ServiceInstance).Content.RootFolder).(*simulator.Folder)
	b.dc = &mo.Datacenter{}
	b.dc.Self = b.ref("Datacenter", "datacenter")
	b.dc.Name = doc.Datacenter
	if b.dc.Name == "" {
		b.dc.Name = "dc01"
	}

	b.vm = b.folder("vm", "group-v", "VirtualMachine", "VirtualApp", "Folder")
	b.host = b.folder("host", "group-h", "ComputeResource", "Folder")
	b.dc.VmFolder, b.dc.HostFolder = b.vm.Self, b.host.Self
	b.dc.DatastoreFolder = b.folder("datastore", "group-s", "Datastore", "Folder").Self
	b.dc.NetworkFolder = b.folder("network", "group-n", "Network", "Folder").Self
	root.ChildEntity = append(root.ChildEntity, b.dc.Self)
	simulator.Map.PutEntity(root, b.dc)

	for i := range doc.Clusters {
		if err := b.cluster(&doc.Clusters[i]); err != nil {
			return err
		}
	}

	for i := range doc.Hosts {
		if err := b.standalone(&doc.Hosts[i]); err != nil {
			return err
		}
	}

	return nil
}

func (b *builder) folder(name, prefix string, children ...string) *mo.Folder {
	f := &mo.Folder{ChildType: children}
	f.Self = b.ref("Folder", prefix)
	f.Name = name
	f.Parent = &b.dc.Self
	simulator.Map.Put(f)
	return f
}

func (b *builder) cluster(doc *clusterDocument) error {
	cluster := &mo.ClusterComputeResource{}
	cluster.Self = b.ref("ClusterComputeResource", "domain-c")
	cluster.Name = doc.Name
	pool := b.pool(&cluster.ComputeResource)
	b.host.ChildEntity = append(b.host.ChildEntity, cluster.Self)
	simulator.Map.PutEntity(b.host, cluster)
	summary := &types.ClusterComputeResourceSummary{}
	cluster.Summary = summary
	browser := b.browser()
	cluster.EnvironmentBrowser = &browser.Self
	for i := range doc.Hosts {
		host, err := b.addHost(cluster, &doc.Hosts[i], pool, browser)
		if err != nil {
			return err
		}

		cluster.Host = append(cluster.Host, host.Self)
		count(&summary.ComputeResourceSummary, host)
	}

	return nil
}

func (b *builder) standalone(doc *hostDocument) error {
	resource := &mo.ComputeResource{}
	resource.Self = b.ref("ComputeResource", "domain-s")
	resource.Name = doc.Name
	pool := b.pool(resource)
	b.host.ChildEntity = append(b.host.ChildEntity, resource.Self)
	simulator.Map.PutEntity(b.host, resource)
	summary := &types.ComputeResourceSummary{}
	resource.Summary = summary
	browser := b.browser()
	resource.EnvironmentBrowser = &browser.Self
	host, err := b.addHost(resource, doc, pool, browser)
	if err != nil {
		return err
	}

	resource.Host = append(resource.Host, host.Self)
	count(summary, host)
	return nil
}

// count adds a host to the totals of its cluster; those that vCenter can't use are no effective ones.
func count(summary *types.ComputeResourceSummary, host *HostSystem) {
	summary.NumHosts++
	summary.NumCpuCores += host.Summary.Hardware.NumCpuCores
	summary.NumCpuThreads += host.Summary.Hardware.NumCpuThreads
	summary.TotalCpu += int32(host.Summary.Hardware.NumCpuCores) * host.Summary.Hardware.CpuMhz
	summary.TotalMemory += host.Summary.Hardware.MemorySize
	summary.OverallStatus = types.ManagedEntityStatusGreen
	if host.Runtime.ConnectionState == types.HostSystemConnectionStateConnected && !host.Runtime.InMaintenanceMode {
		summary.NumEffectiveHosts++
	}
}

func (b *builder) pool(owner *mo.ComputeResource) *mo.ResourcePool {
	pool := &mo.ResourcePool{}
	pool.Self = b.ref("ResourcePool", "resgroup")
	pool.Name = "Resources"
	pool.Owner = owner.Self
	pool.Parent = &owner.Self
	pool.Summary = &types.ResourcePoolSummary{Name: pool.Name}
	simulator.Map.Put(pool)
	owner.ResourcePool = &pool.Self
	return pool
}

func (b *builder) browser() *EnvironmentBrowser {
	browser := &EnvironmentBrowser{}
	browser.Self = b.ref("EnvironmentBrowser", "envbrowser")
	simulator.Map.Put(browser)
	return browser
}

func (b *builder) addHost(parent mo.Entity, doc *hostDocument, pool *mo.ResourcePool, browser *EnvironmentBrowser) (*HostSystem, error) {
	if _, taken := b.server.hosts[doc.Name]; taken || doc.Name == "" {
		return nil, fmt.Errorf("a host needs a name of its own, %q is none", doc.Name)
	}

	host := newHost(b.ref("HostSystem", "host"), doc)
	advanced := types.ManagedObjectReference{Type: "OptionManager", Value: "EsxHostAdvSettings-" + host.Self.Value}
	simulator.Map.Put(simulator.NewOptionManager(&advanced, hostOptions(doc)))
	host.ConfigManager.AdvancedOption = &advanced
	b.server.hosts[doc.Name] = host
	browser.hosts = append(browser.hosts, host)
	simulator.Map.PutEntity(parent, host)
	for i := range doc.VMs {
		vm, err := b.addVM(host, &doc.VMs[i], pool)
		if err != nil {
			return nil, err
		}

		vm.EnvironmentBrowser = browser.Self
	}

	return host, nil
}

func (b *builder) addVM(host *HostSystem, doc *vmDocument, pool *mo.ResourcePool) (*VirtualMachine, error) {
	if _, taken := b.server.vms[doc.Name]; taken || doc.Name == "" {
		return nil, fmt.Errorf("a VM needs a name of its own, %q is none", doc.Name)
	}

	vm := newVM(b.server, b.ref("VirtualMachine", "vm"), doc, host)
	b.server.vms[doc.Name] = vm
	if !doc.Template {
		vm.ResourcePool = &pool.Self
		pool.Vm = append(pool.Vm, vm.Self)
	}

	host.Vm = append(host.Vm, vm.Self)
	b.vm.ChildEntity = append(b.vm.ChildEntity, vm.Self)
	simulator.Map.PutEntity(b.vm, vm)
	return vm, nil
}

// stableUUID makes the same UUID of the same name in every run.
func stableUUID(kind, name string) string {
	sum := sha1.Sum([]byte(kind + "/" + name))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
