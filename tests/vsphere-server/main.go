// Command vsphere-server stands in for a vCenter in the tests. It speaks the vSphere API over HTTPS with the behaviour of the
// real one where that matters to passthrough, and causes faults on demand through a control endpoint.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// options are what the command line sets; they do not change while the server runs.
type options struct {
	listen        string
	control       string
	user          string
	password      string
	inventory     string
	hosts         int
	vms           int
	clusters      int
	hostOptions   int
	certificate   string
	plain         bool
	quirks        bool
	pageSize      int
	logLines      int
	taskTime      time.Duration
	shutdownTime  time.Duration
	idleTime      time.Duration
	version       string
	stdin         bool
	verbose       bool
	budgetChecked bool
	words         bool
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "rawclient" {
		os.Exit(rawClient(os.Args[2:]))
	}

	o := parseOptions()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "vsphere-server:", err)
		os.Exit(1)
	}
}

func parseOptions() *options {
	o := &options{}
	flag.StringVar(&o.listen, "listen", "127.0.0.1:0", "address of the vSphere API")
	flag.StringVar(&o.control, "control", "127.0.0.1:0", "address of the control endpoint")
	flag.StringVar(&o.user, "user", "administrator@vsphere.local", "user name that may log in")
	flag.StringVar(&o.password, "password", "test-only-Passw0rd", "its password")
	flag.StringVar(&o.inventory, "inventory", "", "JSON document that describes the inventory")
	flag.IntVar(&o.hosts, "hosts", 0, "generate this many hosts instead of reading an inventory")
	flag.IntVar(&o.vms, "vms", 0, "VMs over all generated hosts")
	flag.IntVar(&o.hostOptions, "host-options", 0, "advanced settings of each generated host beside the usual few")
	flag.IntVar(&o.clusters, "clusters", 1, "clusters that the generated hosts are dealt to")
	flag.StringVar(&o.certificate, "certificate", "valid", "valid, expired or wrong-name")
	flag.BoolVar(&o.plain, "plain", false, "plain HTTP instead of TLS")
	flag.BoolVar(&o.quirks, "quirks", false, "behave as the bare simulator does: extraConfig is appended, empty values stay, bus numbers are unsigned")
	flag.IntVar(&o.pageSize, "page-size", 0, "most objects in one answer of RetrievePropertiesEx, whatever the client asks for (0: no limit of our own)")
	flag.IntVar(&o.logLines, "log-lines", 1000, "most lines in one answer of BrowseDiagnosticLog")
	flag.DurationVar(&o.taskTime, "task-time", 30*time.Millisecond, "how long a task runs")
	flag.DurationVar(&o.shutdownTime, "shutdown-time", 150*time.Millisecond, "how long a guest takes to shut down")
	flag.DurationVar(&o.idleTime, "idle-time", 30*time.Minute, "a session that is idle for longer has expired")
	flag.StringVar(&o.version, "api-version", "", "API version that the server reports (default: what the inventory says)")
	flag.BoolVar(&o.stdin, "until-stdin-closes", false, "end when standard input closes")
	flag.BoolVar(&o.verbose, "verbose", false, "log to standard error")
	flag.BoolVar(&o.budgetChecked, "check-vectors", false, "refuse to start a VM whose devices want more vectors than its host has left")
	flag.BoolVar(&o.words, "words", false, "print address, user and password in words instead of JSON")
	flag.Parse()
	return o
}

func run(o *options) error {
	if !o.verbose {
		log.SetOutput(io.Discard)
	}

	doc, err := loadDocument(o)
	if err != nil {
		return err
	}

	s, err := newServer(o, doc)
	if err != nil {
		return err
	}

	if err := s.start(); err != nil {
		return err
	}

	if err := s.address.print(o.words); err != nil {
		return err
	}

	waitForEnd(o.stdin)
	s.close()
	return nil
}

func (a *address) print(words bool) error {
	if words {
		fmt.Printf("Server:     %s:%d\nUser:       %s\nPassword:   %s\nThumbprint: %s\nControl:    %s\nCtrl+C ends it.\n",
			a.Host, a.Port, a.User, a.Password, a.ThumbprintSha256, a.Control)
		return nil
	}

	line, err := json.Marshal(a)
	if err != nil {
		return err
	}

	fmt.Println(string(line))
	return nil
}

func waitForEnd(stdin bool) {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	closed := make(chan struct{})
	if stdin {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			close(closed)
		}()
	}

	select {
	case <-end:
	case <-closed:
	}
}
