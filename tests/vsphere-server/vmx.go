package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

var (
	vmxLine  = regexp.MustCompile(`^\s*([^=\s]+)\s*=\s*"(.*)"\s*$`)
	passthru = regexp.MustCompile(`^pciPassthru(\d+)\.(present|id|deviceId|vendorId|systemId)$`)
	modelled = regexp.MustCompile(`^(\.encoding|config\.version|virtualHW\.version|displayName|guestOS|memSize|numvcpus|uuid\..*|sched\..*|scsi\d+.*|ethernet\d+\.(?:present|virtualDev|networkName|addressType))$`)
)

// readVM reads the folder of one VM: vm.json for what a .vmx can't say, and the .vmx for the rest.
// The second result is the system ID of the host that its devices name.
func readVM(folder string) (*vmDocument, string, error) {
	var about struct {
		Name            string `json:"name"`
		PowerState      string `json:"powerState"`
		GuestID         string `json:"guestId"`
		HardwareVersion string `json:"hardwareVersion"`
	}
	if err := readJSON(filepath.Join(folder, "vm.json"), &about); err != nil {
		return nil, "", err
	}

	vm := &vmDocument{
		Name: about.Name, On: about.PowerState == "poweredOn", GuestID: about.GuestID,
		HardwareVersion: about.HardwareVersion, ExtraConfig: map[string]string{},
	}

	keys, err := readVmx(filepath.Join(folder, filepath.Base(folder)+".vmx"))
	if err != nil {
		return nil, "", err
	}

	vm.UUID = biosUUID(keys["uuid.bios"])
	fields := map[int]map[string]string{}
	for key, value := range keys {
		if match := passthru.FindStringSubmatch(key); match != nil {
			n, _ := strconv.Atoi(match[1])
			if fields[n] == nil {
				fields[n] = map[string]string{}
			}

			fields[n][match[2]] = value
		} else if !modelled.MatchString(key) {
			vm.ExtraConfig[key] = value
		}
	}

	systemID := ""
	for n := 0; n < 256; n++ {
		if f := fields[n]; f != nil && strings.EqualFold(f["present"], "TRUE") {
			vendor, _ := parseHex(f["vendorId"])
			device, _ := parseHex(f["deviceId"])
			systemID = f["systemId"]
			vm.Devices = append(vm.Devices, deviceDocument{
				Kind: "plain", ID: vmxAddress(f["id"]), Vendor: hexNumber(vendor), Device: hexNumber(device), SystemID: systemID,
			})
		}
	}

	return vm, systemID, nil
}

func readVmx(file string) (map[string]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()

	keys := map[string]string{}
	scanner := bufio.NewScanner(f)
	for scanner.Scan() {
		if match := vmxLine.FindStringSubmatch(scanner.Text()); match != nil {
			keys[match[1]] = match[2]
		}
	}

	return keys, scanner.Err()
}

// vmxAddress turns the decimal "26:00.0" or "00000:026:00.0" of a .vmx into "0000:1a:00.0".
func vmxAddress(text string) string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ':' || r == '.' })
	numbers := make([]int, 0, 4)
	for _, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil {
			return text
		}

		numbers = append(numbers, n)
	}

	if len(numbers) == 3 {
		numbers = append([]int{0}, numbers...)
	}

	if len(numbers) != 4 {
		return text
	}

	return fmt.Sprintf("%04x:%02x:%02x.%x", numbers[0], numbers[1], numbers[2], numbers[3])
}

func biosUUID(text string) string {
	hex := strings.NewReplacer(" ", "", "-", "").Replace(text)
	if len(hex) != 32 {
		return ""
	}

	return hex[:8] + "-" + hex[8:12] + "-" + hex[12:16] + "-" + hex[16:20] + "-" + hex[20:]
}
