package main

import "fmt"

// generate makes an inventory of any size. The same numbers give the same inventory. Every eighth VM has two functions of an HBA
// passed through, as many as its host has.
func generate(o *options) *document {
	doc := &document{APIVersion: "8.0.3.0"}
	clusters := o.clusters
	if clusters < 1 {
		clusters = 1
	}

	for c := 0; c < clusters; c++ {
		doc.Clusters = append(doc.Clusters, clusterDocument{Name: fmt.Sprintf("cluster%02d", c+1)})
	}

	for h := 0; h < o.hosts; h++ {
		host := generateHost(h)
		for i := 0; i < o.hostOptions; i++ {
			if host.Options == nil {
				host.Options = map[string]string{}
			}

			host.Options[fmt.Sprintf("Generated.group%02d.advancedSetting%04d", i%40, i)] = fmt.Sprint(i * 17 % 4096)
		}

		count := o.vms / o.hosts
		if h < o.vms%o.hosts {
			count++
		}

		first := h*(o.vms/o.hosts) + min(h, o.vms%o.hosts)
		for v := 0; v < count; v++ {
			host.VMs = append(host.VMs, generateVM(&host, first+v, v))
		}

		c := &doc.Clusters[h%clusters]
		c.Hosts = append(c.Hosts, host)
	}

	return doc
}

func min(a, b int) int {
	if a < b {
		return a
	}

	return b
}

var generatedVersions = [][2]string{{"6.7.0", "17700523"}, {"7.0.3", "21930508"}, {"8.0.2", "22380479"}, {"8.0.3", "24022510"}}

func generateHost(n int) hostDocument {
	release := generatedVersions[n%len(generatedVersions)]
	host := hostDocument{
		Name: fmt.Sprintf("esx%04d.example.com", n+1), Version: release[0], Build: release[1], LogicalCPUs: 64, MaxPassthru: 16,
	}
	add := func(id string, class, vendor, device hexNumber, vendorName, name string, passed bool) {
		host.PCI = append(host.PCI, pciDocument{
			ID: id, Class: class, Vendor: vendor, Device: device, SubVendor: vendor, SubDevice: device, VendorName: vendorName,
			DeviceName: name, Capable: passed, Enabled: passed, Active: passed,
		})
	}
	add("0000:00:00.0", 0x0600, 0x8086, 0x2020, "Intel Corporation", "Host Bridge", false)
	for i := 0; i < 12; i++ {
		add(fmt.Sprintf("0000:00:%02x.0", i+4), 0x0880, 0x8086, 0x2021, "Intel Corporation", "System Peripheral", false)
	}

	for f := 0; f < 4; f++ {
		add(fmt.Sprintf("0000:3b:00.%d", f), 0x0200, 0x8086, 0x1572, "Intel Corporation", "Ethernet Controller X710", false)
	}

	for card := 0; card < 4; card++ {
		for f := 0; f < 2; f++ {
			add(fmt.Sprintf("0000:%02x:00.%d", 0x86+card*0x14, f), 0x0c04, 0x10df, 0xe300, "Emulex Corporation", "LPe32000 Fibre Channel Adapter", true)
		}
	}

	return host
}

func generateVM(host *hostDocument, n, onHost int) vmDocument {
	vm := vmDocument{
		Name: fmt.Sprintf("vm%05d", n+1), On: n%5 != 4, GuestID: "windows2019srv_64Guest", HardwareVersion: "vmx-15",
		ExtraConfig: map[string]string{"guestinfo.owner": "team" + fmt.Sprint(n%7), "tools.guest.desktop.autolock": "TRUE"},
	}
	if onHost%8 != 0 || onHost/8 > 3 {
		return vm
	}

	for f := 0; f < 2; f++ {
		vm.Devices = append(vm.Devices, deviceDocument{
			Kind: "plain", ID: fmt.Sprintf("0000:%02x:00.%d", 0x86+(onHost/8)*0x14, f), Vendor: 0x10df, Device: 0xe300,
			Name: "LPe32000 Fibre Channel Adapter", SystemID: stableUUID("host", host.Name), Slot: fmt.Sprint(224 + 32*f), Vectors: 16,
		})
	}

	return vm
}
