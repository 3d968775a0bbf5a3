package main

import (
	"fmt"
	"strconv"

	"github.com/vmware/govmomi/vim25/types"
)

// VirtualPCIPassthroughDvxBackingInfo is newer than the simulator's types.
type VirtualPCIPassthroughDvxBackingInfo struct {
	types.VirtualDeviceBackingInfo
	DeviceClass string `xml:"deviceClass"`
}

const (
	pciControllerKey = 100
	firstPassthruKey = 13000
	firstNicKey      = 4000
)

func devices(doc *vmDocument) []types.BaseVirtualDevice {
	pci := &types.VirtualPCIController{}
	pci.Key = pciControllerKey
	pci.DeviceInfo = &types.Description{Label: "PCI controller 0", Summary: "PCI controller 0"}
	disk := &types.VirtualDisk{CapacityInKB: 40 << 20}
	disk.Key = 2000
	disk.ControllerKey = 1000
	disk.DeviceInfo = &types.Description{Label: "Hard disk 1", Summary: "41,943,040 KB"}
	disk.Backing = &types.VirtualDiskFlatVer2BackingInfo{
		VirtualDeviceFileBackingInfo: types.VirtualDeviceFileBackingInfo{FileName: fmt.Sprintf("[datastore1] %s/%s.vmdk", doc.Name, doc.Name)},
		DiskMode:                     "persistent",
	}
	scsi := &types.ParaVirtualSCSIController{}
	scsi.Key = 1000
	scsi.ControllerKey = pciControllerKey
	scsi.DeviceInfo = &types.Description{Label: "SCSI controller 0", Summary: "VMware paravirtual SCSI"}
	scsi.SharedBus = types.VirtualSCSISharingNoSharing
	list := []types.BaseVirtualDevice{pci, scsi, disk}
	for i := range doc.Devices {
		list = append(list, device(&doc.Devices[i], i, false))
	}

	return list
}

// device makes the virtual device with the given index; on says whether the VM runs, since some backings are assigned then only.
func device(doc *deviceDocument, index int, on bool) types.BaseVirtualDevice {
	unit := int32(18 + index)
	base := types.VirtualDevice{
		Key: firstPassthruKey + int32(index), ControllerKey: pciControllerKey, UnitNumber: &unit,
		DeviceInfo: &types.Description{Label: fmt.Sprintf("PCI device %d", index), Summary: doc.Name},
	}
	if place, err := strconv.Atoi(doc.Slot); err == nil {
		base.SlotInfo = &types.VirtualDevicePciBusSlotInfo{PciSlotNumber: int32(place)}
	}

	automatic := false
	named := types.VirtualDeviceDeviceBackingInfo{DeviceName: doc.Name, UseAutoDetect: &automatic}
	switch doc.Kind {
	case "dynamic":
		backing := &types.VirtualPCIPassthroughDynamicBackingInfo{VirtualDeviceDeviceBackingInfo: named, CustomLabel: doc.Label}
		for _, allowed := range doc.Allowed {
			backing.AllowedDevice = append(backing.AllowedDevice, types.VirtualPCIPassthroughAllowedDevice{
				VendorId: int32(allowed.Vendor), DeviceId: int32(allowed.Device),
			})
		}

		if on {
			backing.AssignedId = doc.ID
		}

		base.Backing = backing
	case "vgpu":
		base.Backing = &types.VirtualPCIPassthroughVmiopBackingInfo{Vgpu: doc.Profile}
	case "dvx":
		base.Backing = &VirtualPCIPassthroughDvxBackingInfo{DeviceClass: doc.Profile}
	case "sriov":
		return sriovCard(doc, base, index, on)
	default:
		base.Backing = plainBacking(doc, doc.ID, named)
	}

	return &types.VirtualPCIPassthrough{VirtualDevice: base}
}

func plainBacking(doc *deviceDocument, id string, named types.VirtualDeviceDeviceBackingInfo) *types.VirtualPCIPassthroughDeviceBackingInfo {
	return &types.VirtualPCIPassthroughDeviceBackingInfo{
		VirtualDeviceDeviceBackingInfo: named, Id: id, DeviceId: fmt.Sprintf("%x", uint16(doc.Device)), SystemId: doc.SystemID,
		VendorId: int16(doc.Vendor),
	}
}

// sriovCard is a network adapter: the physical function is chosen by the administrator, the virtual one by the host at power-on.
func sriovCard(doc *deviceDocument, base types.VirtualDevice, index int, on bool) types.BaseVirtualDevice {
	card := &types.VirtualSriovEthernetCard{}
	card.VirtualDevice = base
	card.Key = firstNicKey + int32(index)
	card.DeviceInfo = &types.Description{Label: fmt.Sprintf("Network adapter %d", index+1), Summary: doc.Label}
	card.Backing = &types.VirtualEthernetCardNetworkBackingInfo{
		VirtualDeviceDeviceBackingInfo: types.VirtualDeviceDeviceBackingInfo{DeviceName: doc.Label},
	}
	card.AddressType = "assigned"
	card.MacAddress = fmt.Sprintf("00:50:56:00:00:%02x", index)
	sriov := &types.VirtualSriovEthernetCardSriovBackingInfo{}
	if doc.ID != "" {
		sriov.PhysicalFunctionBacking = plainBacking(&deviceDocument{SystemID: "BYPASS"}, doc.ID, types.VirtualDeviceDeviceBackingInfo{})
		sriov.PhysicalFunctionBacking.DeviceId = "0"
	}

	if on && doc.VF != "" {
		sriov.VirtualFunctionBacking = plainBacking(&deviceDocument{SystemID: "BYPASS"}, doc.VF, types.VirtualDeviceDeviceBackingInfo{})
		sriov.VirtualFunctionBacking.DeviceId = "0"
	}

	card.SriovBacking = sriov
	return card
}

// assigned replaces the devices whose backing depends on the VM being on.
func assigned(list []types.BaseVirtualDevice, doc *vmDocument, on bool) []types.BaseVirtualDevice {
	changed := append([]types.BaseVirtualDevice(nil), list...)
	for i := range doc.Devices {
		if kind := doc.Devices[i].Kind; kind != "dynamic" && kind != "sriov" {
			continue
		}

		fresh := device(&doc.Devices[i], i, on)
		for j := range changed {
			if changed[j].GetVirtualDevice().Key == fresh.GetVirtualDevice().Key {
				changed[j] = fresh
			}
		}
	}

	return changed
}
