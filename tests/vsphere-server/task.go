package main

import (
	"sync"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// failure is what a task ends with when it does not succeed.
type failure struct {
	fault   types.BaseMethodFault
	message string
}

// Task runs on its own, as in a real vCenter: the method that starts it answers at once. Tasks of one VM wait for each other.
type Task struct {
	mo.Task
	once   sync.Once
	cancel chan struct{}
}

// startTask runs act, under the VM's lock, after the time that tasks take.
func (vm *VirtualMachine) startTask(ctx *simulator.Context, method, description string, act func() *failure) types.ManagedObjectReference {
	task := &Task{cancel: make(chan struct{})}
	now := time.Now().UTC()
	user := ""
	if ctx.Session != nil {
		user = ctx.Session.UserName
	}

	task.Info = types.TaskInfo{
		Name: method, DescriptionId: "VirtualMachine." + description, Entity: &vm.Self, EntityName: vm.Name,
		State: types.TaskInfoStateQueued, Cancelable: true, Cancelled: false, QueueTime: now,
		Reason: &types.TaskReasonUser{UserName: user},
	}
	simulator.Map.Put(task)
	task.Info.Key = task.Self.Value
	task.Info.Task = task.Self
	forced := vm.server.faults.taskFailure(method)
	go task.run(vm, act, forced)
	return task.Self
}

func (t *Task) run(vm *VirtualMachine, act func() *failure, forced *failure) {
	half := vm.server.options.taskTime / 2
	t.update(types.PropertyChange{Name: "info.startTime", Val: time.Now().UTC()}, types.PropertyChange{Name: "info.state", Val: types.TaskInfoStateRunning})
	cancelled := t.pause(half)
	if !cancelled {
		t.update(types.PropertyChange{Name: "info.progress", Val: int32(50)})
		cancelled = t.pause(half)
	}

	var failed *failure
	switch {
	case cancelled:
		failed = &failure{&types.RequestCanceled{}, "The task was canceled by a user."}
	case forced != nil:
		failed = forced
	default:
		simulator.Map.WithLock(vm.Self, func() { failed = act() })
	}

	done := time.Now().UTC()
	if failed == nil {
		t.update(types.PropertyChange{Name: "info.progress", Val: int32(100)},
			types.PropertyChange{Name: "info.completeTime", Val: done}, types.PropertyChange{Name: "info.state", Val: types.TaskInfoStateSuccess})
		return
	}

	t.update(types.PropertyChange{Name: "info.cancelled", Val: cancelled},
		types.PropertyChange{Name: "info.error", Val: types.LocalizedMethodFault{Fault: failed.fault, LocalizedMessage: failed.message}},
		types.PropertyChange{Name: "info.completeTime", Val: done}, types.PropertyChange{Name: "info.state", Val: types.TaskInfoStateError})
}

func (t *Task) pause(d time.Duration) bool {
	select {
	case <-t.cancel:
		return true
	case <-time.After(d):
		return false
	}
}

func (t *Task) update(changes ...types.PropertyChange) {
	simulator.Map.WithLock(t.Self, func() { simulator.Map.Update(t, changes) })
}

// CancelTask ends a task that has not done its work yet.
func (t *Task) CancelTask(*types.CancelTask) soap.HasFault {
	body := &methods.CancelTaskBody{}
	if t.Info.State != types.TaskInfoStateRunning && t.Info.State != types.TaskInfoStateQueued {
		body.Fault_ = fault(&types.InvalidState{}, "The operation is not allowed in the current state.")
		return body
	}

	t.once.Do(func() { close(t.cancel) })
	body.Res = &types.CancelTaskResponse{}
	return body
}
