package main

import (
	"net/http"
	"sort"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// vmState is what a test may see, and change behind the client's back.
type vmState struct {
	Object         string             `json:"object,omitempty"`
	ID             string             `json:"id,omitempty"`
	PowerState     string             `json:"powerState,omitempty"`
	ToolsRunning   *bool              `json:"toolsRunning,omitempty"`
	NeverShutsDown *bool              `json:"neverShutsDown,omitempty"`
	FailsToPowerOn *string            `json:"failsToPowerOn,omitempty"`
	ChangeVersion  string             `json:"changeVersion,omitempty"`
	ExtraConfig    map[string]*string `json:"extraConfig,omitempty"` // null removes a key
	Repeated       []string           `json:"repeated,omitempty"`    // keys that are there more than once
}

func (s *server) vm(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		post(s.changeVM)(w, r)
		return
	}

	vm, err := s.findVM(r.URL.Query().Get("object"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}

	writeJSON(w, vm.state())
}

func (vm *VirtualMachine) state() *vmState {
	state := &vmState{Object: vm.Name, ID: vm.Self.Value, ExtraConfig: map[string]*string{}}
	simulator.Map.WithLock(vm.Self, func() {
		tools := vm.Guest.ToolsRunningStatus == string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)
		state.PowerState = string(vm.Runtime.PowerState)
		state.ToolsRunning = &tools
		state.NeverShutsDown = &vm.doc.NeverShutsDown
		state.FailsToPowerOn = &vm.doc.FailsToPowerOn
		if vm.Config == nil {
			return
		}

		state.ChangeVersion = vm.Config.ChangeVersion
		for _, option := range vm.Config.ExtraConfig {
			value := option.GetOptionValue()
			if _, known := state.ExtraConfig[value.Key]; known {
				state.Repeated = append(state.Repeated, value.Key)
			}

			text, _ := value.Value.(string)
			state.ExtraConfig[value.Key] = &text
		}
	})
	return state
}

func (s *server) changeVM(wanted *vmState) (interface{}, error) {
	vm, err := s.findVM(wanted.Object)
	if err != nil {
		return nil, err
	}

	simulator.Map.WithLock(vm.Self, func() {
		if wanted.NeverShutsDown != nil {
			vm.doc.NeverShutsDown = *wanted.NeverShutsDown
		}

		if wanted.FailsToPowerOn != nil {
			vm.doc.FailsToPowerOn = *wanted.FailsToPowerOn
		}

		if wanted.ToolsRunning != nil {
			vm.doc.ToolsNotRunning = !*wanted.ToolsRunning
			vm.switchTo(vm.Runtime.PowerState == on)
		}

		if wanted.PowerState != "" {
			vm.switchTo(wanted.PowerState == string(on))
		}

		if len(wanted.ExtraConfig) > 0 && vm.Config != nil {
			vm.edit(wanted.ExtraConfig)
		}
	})
	return vm.state(), nil
}

// edit is someone else's change of extraConfig, with all that follows from one.
func (vm *VirtualMachine) edit(values map[string]*string) {
	var changes []types.BaseOptionValue
	for key, value := range values {
		option := &types.OptionValue{Key: key, Value: ""}
		if value != nil {
			option.Value = *value
		}

		changes = append(changes, option)
	}

	sort.Slice(changes, func(i, j int) bool { return changes[i].GetOptionValue().Key < changes[j].GetOptionValue().Key })
	config := *vm.Config
	config.ExtraConfig = mergeOptions(config.ExtraConfig, changes)
	vm.Config = &config
	vm.bump()
}

type hostState struct {
	Object            string `json:"object"`
	ConnectionState   string `json:"connectionState,omitempty"`
	InMaintenanceMode *bool  `json:"inMaintenanceMode,omitempty"`
	Log               string `json:"log,omitempty"` // another file for vmkernel
}

func (s *server) changeHost(wanted *hostState) (interface{}, error) {
	host, err := s.findHost(wanted.Object)
	if err != nil {
		return nil, err
	}

	simulator.Map.WithLock(host.Self, func() {
		if wanted.ConnectionState != "" {
			host.Runtime.ConnectionState = types.HostSystemConnectionState(wanted.ConnectionState)
		}

		if wanted.InMaintenanceMode != nil {
			host.Runtime.InMaintenanceMode = *wanted.InMaintenanceMode
		}

		setIfGiven(&host.doc.Log, wanted.Log)
		runtime := host.Runtime
		host.Summary.Runtime = &runtime
	})
	if wanted.ConnectionState != "" {
		s.followHost(host)
	}

	return nil, nil
}

// followHost sets the connection of a host's VMs after that of the host.
func (s *server) followHost(host *HostSystem) {
	state := types.VirtualMachineConnectionStateDisconnected
	if host.Runtime.ConnectionState == types.HostSystemConnectionStateConnected {
		state = types.VirtualMachineConnectionStateConnected
	}

	for _, vm := range s.vms {
		if vm.host == host {
			simulator.Map.WithLock(vm.Self, func() {
				vm.Runtime.ConnectionState = state
				vm.Summary.Runtime = vm.Runtime
			})
		}
	}
}

func setIfGiven(target *string, value string) {
	if value != "" {
		*target = value
	}
}

// forget removes a child from whatever lists it.
func forget(parent mo.Reference, child types.ManagedObjectReference) {
	drop := func(list []types.ManagedObjectReference) []types.ManagedObjectReference {
		kept := make([]types.ManagedObjectReference, 0, len(list))
		for _, ref := range list {
			if ref != child {
				kept = append(kept, ref)
			}
		}

		return kept
	}

	switch p := parent.(type) {
	case *mo.Folder:
		p.ChildEntity = drop(p.ChildEntity)
	case *mo.ResourcePool:
		p.Vm = drop(p.Vm)
	case *mo.ComputeResource:
		p.Host = drop(p.Host)
	case *mo.ClusterComputeResource:
		p.Host = drop(p.Host)
	case *HostSystem:
		p.Vm = drop(p.Vm)
	}
}
