package main

import (
	"sync"
	"time"

	"github.com/vmware/govmomi/vim25/types"
)

// faults is what the tests asked the server to do wrong, and what was asked of the server.
type faults struct {
	mutex    sync.Mutex
	total    int
	methods  map[string]int
	sequence []string
	active   int
	peak     int
	slow     []slowRule
	drop     []dropRule
	status   []statusRule
	soap     []faultRule
	tasks    []faultRule
	denied   []denyRule
}

type slowRule struct {
	Ms     int    `json:"ms"`
	Method string `json:"method"` // empty: every method
	Times  int    `json:"times"`  // 0: until the reset
}

// dropRule cuts the connection of a request: number At since the reset, or every one of a method.
type dropRule struct {
	At     int    `json:"at"`
	Method string `json:"method"`
	When   string `json:"when"`  // before the request is carried out (default), after it, or in the middle of the answer
	Times  int    `json:"times"` // 0: once
}

// statusRule answers with an HTTP status and a page of HTML, as a proxy does whose server is away.
type statusRule struct {
	Status int    `json:"status"`
	Method string `json:"method"`
	Times  int    `json:"times"` // 0: once
}

// faultRule ends a method, or the task that it starts, with a fault.
type faultRule struct {
	Fault   string `json:"fault"` // name of the type, such as InvalidState
	Message string `json:"message"`
	Method  string `json:"method"`
	Times   int    `json:"times"` // 0: once
}

type denyRule struct {
	Object string `json:"object"` // name or ID; empty: every object
	Method string `json:"method"` // empty: reading and every method
}

// plan is what is to happen to one request.
type plan struct {
	number int
	delay  time.Duration
	drop   string
	status int
	fault  *failure
}

func newFaults() *faults {
	return &faults{methods: map[string]int{}}
}

// begin counts a request and decides its fate.
func (f *faults) begin(c call, name string) plan {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.total++
	f.methods[c.method]++
	f.sequence = append(f.sequence, c.method)
	f.active++
	if f.active > f.peak {
		f.peak = f.active
	}

	p := plan{number: f.total}
	for i := range f.slow {
		r := &f.slow[i]
		if matches(r.Method, c.method) && r.Times >= 0 {
			p.delay += time.Duration(r.Ms) * time.Millisecond
			if r.Times > 0 {
				spend(&r.Times)
			}
		}
	}

	for i := range f.drop {
		r := &f.drop[i]
		if r.Times < 0 || r.At > 0 && r.At != f.total || r.Method != "" && r.Method != c.method {
			continue
		}

		spend(&r.Times)
		p.drop = r.When
		if p.drop == "" {
			p.drop = "before"
		}
	}

	for i := range f.status {
		if r := &f.status[i]; r.Times >= 0 && matches(r.Method, c.method) {
			spend(&r.Times)
			p.status = r.Status
		}
	}

	p.fault = take(f.soap, c.method)
	if p.fault == nil && f.deniesLocked(name, c.this, c.method) {
		p.fault = &failure{noPermission(c.this, privilege(c.method)), "Permission to perform this operation was denied."}
	}

	return p
}

func (f *faults) end() {
	f.mutex.Lock()
	f.active--
	f.mutex.Unlock()
}

func matches(rule, method string) bool { return rule == "" || rule == method }

// spend counts a rule down; one that is spent has -1 left.
func spend(times *int) {
	if *times--; *times <= 0 {
		*times = -1
	}
}

func take(rules []faultRule, method string) *failure {
	for i := range rules {
		r := &rules[i]
		if r.Times >= 0 && matches(r.Method, method) {
			spend(&r.Times)
			return &failure{newFault(r.Fault), r.Message}
		}
	}

	return nil
}

func (f *faults) taskFailure(method string) *failure {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return take(f.tasks, method)
}

func (f *faults) anyDenied() bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return len(f.denied) > 0
}

// denies says whether a method, or reading where it is empty, is denied on an object.
func (f *faults) denies(name string, ref types.ManagedObjectReference, method string) bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.deniesLocked(name, ref, method)
}

func (f *faults) deniesLocked(name string, ref types.ManagedObjectReference, method string) bool {
	for _, r := range f.denied {
		if r.Object != "" && r.Object != name && r.Object != ref.Value {
			continue
		}

		// Without an object and without a method nothing would work, log-in included.
		if r.Method == method && method != "" || r.Method == "" && r.Object != "" {
			return true
		}
	}

	return false
}

func (f *faults) reset() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.slow, f.drop, f.status, f.soap, f.tasks, f.denied = nil, nil, nil, nil, nil, nil
	f.resetCountsLocked()
}

func (f *faults) resetCounts() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.resetCountsLocked()
}

func (f *faults) resetCountsLocked() {
	f.total, f.methods, f.sequence, f.peak = 0, map[string]int{}, nil, f.active
}

func privilege(method string) string {
	switch method {
	case "ReconfigVM_Task":
		return "VirtualMachine.Config.AdvancedConfig"
	case "PowerOnVM_Task":
		return "VirtualMachine.Interact.PowerOn"
	case "PowerOffVM_Task", "ShutdownGuest":
		return "VirtualMachine.Interact.PowerOff"
	case "ResetVM_Task", "RebootGuest":
		return "VirtualMachine.Interact.Reset"
	case "BrowseDiagnosticLog", "QueryDescriptions":
		return "Global.Diagnostics"
	default:
		return "System.Read"
	}
}
