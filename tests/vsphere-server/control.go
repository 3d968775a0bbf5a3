package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// controlHandler is the endpoint through which tests cause faults and look behind the API. Everything is JSON.
func (s *server) controlHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/requests", s.requests)
	mux.HandleFunc("/requests/reset", post(func(*struct{}) (interface{}, error) { s.faults.resetCounts(); return nil, nil }))
	mux.HandleFunc("/reset", post(func(*struct{}) (interface{}, error) { s.faults.reset(); return nil, nil }))
	mux.HandleFunc("/slow", post(func(r *slowRule) (interface{}, error) {
		return s.add(func() { s.faults.slow = append(s.faults.slow, *r) })
	}))
	mux.HandleFunc("/drop", post(s.addDrop))
	mux.HandleFunc("/status", post(func(r *statusRule) (interface{}, error) {
		return s.add(func() { s.faults.status = append(s.faults.status, *r) })
	}))
	mux.HandleFunc("/fault", post(func(r *faultRule) (interface{}, error) { return s.addFault(&s.faults.soap, r) }))
	mux.HandleFunc("/task-error", post(func(r *faultRule) (interface{}, error) { return s.addFault(&s.faults.tasks, r) }))
	mux.HandleFunc("/deny", post(func(r *denyRule) (interface{}, error) {
		return s.add(func() { s.faults.denied = append(s.faults.denied, *r) })
	}))
	mux.HandleFunc("/session/expire", post(func(*struct{}) (interface{}, error) {
		return map[string]int{"expired": s.sessions.expire()}, nil
	}))
	mux.HandleFunc("/concurrent", post(s.concurrent))
	mux.HandleFunc("/remove", post(s.remove))
	mux.HandleFunc("/vm", s.vm)
	mux.HandleFunc("/host", post(s.changeHost))
	return mux
}

// post decodes the body of a POST, which may be empty, and writes what act returns.
func post[T any](act func(*T) (interface{}, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			http.Error(w, "POST only", http.StatusMethodNotAllowed)
			return
		}

		value := new(T)
		decoder := json.NewDecoder(r.Body)
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(value); err != nil && err.Error() != "EOF" {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}

		result, err := act(value)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}

		writeJSON(w, result)
	}
}

func writeJSON(w http.ResponseWriter, value interface{}) {
	if value == nil {
		value = struct{}{}
	}

	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

func (s *server) add(act func()) (interface{}, error) {
	s.faults.mutex.Lock()
	defer s.faults.mutex.Unlock()
	act()
	return nil, nil
}

func (s *server) addDrop(r *dropRule) (interface{}, error) {
	switch r.When {
	case "", "before", "after", "middle":
	default:
		return nil, fmt.Errorf("when: %q is not one of before, after, middle", r.When)
	}

	if r.At == 0 && r.Method == "" {
		return nil, fmt.Errorf("at or method is needed")
	}

	return s.add(func() { s.faults.drop = append(s.faults.drop, *r) })
}

func (s *server) addFault(list *[]faultRule, r *faultRule) (interface{}, error) {
	if newFault(r.Fault) == nil {
		return nil, fmt.Errorf("%q is no fault of the API", r.Fault)
	}

	if r.Message == "" {
		r.Message = "A general system error occurred: " + r.Fault
	}

	return s.add(func() { *list = append(*list, *r) })
}

// newFault makes a fault of the API by its name; an empty name is a SystemError.
func newFault(name string) types.BaseMethodFault {
	if name == "" {
		name = "SystemError"
	}

	kind, known := types.TypeFunc()(name)
	if !known {
		return nil
	}

	made, _ := reflect.New(kind).Interface().(types.BaseMethodFault)
	return made
}

func (s *server) requests(w http.ResponseWriter, _ *http.Request) {
	s.faults.mutex.Lock()
	defer s.faults.mutex.Unlock()
	writeJSON(w, map[string]interface{}{
		"total": s.faults.total, "methods": s.faults.methods, "sequence": append([]string{}, s.faults.sequence...),
		"active": s.faults.active, "peak": s.faults.peak, "sessions": s.sessions.count(),
	})
}

type target struct {
	Object string `json:"object"`
	Now    bool   `json:"now"` // at once, not when the next ReconfigVM comes
}

// concurrent lets someone else edit a VM: just before the next ReconfigVM, or now.
func (s *server) concurrent(t *target) (interface{}, error) {
	vm, err := s.findVM(t.Object)
	if err != nil {
		return nil, err
	}

	simulator.Map.WithLock(vm.Self, func() {
		if t.Now {
			vm.bump()
		} else {
			vm.stale = true
		}
	})
	return nil, nil
}

func (s *server) findVM(name string) (*VirtualMachine, error) {
	if vm := s.vms[name]; vm != nil {
		return vm, nil
	}

	for _, vm := range s.vms {
		if vm.Self.Value == name {
			return vm, nil
		}
	}

	return nil, fmt.Errorf("there is no VM %q", name)
}

func (s *server) findHost(name string) (*HostSystem, error) {
	for key, host := range s.hosts {
		if key == name || host.Self.Value == name || strings.HasPrefix(key, name+".") {
			return host, nil
		}
	}

	return nil, fmt.Errorf("there is no host %q", name)
}

// remove takes a VM, or a host with its VMs, out of the inventory, as if someone had deleted it.
func (s *server) remove(t *target) (interface{}, error) {
	if vm, err := s.findVM(t.Object); err == nil {
		s.removeVM(vm)
		return nil, nil
	}

	host, err := s.findHost(t.Object)
	if err != nil {
		return nil, err
	}

	for _, vm := range s.vms {
		if vm.host == host {
			s.removeVM(vm)
		}
	}

	simulator.Map.Remove(host.Self)
	s.detach(host.Self, *host.Parent)
	return nil, nil
}

func (s *server) removeVM(vm *VirtualMachine) {
	simulator.Map.Remove(vm.Self)
	s.detach(vm.Self, *vm.Parent, vm.host.Self)
	if vm.ResourcePool != nil {
		s.detach(vm.Self, *vm.ResourcePool)
	}
}

func (s *server) detach(child types.ManagedObjectReference, parents ...types.ManagedObjectReference) {
	for _, parent := range parents {
		simulator.Map.WithLock(parent, func() { forget(simulator.Map.Get(parent), child) })
	}
}
