package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// document is the inventory as JSON describes it. Paths in it are relative to the document.
type document struct {
	APIVersion string            `json:"apiVersion"` // of the vCenter, such as "8.0.3.0"
	Build      string            `json:"build"`
	Datacenter string            `json:"datacenter"`
	Clusters   []clusterDocument `json:"clusters"`
	Hosts      []hostDocument    `json:"hosts"` // standalone ones
}

type clusterDocument struct {
	Name  string         `json:"name"`
	Hosts []hostDocument `json:"hosts"`
}

type hostDocument struct {
	Name            string            `json:"name"`
	Sample          string            `json:"sample"` // an evidence folder that fills whatever is not set here
	Version         string            `json:"version"`
	Build           string            `json:"build"`
	LogicalCPUs     int               `json:"logicalCpus"`
	UUID            string            `json:"uuid"`
	ConnectionState string            `json:"connectionState"` // connected (default), disconnected, notResponding
	InMaintenance   bool              `json:"inMaintenanceMode"`
	PoweredOff      bool              `json:"poweredOff"`
	ConfigUnknown   bool              `json:"configUnknown"` // hardware and config are unset, as after a restart of a vCenter that can't reach the host
	PCI             []pciDocument     `json:"pci"`
	Options         map[string]string `json:"options"`      // VMkernel.Boot.* and other advanced settings
	Log             string            `json:"log"`          // file that BrowseDiagnosticLog shows as vmkernel
	MaxPassthru     int               `json:"maxPassthru"`  // numPCIPassthroughDevices.max of a VM on this host; 0 leaves it out
	VectorBudget    int               `json:"vectorBudget"` // with -check-vectors: vectors that all guests together may have
	VMs             []vmDocument      `json:"vms"`
}

type pciDocument struct {
	ID         string         `json:"id"` // 0000:c8:00.0
	Class      hexNumber      `json:"class"`
	Vendor     hexNumber      `json:"vendor"`
	Device     hexNumber      `json:"device"`
	SubVendor  hexNumber      `json:"subVendor"`
	SubDevice  hexNumber      `json:"subDevice"`
	VendorName string         `json:"vendorName"`
	DeviceName string         `json:"deviceName"`
	Parent     string         `json:"parent"`
	Capable    bool           `json:"capable"`
	Enabled    bool           `json:"enabled"`
	Active     bool           `json:"active"`
	Dependent  string         `json:"dependent"` // default: the device itself
	Label      string         `json:"label"`     // hardware label of dynamic DirectPath
	Sriov      *sriovDocument `json:"sriov"`
}

type sriovDocument struct {
	Enabled   bool `json:"enabled"`
	Active    bool `json:"active"`
	Requested int  `json:"requested"`
	Functions int  `json:"functions"`
	Max       int  `json:"max"`
}

type vmDocument struct {
	Name            string            `json:"name"`
	On              bool              `json:"on"`
	GuestID         string            `json:"guestId"`
	GuestName       string            `json:"guestName"`
	HardwareVersion string            `json:"hardwareVersion"` // vmx-19
	UUID            string            `json:"uuid"`
	InstanceUUID    string            `json:"instanceUuid"`
	ToolsNotRunning bool              `json:"toolsNotRunning"`
	Template        bool              `json:"template"`
	Devices         []deviceDocument  `json:"devices"`
	ExtraConfig     map[string]string `json:"extraConfig"`
	NeverShutsDown  bool              `json:"neverShutsDown"`
	FailsToPowerOn  string            `json:"failsToPowerOn"` // message of the fault
	ConfigUnknown   bool              `json:"configUnknown"`  // config is unset, as for an inaccessible VM
}

type deviceDocument struct {
	Kind     string          `json:"kind"` // plain, dynamic, vgpu, dvx, sriov
	ID       string          `json:"id"`   // of the physical device: plain; of the physical function: sriov; assigned while on: dynamic
	VF       string          `json:"vf"`   // virtual function that an sriov card has while it is on
	Vendor   hexNumber       `json:"vendor"`
	Device   hexNumber       `json:"device"`
	Name     string          `json:"name"`
	SystemID string          `json:"systemId"`
	Label    string          `json:"label"`
	Allowed  []allowedDevice `json:"allowed"`
	Profile  string          `json:"profile"` // of a vGPU; device class of dvx
	Slot     string          `json:"slot"`    // pciPassthruN.pciSlotNumber, and slotInfo of the device
	Vectors  int             `json:"vectors"` // with -check-vectors
}

type allowedDevice struct {
	Vendor hexNumber `json:"vendor"`
	Device hexNumber `json:"device"`
}

// hexNumber is written as "0x10df" in JSON.
type hexNumber uint16

func (h *hexNumber) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}

	n, err := parseHex(text)
	*h = hexNumber(n)
	return err
}

func (h hexNumber) MarshalJSON() ([]byte, error) {
	return json.Marshal(fmt.Sprintf("0x%04x", uint16(h)))
}

func parseHex(text string) (uint16, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimSpace(text), "0x"), 16, 16)
	return uint16(n), err
}

func loadDocument(o *options) (*document, error) {
	if o.inventory == "" {
		if o.hosts == 0 {
			return nil, fmt.Errorf("give -inventory FILE, or -hosts N")
		}

		return generate(o), nil
	}

	data, err := os.ReadFile(o.inventory)
	if err != nil {
		return nil, err
	}

	doc := &document{}
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(doc); err != nil {
		return nil, fmt.Errorf("%s: %w", o.inventory, err)
	}

	folder := filepath.Dir(o.inventory)
	for c := range doc.Clusters {
		for h := range doc.Clusters[c].Hosts {
			if err := complete(&doc.Clusters[c].Hosts[h], folder); err != nil {
				return nil, err
			}
		}
	}

	for h := range doc.Hosts {
		if err := complete(&doc.Hosts[h], folder); err != nil {
			return nil, err
		}
	}

	return doc, nil
}

// complete resolves the paths of a host and reads the evidence folder that it names.
func complete(h *hostDocument, folder string) error {
	if h.Log != "" && !filepath.IsAbs(h.Log) {
		h.Log = filepath.Join(folder, h.Log)
	}

	if h.Sample == "" {
		return nil
	}

	if !filepath.IsAbs(h.Sample) {
		h.Sample = filepath.Join(folder, h.Sample)
	}

	return readSample(h)
}
