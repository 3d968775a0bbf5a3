package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// HostSystem is a host. Its managed object comes first, where the simulator's property collector looks for it.
type HostSystem struct {
	mo.HostSystem
	doc *hostDocument
}

// HostPciPassthruInfo has the label that later API versions than the simulator's send.
type HostPciPassthruInfo struct {
	types.HostPciPassthruInfo
	HardwareLabel string `xml:"hardwareLabel,omitempty"`
}

func newHost(ref types.ManagedObjectReference, doc *hostDocument) *HostSystem {
	setDefault(&doc.Version, "8.0.3")
	setDefault(&doc.Build, "24022510")
	setDefault(&doc.ConnectionState, "connected")
	setDefault(&doc.UUID, stableUUID("host", doc.Name))
	if doc.LogicalCPUs == 0 {
		doc.LogicalCPUs = 64
	}

	h := &HostSystem{doc: doc}
	h.Self = ref
	h.Name = doc.Name
	boot := time.Now().Add(-72 * time.Hour).UTC()
	h.Runtime = types.HostRuntimeInfo{
		ConnectionState:   types.HostSystemConnectionState(doc.ConnectionState),
		PowerState:        types.HostSystemPowerStatePoweredOn,
		InMaintenanceMode: doc.InMaintenance,
		BootTime:          &boot,
	}
	switch {
	case doc.PoweredOff:
		h.Runtime.PowerState = types.HostSystemPowerStatePoweredOff
	case doc.ConnectionState != "connected":
		h.Runtime.PowerState = types.HostSystemPowerStateUnknown
	}

	product := types.AboutInfo{
		Name: "VMware ESXi", FullName: fmt.Sprintf("VMware ESXi %s build-%s", doc.Version, doc.Build), Vendor: "VMware, Inc.",
		Version: doc.Version, Build: doc.Build, LocaleVersion: "INTL", LocaleBuild: "000", OsType: "vmnix-x86",
		ProductLineId: "embeddedEsx", ApiType: "HostAgent", ApiVersion: hostAPIVersion(doc.Version),
		LicenseProductName: "VMware ESX Server", LicenseProductVersion: majorVersion(doc.Version),
	}
	cores := int16(doc.LogicalCPUs / 2)
	h.Summary = types.HostListSummary{
		Host: &h.Self,
		Hardware: &types.HostHardwareSummary{
			Vendor: "Example Corp.", Model: "Rack Server", Uuid: doc.UUID, MemorySize: 512 << 30, CpuModel: "Example CPU",
			CpuMhz: 2600, NumCpuPkgs: 2, NumCpuCores: cores, NumCpuThreads: int16(doc.LogicalCPUs),
		},
		Runtime:       &h.Runtime,
		Config:        types.HostConfigSummary{Name: doc.Name, Port: 902, Product: &product, VmotionEnabled: true},
		OverallStatus: types.ManagedEntityStatusGreen,
	}
	if doc.ConfigUnknown {
		return h
	}

	h.Hardware = &types.HostHardwareInfo{
		SystemInfo: types.HostSystemInfo{Vendor: "Example Corp.", Model: "Rack Server", Uuid: doc.UUID},
		CpuInfo: types.HostCpuInfo{
			NumCpuPackages: 2, NumCpuCores: cores, NumCpuThreads: int16(doc.LogicalCPUs), Hz: 2600000000,
		},
		MemorySize: 512 << 30,
		PciDevice:  pciDevices(doc.PCI),
	}
	h.Config = &types.HostConfigInfo{
		Host:            ref,
		Product:         product,
		Option:          hostOptions(doc),
		PciPassthruInfo: passthruInfo(doc.PCI),
	}
	return h
}

func pciDevices(list []pciDocument) []types.HostPciDevice {
	devices := make([]types.HostPciDevice, len(list))
	for i := range list {
		devices[i] = pciDevice(&list[i])
	}

	return devices
}

func pciDevice(d *pciDocument) types.HostPciDevice {
	var segment uint16
	var bus, slot, function byte
	_, _ = fmt.Sscanf(d.ID, "%x:%x:%x.%x", &segment, &bus, &slot, &function)
	return types.HostPciDevice{
		Id: d.ID, ClassId: int16(d.Class), Bus: bus, Slot: slot, Function: function,
		VendorId: int16(d.Vendor), DeviceId: int16(d.Device), SubVendorId: int16(d.SubVendor), SubDeviceId: int16(d.SubDevice),
		VendorName: d.VendorName, DeviceName: d.DeviceName, ParentBridge: d.Parent,
	}
}

// passthruInfo lists every device, as a real host does, and a physical function as HostSriovInfo.
func passthruInfo(list []pciDocument) []types.BaseHostPciPassthruInfo {
	infos := make([]types.BaseHostPciPassthruInfo, 0, len(list))
	for i := range list {
		d := &list[i]
		base := types.HostPciPassthruInfo{
			Id: d.ID, DependentDevice: d.Dependent, PassthruCapable: d.Capable, PassthruEnabled: d.Enabled, PassthruActive: d.Active,
		}
		if base.DependentDevice == "" {
			base.DependentDevice = d.ID
		}

		if d.Sriov == nil {
			infos = append(infos, &HostPciPassthruInfo{base, d.Label})
			continue
		}

		infos = append(infos, &types.HostSriovInfo{
			HostPciPassthruInfo: base,
			SriovCapable:        true, SriovEnabled: d.Sriov.Enabled, SriovActive: d.Sriov.Active,
			NumVirtualFunctionRequested: int32(d.Sriov.Requested), NumVirtualFunction: int32(d.Sriov.Functions),
			MaxVirtualFunctionSupported: int32(d.Sriov.Max),
		})
	}

	return infos
}

// hostOptions are the advanced settings. Of the kernel's own settings a real host mirrors only some here: the interrupt cookies and
// the first MSI-X vector are not among them.
func hostOptions(doc *hostDocument) []types.BaseOptionValue {
	values := map[string]string{
		"VMkernel.Boot.intrBalancingEnabled": "true",
		"VMkernel.Boot.hyperthreading":       "true",
		"Syslog.global.logDir":               "[] /scratch/log",
		"UserVars.SuppressShellWarning":      "0",
	}
	if strings.Compare(doc.Version, "6") >= 0 {
		values["VMkernel.Boot.disableACSCheck"] = "false"
	}

	if strings.Compare(doc.Version, "7") >= 0 {
		values["VMkernel.Boot.iovEnablePostedIntr"] = strconv.FormatBool(strings.Compare(doc.Version, "8.0.3") >= 0)
	}

	for key, value := range doc.Options {
		values[key] = value
	}

	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}

	sort.Strings(keys)
	options := make([]types.BaseOptionValue, len(keys))
	for i, key := range keys {
		options[i] = &types.OptionValue{Key: key, Value: typed(values[key])}
	}

	return options
}

// typed gives a setting the type that the API sends it in.
func typed(value string) types.AnyType {
	if b, err := strconv.ParseBool(value); err == nil && len(value) > 1 {
		return b
	}

	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		return n
	}

	return value
}

func hostAPIVersion(version string) string {
	if strings.Compare(version, "6.7") < 0 {
		return majorVersion(version)
	}

	return version + ".0"
}

func majorVersion(version string) string {
	parts := strings.Split(version, ".")
	if len(parts) < 2 {
		return version
	}

	return parts[0] + "." + parts[1]
}
