package main

import (
	"fmt"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

const (
	on  = types.VirtualMachinePowerStatePoweredOn
	off = types.VirtualMachinePowerStatePoweredOff
)

var powerNames = map[types.VirtualMachinePowerState]string{on: "Powered on", off: "Powered off", types.VirtualMachinePowerStateSuspended: "Suspended"}

func invalidPower(wanted, found types.VirtualMachinePowerState) *failure {
	return &failure{
		&types.InvalidPowerState{RequestedState: wanted, ExistingState: found},
		fmt.Sprintf("The attempted operation cannot be performed in the current state (%s).", powerNames[found]),
	}
}

// power is the work of a task that switches a VM on or off.
func (vm *VirtualMachine) power(wanted types.VirtualMachinePowerState) *failure {
	if vm.Runtime.PowerState == wanted {
		return invalidPower(wanted, vm.Runtime.PowerState)
	}

	if wanted == on {
		if f := vm.mayStart(); f != nil {
			return f
		}
	}

	vm.switchTo(wanted == on)
	return nil
}

func (vm *VirtualMachine) mayStart() *failure {
	if vm.doc.FailsToPowerOn != "" {
		return &failure{&types.GenericVmConfigFault{Reason: vm.doc.FailsToPowerOn}, vm.doc.FailsToPowerOn}
	}

	if vm.host.Runtime.InMaintenanceMode {
		return &failure{&types.InvalidState{}, "The operation is not allowed in the current state of the host."}
	}

	if !vm.server.options.budgetChecked || vm.host.doc.VectorBudget == 0 {
		return nil
	}

	used := 0
	for _, other := range vm.server.vms {
		if other.host == vm.host && other != vm && other.Runtime.PowerState == on {
			used += other.vectors()
		}
	}

	if used+vm.vectors() > vm.host.doc.VectorBudget {
		return &failure{
			&types.GenericVmConfigFault{Reason: "Module 'DevicePowerOn' power on failed."},
			"Module 'DevicePowerOn' power on failed. ",
		}
	}

	return nil
}

func (vm *VirtualMachine) vectors() int {
	n := 0
	for i := range vm.doc.Devices {
		n += vm.doc.Devices[i].Vectors
	}

	return n
}

// switchTo sets the power state and tells whoever waits for it. The caller holds the VM's lock.
func (vm *VirtualMachine) switchTo(running bool) {
	vm.setPower(running)
	simulator.Map.Update(vm, []types.PropertyChange{
		{Name: "runtime.powerState", Val: vm.Runtime.PowerState},
		{Name: "summary.runtime.powerState", Val: vm.Runtime.PowerState},
		{Name: "guest.toolsRunningStatus", Val: vm.Guest.ToolsRunningStatus},
	})
}

// PowerOnVMTask starts a VM.
func (vm *VirtualMachine) PowerOnVMTask(ctx *simulator.Context, _ *types.PowerOnVM_Task) soap.HasFault {
	body := &methods.PowerOnVM_TaskBody{}
	if body.Fault_ = vm.reachable(); body.Fault_ != nil {
		return body
	}

	if vm.doc.Template {
		body.Fault_ = fault(&types.NotSupported{}, "The operation is not supported on the object.")
		return body
	}

	body.Res = &types.PowerOnVM_TaskResponse{Returnval: vm.startTask(ctx, "PowerOnVM_Task", "powerOn", func() *failure { return vm.power(on) })}
	return body
}

// PowerOffVMTask pulls the plug of a VM.
func (vm *VirtualMachine) PowerOffVMTask(ctx *simulator.Context, _ *types.PowerOffVM_Task) soap.HasFault {
	body := &methods.PowerOffVM_TaskBody{}
	if body.Fault_ = vm.reachable(); body.Fault_ != nil {
		return body
	}

	body.Res = &types.PowerOffVM_TaskResponse{Returnval: vm.startTask(ctx, "PowerOffVM_Task", "powerOff", func() *failure { return vm.power(off) })}
	return body
}

// ResetVMTask restarts a VM the hard way.
func (vm *VirtualMachine) ResetVMTask(ctx *simulator.Context, _ *types.ResetVM_Task) soap.HasFault {
	body := &methods.ResetVM_TaskBody{}
	if body.Fault_ = vm.reachable(); body.Fault_ != nil {
		return body
	}

	body.Res = &types.ResetVM_TaskResponse{Returnval: vm.startTask(ctx, "ResetVM_Task", "reset", func() *failure {
		if vm.Runtime.PowerState != on {
			return invalidPower(on, vm.Runtime.PowerState)
		}

		vm.switchTo(true)
		return nil
	})}
	return body
}

// ShutdownGuest asks the guest to shut down and answers at once; the VM is off some time later, or never.
func (vm *VirtualMachine) ShutdownGuest(*types.ShutdownGuest) soap.HasFault {
	body := &methods.ShutdownGuestBody{}
	if body.Fault_ = vm.guestAnswers(off); body.Fault_ != nil {
		return body
	}

	vm.later(func() { vm.switchTo(false) })
	body.Res = &types.ShutdownGuestResponse{}
	return body
}

// RebootGuest asks the guest to restart.
func (vm *VirtualMachine) RebootGuest(*types.RebootGuest) soap.HasFault {
	body := &methods.RebootGuestBody{}
	if body.Fault_ = vm.guestAnswers(on); body.Fault_ != nil {
		return body
	}

	vm.later(func() { vm.switchTo(true) })
	body.Res = &types.RebootGuestResponse{}
	return body
}

func (vm *VirtualMachine) guestAnswers(wanted types.VirtualMachinePowerState) *soap.Fault {
	if f := vm.reachable(); f != nil {
		return f
	}

	if vm.Runtime.PowerState != on {
		f := invalidPower(wanted, vm.Runtime.PowerState)
		return fault(f.fault, f.message)
	}

	if vm.Guest.ToolsRunningStatus != string(types.VirtualMachineToolsRunningStatusGuestToolsRunning) {
		return fault(&types.ToolsUnavailable{}, "Cannot complete operation because VMware Tools is not running in this virtual machine.")
	}

	return nil
}

func (vm *VirtualMachine) later(act func()) {
	if vm.doc.NeverShutsDown {
		return
	}

	boot := vm.Runtime.BootTime
	time.AfterFunc(vm.server.options.shutdownTime, func() {
		simulator.Map.WithLock(vm.Self, func() {
			// A VM that was switched off, and perhaps on again, in the meantime is not the one that was asked.
			if vm.Runtime.PowerState == on && vm.Runtime.BootTime == boot {
				act()
			}
		})
	})
}
