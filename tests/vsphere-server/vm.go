package main

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// VirtualMachine is a VM. Whoever changes it holds its lock in the simulator's registry and replaces what is behind a pointer,
// since an answer may still be being written from the old value.
type VirtualMachine struct {
	mo.VirtualMachine
	server  *server
	doc     vmDocument
	host    *HostSystem
	changes int
	stale   bool // the next ReconfigVM finds that someone else was faster
}

// firstChange is where a VM's change version starts; the real one is a time stamp as well, with the version in its fraction.
var firstChange = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

func changeVersion(n int) string {
	return firstChange.Add(time.Duration(n) * time.Microsecond).Format("2006-01-02T15:04:05.000000Z")
}

func newVM(s *server, ref types.ManagedObjectReference, doc *vmDocument, host *HostSystem) *VirtualMachine {
	setDefault(&doc.GuestID, "windows2019srvNext_64Guest")
	setDefault(&doc.GuestName, guestName(doc.GuestID))
	setDefault(&doc.HardwareVersion, "vmx-19")
	setDefault(&doc.UUID, stableUUID("vm", doc.Name))
	setDefault(&doc.InstanceUUID, stableUUID("instance", doc.Name))
	vm := &VirtualMachine{server: s, doc: *doc, host: host}
	vm.Self = ref
	vm.Name = doc.Name
	path := fmt.Sprintf("[datastore1] %s/%s.vmx", doc.Name, doc.Name)
	vm.Summary = types.VirtualMachineSummary{
		Vm: &vm.Self,
		Config: types.VirtualMachineConfigSummary{
			Name: doc.Name, Template: doc.Template, VmPathName: path, MemorySizeMB: 16384, NumCpu: 4, Uuid: doc.UUID,
			InstanceUuid: doc.InstanceUUID, GuestId: doc.GuestID, GuestFullName: doc.GuestName, HwVersion: doc.HardwareVersion,
			NumVmiopBackings: int32(countKind(doc.Devices, "vgpu")),
		},
		OverallStatus: types.ManagedEntityStatusGreen,
	}
	if !doc.ConfigUnknown {
		vm.Config = newConfig(doc, path)
	}

	vm.Runtime = types.VirtualMachineRuntimeInfo{
		Host: &host.Self, ConnectionState: types.VirtualMachineConnectionStateConnected,
		PowerState: types.VirtualMachinePowerStatePoweredOff,
	}
	switch {
	case host.Runtime.ConnectionState != types.HostSystemConnectionStateConnected:
		vm.Runtime.ConnectionState = types.VirtualMachineConnectionStateDisconnected
	case doc.ConfigUnknown:
		vm.Runtime.ConnectionState = types.VirtualMachineConnectionStateInaccessible
	}

	vm.setPower(doc.On)
	return vm
}

func newConfig(doc *vmDocument, path string) *types.VirtualMachineConfigInfo {
	locked := len(doc.Devices) > 0
	return &types.VirtualMachineConfigInfo{
		ChangeVersion: changeVersion(0), Modified: firstChange, Name: doc.Name, GuestFullName: doc.GuestName, GuestId: doc.GuestID,
		Version: doc.HardwareVersion, Uuid: doc.UUID, InstanceUuid: doc.InstanceUUID, Template: doc.Template,
		Files:                        types.VirtualMachineFileInfo{VmPathName: path, LogDirectory: path[:strings.LastIndexByte(path, '/')+1]},
		Hardware:                     types.VirtualHardware{NumCPU: 4, NumCoresPerSocket: 1, MemoryMB: 16384, Device: devices(doc)},
		ExtraConfig:                  extraConfig(doc),
		MemoryReservationLockedToMax: &locked,
		Firmware:                     "efi",
	}
}

// setPower sets everything that follows from a VM being on or off.
func (vm *VirtualMachine) setPower(on bool) {
	running, state := types.VirtualMachineToolsRunningStatusGuestToolsNotRunning, "notRunning"
	vm.Runtime.PowerState = types.VirtualMachinePowerStatePoweredOff
	vm.Runtime.BootTime = nil
	if on {
		now := time.Now().UTC()
		vm.Runtime.PowerState = types.VirtualMachinePowerStatePoweredOn
		vm.Runtime.BootTime = &now
		if !vm.doc.ToolsNotRunning {
			running, state = types.VirtualMachineToolsRunningStatusGuestToolsRunning, "running"
		}
	}

	status := types.VirtualMachineToolsStatusToolsNotRunning
	if state == "running" {
		status = types.VirtualMachineToolsStatusToolsOk
	}

	family := "linuxGuest"
	if strings.HasPrefix(vm.doc.GuestID, "win") {
		family = "windowsGuest"
	}

	vm.Guest = &types.GuestInfo{
		ToolsStatus: status, ToolsRunningStatus: string(running), ToolsVersionStatus2: "guestToolsCurrent", ToolsVersion: "12352",
		GuestState: state, HostName: vm.doc.Name,
	}
	if state == "running" {
		// Known only while the tools run, as with a real guest.
		vm.Guest.GuestId, vm.Guest.GuestFamily, vm.Guest.GuestFullName = vm.doc.GuestID, family, vm.doc.GuestName
	}

	vm.Summary.Guest = &types.VirtualMachineGuestSummary{
		GuestId: vm.Guest.GuestId, GuestFullName: vm.Guest.GuestFullName, ToolsStatus: status,
		ToolsRunningStatus: string(running), HostName: vm.doc.Name,
	}
	vm.Summary.Runtime = vm.Runtime
	if vm.Config != nil {
		config := *vm.Config
		config.Hardware.Device = assigned(config.Hardware.Device, &vm.doc, on)
		vm.Config = &config
	}
}

func extraConfig(doc *vmDocument) []types.BaseOptionValue {
	values := map[string]string{"nvram": doc.Name + ".nvram", "svga.present": "TRUE", "pciBridge0.present": "TRUE", "hpet0.present": "TRUE"}
	for i, device := range doc.Devices {
		if device.Slot != "" {
			values[fmt.Sprintf("pciPassthru%d.pciSlotNumber", i)] = device.Slot
		}
	}

	for key, value := range doc.ExtraConfig {
		values[key] = value
	}

	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}

	sort.Strings(keys)
	list := make([]types.BaseOptionValue, len(keys))
	for i, key := range keys {
		list[i] = &types.OptionValue{Key: key, Value: values[key]}
	}

	return list
}

func countKind(list []deviceDocument, kind string) int {
	n := 0
	for i := range list {
		if list[i].Kind == kind {
			n++
		}
	}

	return n
}

var guestNames = map[string]string{
	"windows7Server64Guest":      "Microsoft Windows Server 2008 R2 (64-bit)",
	"windows9Server64Guest":      "Microsoft Windows Server 2016 (64-bit)",
	"windows2019srv_64Guest":     "Microsoft Windows Server 2019 (64-bit)",
	"windows2019srvNext_64Guest": "Microsoft Windows Server 2022 (64-bit)",
	"rhel8_64Guest":              "Red Hat Enterprise Linux 8 (64-bit)",
	"ubuntu64Guest":              "Ubuntu Linux (64-bit)",
	"vmkernel7Guest":             "VMware ESXi 7.x",
	"otherLinux64Guest":          "Other Linux (64-bit)",
}

func guestName(id string) string {
	if name, known := guestNames[id]; known {
		return name
	}

	return "Other (64-bit)"
}
