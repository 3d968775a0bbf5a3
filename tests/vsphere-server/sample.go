package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// readSample fills a host from an evidence folder, so that the live and the offline way can be compared on the same case.
func readSample(h *hostDocument) error {
	var host struct {
		Name        string `json:"name"`
		Version     string `json:"version"`
		Build       int    `json:"build"`
		LogicalCPUs int    `json:"logicalCpus"`
	}
	if err := readJSON(filepath.Join(h.Sample, "host.json"), &host); err != nil {
		return err
	}

	setDefault(&h.Name, host.Name)
	setDefault(&h.Version, host.Version)
	setDefault(&h.Build, strconv.Itoa(host.Build))
	if h.LogicalCPUs == 0 {
		h.LogicalCPUs = host.LogicalCPUs
	}

	setDefault(&h.Log, filepath.Join(h.Sample, "vmkernel.log"))
	if len(h.PCI) == 0 {
		list, err := readPciList(filepath.Join(h.Sample, "esxcli-hardware-pci-list.txt"))
		if err != nil {
			return err
		}

		h.PCI = list
	}

	if len(h.VMs) > 0 {
		return nil
	}

	folders, err := filepath.Glob(filepath.Join(h.Sample, "vms", "*"))
	if err != nil {
		return err
	}

	sort.Strings(folders)
	for _, folder := range folders {
		vm, systemID, err := readVM(folder)
		if err != nil {
			return err
		}

		setDefault(&h.UUID, systemID)
		h.VMs = append(h.VMs, *vm)
	}

	return nil
}

func setDefault(target *string, value string) {
	if *target == "" {
		*target = value
	}
}

func readJSON(file string, value interface{}) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}

	if err := json.Unmarshal(data, value); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}

	return nil
}

// readPciList reads "esxcli hardware pci list": the address at column 0, fields indented below it.
func readPciList(file string) ([]pciDocument, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()

	var list []pciDocument
	scanner := bufio.NewScanner(f)
	for scanner.Scan() {
		line := strings.TrimRight(scanner.Text(), "\r ")
		if line == "" {
			continue
		}

		if line[0] != ' ' {
			list = append(list, pciDocument{ID: line})
			continue
		}

		key, value, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found || len(list) == 0 {
			continue
		}

		setPciField(&list[len(list)-1], key, value)
	}

	return list, scanner.Err()
}

func setPciField(d *pciDocument, key, value string) {
	number := func() hexNumber {
		n, _ := parseHex(value)
		return hexNumber(n)
	}

	switch key {
	case "Vendor ID":
		d.Vendor = number()
	case "Device ID":
		d.Device = number()
	case "SubVendor ID":
		d.SubVendor = number()
	case "SubDevice ID":
		d.SubDevice = number()
	case "Device Class":
		d.Class = number()
	case "Vendor Name":
		d.VendorName = value
	case "Device Name":
		d.DeviceName = value
	case "Passthru Capable":
		d.Capable = value == "true"
	case "Configured Owner":
		d.Enabled = value == "VM Passthru"
	case "Current Owner":
		d.Active = value == "VM Passthru"
	case "Parent Device":
		d.Parent = decimalAddress(value)
	case "Dependent Device":
		d.Dependent = decimalAddress(value)
	}
}

// decimalAddress turns "PCI 0:174:0:0" into "0000:ae:00.0".
func decimalAddress(text string) string {
	var segment, bus, slot, function int
	if _, err := fmt.Sscanf(text, "PCI %d:%d:%d:%d", &segment, &bus, &slot, &function); err != nil {
		return ""
	}

	return fmt.Sprintf("%04x:%02x:%02x.%x", segment, bus, slot, function)
}
