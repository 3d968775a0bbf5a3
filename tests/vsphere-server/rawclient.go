package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/view"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
)

// rawClient is the peer of a benchmark: it logs in, fetches properties of all hosts and all VMs through a container view with the
// simulator's own client, and prints what that took.
func rawClient(args []string) int {
	flags := flag.NewFlagSet("rawclient", flag.ExitOnError)
	address := flags.String("url", "", "address of the API, such as https://127.0.0.1:8989/sdk")
	user := flags.String("user", "administrator@vsphere.local", "user name")
	password := flags.String("password", "test-only-Passw0rd", "password")
	hosts := flags.String("hosts", "name,config.product,hardware.cpuInfo,hardware.pciDevice,config.pciPassthruInfo,runtime,vm,parent", "properties of a host")
	vms := flags.String("vms", "name,config.hardware.device,config.extraConfig,config.changeVersion,config.guestId,runtime.host,runtime.powerState", "properties of a VM")
	times := flags.Int("times", 1, "how often to fetch")
	_ = flags.Parse(args)
	if err := fetch(*address, *user, *password, split(*hosts), split(*vms), *times); err != nil {
		fmt.Fprintln(os.Stderr, "rawclient:", err)
		return 1
	}

	return 0
}

func split(text string) []string { return strings.Split(text, ",") }

func fetch(address, user, password string, hostProperties, vmProperties []string, times int) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}

	ctx := context.Background()
	started := time.Now()
	client, err := vim25.NewClient(ctx, soap.NewClient(u, true))
	if err != nil {
		return err
	}

	manager := session.NewManager(client)
	if err := manager.Login(ctx, url.UserPassword(user, password)); err != nil {
		return err
	}
	defer func() { _ = manager.Logout(ctx) }()

	login := time.Since(started)
	var best time.Duration
	var hosts []mo.HostSystem
	var vms []mo.VirtualMachine
	for i := 0; i < times; i++ {
		hosts, vms = nil, nil
		start := time.Now()
		v, err := view.NewManager(client).CreateContainerView(ctx, client.ServiceContent.RootFolder, []string{"HostSystem", "VirtualMachine"}, true)
		if err != nil {
			return err
		}

		if err := v.Retrieve(ctx, []string{"HostSystem"}, hostProperties, &hosts); err != nil {
			return err
		}

		if err := v.Retrieve(ctx, []string{"VirtualMachine"}, vmProperties, &vms); err != nil {
			return err
		}

		if taken := time.Since(start); best == 0 || taken < best {
			best = taken
		}

		if err := v.Destroy(ctx); err != nil {
			return err
		}
	}

	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return json.NewEncoder(os.Stdout).Encode(map[string]interface{}{
		"hosts": len(hosts), "vms": len(vms), "pciDevices": countPci(hosts), "loginMs": milliseconds(login), "fetchMs": milliseconds(best),
		"times": times, "systemMemoryMB": memory.Sys >> 20,
	})
}

func countPci(hosts []mo.HostSystem) int {
	n := 0
	for i := range hosts {
		if hosts[i].Hardware != nil {
			n += len(hosts[i].Hardware.PciDevice)
		}
	}

	return n
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
