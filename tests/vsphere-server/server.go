package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/simulator/vpx"
	"github.com/vmware/govmomi/vim25/types"
)

// server is one stand-in for a vCenter: the simulator's registry and dispatcher behind an HTTP front of our own.
type server struct {
	options  *options
	service  *simulator.Service
	about    types.AboutInfo
	faults   *faults
	sessions *sessions
	hosts    map[string]*HostSystem
	vms      map[string]*VirtualMachine
	address  *address
	api      *http.Server
	control  *http.Server
}

// address is the line that the server prints when it is ready.
type address struct {
	URL              string `json:"url"`
	Host             string `json:"host"`
	Port             int    `json:"port"`
	User             string `json:"user"`
	Password         string `json:"password"`
	ThumbprintSha1   string `json:"thumbprintSha1,omitempty"`
	ThumbprintSha256 string `json:"thumbprintSha256,omitempty"`
	Control          string `json:"control"`
	APIVersion       string `json:"apiVersion"`
}

// theServer is for objects that the simulator makes itself and hands no context to, such as a session's property collector.
var theServer *server

func newServer(o *options, doc *document) (*server, error) {
	s := &server{
		options:  o,
		faults:   newFaults(),
		sessions: newSessions(o.idleTime),
		hosts:    map[string]*HostSystem{},
		vms:      map[string]*VirtualMachine{},
	}
	theServer = s

	content := vpx.ServiceContent
	setAbout(&content.About, doc, o.version)
	s.about = content.About
	diagnostics := types.ManagedObjectReference{Type: "DiagnosticManager", Value: "DiagMgr"}
	content.DiagnosticManager = &diagnostics
	s.service = simulator.New(simulator.NewServiceInstance(content, vpx.RootFolder))
	s.service.Listen = &url.URL{User: url.UserPassword(o.user, o.password)}
	collector := &PropertyCollector{}
	collector.Self = content.PropertyCollector
	simulator.Map.Put(collector)
	diagnosticManager := &DiagnosticManager{server: s}
	diagnosticManager.Self = diagnostics
	simulator.Map.Put(diagnosticManager)

	builder := &builder{server: s}
	if err := builder.build(doc); err != nil {
		return nil, err
	}

	s.service.RegisterSDK(simulator.Map)
	return s, nil
}

// setAbout takes the API version from the command line, the inventory, or a default, in this order.
func setAbout(about *types.AboutInfo, doc *document, wanted string) {
	version := wanted
	if version == "" {
		version = doc.APIVersion
	}

	if version == "" {
		version = "8.0.3.0"
	}

	build := doc.Build
	if build == "" {
		build = "24022515"
	}

	short := productVersion(version)
	about.ApiVersion = version
	about.Version = short
	about.Build = build
	about.FullName = "VMware vCenter Server " + short + " build-" + build
	about.LicenseProductVersion = short
}

// productVersion keeps the first three numbers of an API version: 8.0.3.0 is the API of 8.0.3.
func productVersion(version string) string {
	dots := 0
	for i, c := range version {
		if c == '.' {
			dots++
		}

		if dots == 3 {
			return version[:i]
		}
	}

	for ; dots < 2; dots++ {
		version += ".0"
	}

	return version
}

func (s *server) start() error {
	listener, err := net.Listen("tcp", s.options.listen)
	if err != nil {
		return err
	}

	control, err := net.Listen("tcp", s.options.control)
	if err != nil {
		return err
	}

	port := listener.Addr().(*net.TCPAddr).Port
	s.address = &address{
		Host: "127.0.0.1", Port: port, User: s.options.user, Password: s.options.password,
		Control: "http://" + control.Addr().String(), APIVersion: s.about.ApiVersion,
	}
	// HTTP/2 is off: a connection then carries one request at a time, and dropping it hits that one alone.
	s.api = &http.Server{Handler: s.front(), TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}, ErrorLog: quiet}
	s.control = &http.Server{Handler: s.controlHandler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = s.control.Serve(control) }()
	scheme := "http"
	if !s.options.plain {
		certificate, err := newCertificate(s.options.certificate)
		if err != nil {
			return err
		}

		s.address.ThumbprintSha1, s.address.ThumbprintSha256 = thumbprints(certificate.Certificate[0])
		s.api.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		scheme = "https"
		go func() { _ = s.api.ServeTLS(listener, "", "") }()
	} else {
		go func() { _ = s.api.Serve(listener) }()
	}

	s.address.URL = scheme + "://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) + "/sdk"
	return nil
}

func (s *server) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = s.control.Shutdown(ctx)
	_ = s.api.Close()
}
