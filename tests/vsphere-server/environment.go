package main

import (
	"strconv"
	"strings"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// EnvironmentBrowser answers what a cluster, or one host of it, can give to a VM.
type EnvironmentBrowser struct {
	mo.EnvironmentBrowser
	hosts []*HostSystem
}

func (b *EnvironmentBrowser) pick(ref *types.ManagedObjectReference) (*HostSystem, *soap.Fault) {
	for _, host := range b.hosts {
		if ref == nil || host.Self == *ref {
			if host.Config == nil {
				return nil, fault(&types.HostNotConnected{}, "Unable to communicate with the remote host, since it is disconnected.")
			}

			return host, nil
		}
	}

	return nil, fault(&types.InvalidArgument{InvalidProperty: "host"}, "A specified parameter was not correct: host")
}

// QueryConfigOption says what a VM may have on a host.
func (b *EnvironmentBrowser) QueryConfigOption(req *types.QueryConfigOption) soap.HasFault {
	body := &methods.QueryConfigOptionBody{}
	host, f := b.pick(req.Host)
	if f != nil {
		body.Fault_ = f
		return body
	}

	body.Res = &types.QueryConfigOptionResponse{Returnval: configOption(host, req.Key)}
	return body
}

// QueryConfigOptionEx is the newer form of the same question.
func (b *EnvironmentBrowser) QueryConfigOptionEx(req *types.QueryConfigOptionEx) soap.HasFault {
	body := &methods.QueryConfigOptionExBody{}
	spec := req.Spec
	if spec == nil {
		spec = &types.EnvironmentBrowserConfigOptionQuerySpec{}
	}

	host, f := b.pick(spec.Host)
	if f != nil {
		body.Fault_ = f
		return body
	}

	body.Res = &types.QueryConfigOptionExResponse{Returnval: configOption(host, spec.Key)}
	return body
}

// QueryConfigOptionDescriptor lists the hardware versions that the hosts can run.
func (b *EnvironmentBrowser) QueryConfigOptionDescriptor(*types.QueryConfigOptionDescriptor) soap.HasFault {
	yes := true
	found := map[string]*types.VirtualMachineConfigOptionDescriptor{}
	var order []string
	for _, host := range b.hosts {
		key := hardwareVersion(host.doc.Version)
		if found[key] == nil {
			found[key] = &types.VirtualMachineConfigOptionDescriptor{Key: key, Description: key, CreateSupported: &yes, RunSupported: &yes}
			order = append(order, key)
		}

		found[key].Host = append(found[key].Host, host.Self)
	}

	body := &methods.QueryConfigOptionDescriptorBody{Res: &types.QueryConfigOptionDescriptorResponse{}}
	for _, key := range order {
		body.Res.Returnval = append(body.Res.Returnval, *found[key])
	}

	return body
}

// QueryConfigTarget lists the devices of the hosts that are switched to passthrough, and the physical functions with VFs.
func (b *EnvironmentBrowser) QueryConfigTarget(req *types.QueryConfigTarget) soap.HasFault {
	body := &methods.QueryConfigTargetBody{}
	no := false
	target := &types.ConfigTarget{SmcPresent: &no, NumNumaNodes: 2}
	for _, host := range b.hosts {
		if req.Host != nil && *req.Host != host.Self || host.Config == nil {
			continue
		}

		target.NumCpus += int32(host.doc.LogicalCPUs)
		target.NumCpuCores += int32(host.doc.LogicalCPUs / 2)
		for i := range host.doc.PCI {
			d := &host.doc.PCI[i]
			info := types.VirtualMachinePciPassthroughInfo{PciDevice: pciDevice(d), SystemId: host.doc.UUID}
			info.Name = d.DeviceName
			if d.Active {
				target.PciPassthrough = append(target.PciPassthrough, &info)
			}

			if d.Sriov != nil && d.Sriov.Active {
				target.Sriov = append(target.Sriov, types.VirtualMachineSriovInfo{VirtualMachinePciPassthroughInfo: info})
			}
		}
	}

	body.Res = &types.QueryConfigTargetResponse{Returnval: target}
	return body
}

func configOption(host *HostSystem, key string) *types.VirtualMachineConfigOption {
	if key == "" {
		key = hardwareVersion(host.doc.Version)
	}

	number, _ := strconv.Atoi(strings.TrimPrefix(key, "vmx-"))
	controller := &types.VirtualPCIControllerOption{NumEthernetCards: types.IntOption{Max: 10}, NumSCSIControllers: types.IntOption{Max: 4}}
	controller.Type = "VirtualPCIController"
	controller.Devices = types.IntOption{Max: 2147483647}
	controller.SupportedDevice = []string{"VirtualPCIPassthrough", "VirtualE1000", "VirtualVmxnet3"}
	if host.doc.MaxPassthru > 0 {
		controller.NumPCIPassthroughDevices = &types.IntOption{Max: int32(host.doc.MaxPassthru)}
	}

	return &types.VirtualMachineConfigOption{
		Version: key, Description: key,
		GuestOSDescriptor: []types.GuestOsDescriptor{{Id: "otherGuest", Family: "otherGuestFamily", FullName: "Other (32-bit)"}},
		HardwareOptions: types.VirtualHardwareOption{
			HwVersion: int32(number), VirtualDeviceOption: []types.BaseVirtualDeviceOption{controller}, NumCPU: []int32{1, 2, 4, 8},
			NumPCIControllers: types.IntOption{Min: 1, Max: 1, DefaultValue: 1},
		},
		SupportedMonitorType: []string{"release"},
	}
}

// hardwareVersion is the newest that a release can run.
func hardwareVersion(version string) string {
	for _, known := range [][2]string{
		{"9.", "vmx-22"}, {"8.0.2", "vmx-21"}, {"8.0.3", "vmx-21"}, {"8.", "vmx-20"}, {"7.0.2", "vmx-19"}, {"7.0.3", "vmx-19"},
		{"7.", "vmx-17"}, {"6.7", "vmx-15"}, {"6.5", "vmx-13"}, {"6.0", "vmx-11"}, {"5.5", "vmx-10"}, {"5.1", "vmx-09"},
	} {
		if strings.HasPrefix(version, known[0]) {
			return known[1]
		}
	}

	return "vmx-08"
}
