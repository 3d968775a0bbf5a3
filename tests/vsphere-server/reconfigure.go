package main

import (
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// ReconfigVMTask changes a VM's configuration as vCenter does: refused when the change version is not the current one, extraConfig
// merged by key, a key with an empty value removed.
func (vm *VirtualMachine) ReconfigVMTask(ctx *simulator.Context, req *types.ReconfigVM_Task) soap.HasFault {
	body := &methods.ReconfigVM_TaskBody{}
	if f := vm.reachable(); f != nil {
		body.Fault_ = f
		return body
	}

	if vm.stale {
		vm.stale = false
		vm.bump()
	}

	spec := req.Spec
	task := vm.startTask(ctx, "ReconfigVM_Task", "reconfigure", func() *failure { return vm.reconfigure(&spec) })
	body.Res = &types.ReconfigVM_TaskResponse{Returnval: task}
	return body
}

func (vm *VirtualMachine) reconfigure(spec *types.VirtualMachineConfigSpec) *failure {
	if spec.ChangeVersion != "" && spec.ChangeVersion != vm.Config.ChangeVersion {
		return &failure{&types.ConcurrentAccess{}, "Unable to complete operation due to concurrent modification by another operation."}
	}

	config := *vm.Config
	if f := changeDevices(vm, &config, spec.DeviceChange); f != nil {
		return f
	}

	if vm.server.options.quirks {
		config.ExtraConfig = append(append([]types.BaseOptionValue(nil), config.ExtraConfig...), spec.ExtraConfig...)
	} else {
		config.ExtraConfig = mergeOptions(config.ExtraConfig, spec.ExtraConfig)
	}

	if spec.Annotation != "" {
		config.Annotation = spec.Annotation
	}

	vm.Config = &config
	vm.bump()
	return nil
}

// mergeOptions sets, replaces and removes by key; keys are compared as they are written.
func mergeOptions(current, wanted []types.BaseOptionValue) []types.BaseOptionValue {
	merged := append([]types.BaseOptionValue(nil), current...)
	for _, option := range wanted {
		value := option.GetOptionValue()
		at := -1
		for i := range merged {
			if merged[i].GetOptionValue().Key == value.Key {
				at = i
				break
			}
		}

		text, isText := value.Value.(string)
		switch removed := value.Value == nil || isText && text == ""; {
		case removed && at >= 0:
			merged = append(merged[:at], merged[at+1:]...)
		case removed:
		case at >= 0:
			merged[at] = &types.OptionValue{Key: value.Key, Value: value.Value}
		default:
			merged = append(merged, &types.OptionValue{Key: value.Key, Value: value.Value})
		}
	}

	return merged
}

// changeDevices adds and removes devices. A passthrough device of a running VM can't be changed.
func changeDevices(vm *VirtualMachine, config *types.VirtualMachineConfigInfo, changes []types.BaseVirtualDeviceConfigSpec) *failure {
	list := append([]types.BaseVirtualDevice(nil), config.Hardware.Device...)
	for i, change := range changes {
		spec := change.GetVirtualDeviceConfigSpec()
		if vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn {
			return invalidPower(types.VirtualMachinePowerStatePoweredOff, vm.Runtime.PowerState)
		}

		key := spec.Device.GetVirtualDevice().Key
		at := -1
		for j := range list {
			if list[j].GetVirtualDevice().Key == key {
				at = j
			}
		}

		switch {
		case spec.Operation == types.VirtualDeviceConfigSpecOperationAdd:
			spec.Device.GetVirtualDevice().Key = firstPassthruKey + 100 + int32(vm.changes*16+i)
			list = append(list, spec.Device)
		case at < 0:
			return &failure{&types.InvalidDeviceSpec{DeviceIndex: int32(i)}, "Invalid configuration for device '" + string(rune('0'+i%10)) + "'."}
		case spec.Operation == types.VirtualDeviceConfigSpecOperationRemove:
			list = append(list[:at], list[at+1:]...)
		default:
			list[at] = spec.Device
		}
	}

	config.Hardware.Device = list
	return nil
}

// bump moves the change version on. The caller holds the VM's lock.
func (vm *VirtualMachine) bump() {
	vm.changes++
	config := *vm.Config
	config.ChangeVersion = changeVersion(vm.changes)
	config.Modified = time.Now().UTC()
	vm.Config = &config
	simulator.Map.Update(vm, []types.PropertyChange{
		{Name: "config.changeVersion", Val: config.ChangeVersion},
		{Name: "config.extraConfig", Val: config.ExtraConfig},
	})
}

// reachable is the fault that a VM answers with whose host vCenter can't reach.
func (vm *VirtualMachine) reachable() *soap.Fault {
	if vm.host.Runtime.ConnectionState != types.HostSystemConnectionStateConnected {
		return fault(&types.HostNotConnected{}, "Unable to communicate with the remote host, since it is disconnected.")
	}

	if vm.Config == nil {
		return fault(&types.InvalidState{}, "The operation is not allowed in the current state.")
	}

	return nil
}
