package main

import (
	"bufio"
	"os"
	"strings"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// DiagnosticManager shows the logs of hosts. Only vmkernel has text of its own.
type DiagnosticManager struct {
	mo.DiagnosticManager
	server *server
}

var logKeys = []string{"hostd", "vmkernel", "vpxa"}

func (d *DiagnosticManager) hostOf(ref *types.ManagedObjectReference) (*HostSystem, *soap.Fault) {
	if ref == nil {
		return nil, nil
	}

	for _, host := range d.server.hosts {
		if host.Self == *ref {
			if host.Runtime.ConnectionState != types.HostSystemConnectionStateConnected {
				return nil, fault(&types.HostNotConnected{}, "Unable to communicate with the remote host, since it is disconnected.")
			}

			return host, nil
		}
	}

	return nil, notFound(*ref)
}

// QueryDescriptions names the logs that there are.
func (d *DiagnosticManager) QueryDescriptions(req *types.QueryDescriptions) soap.HasFault {
	body := &methods.QueryDescriptionsBody{}
	host, f := d.hostOf(req.Host)
	if f != nil {
		body.Fault_ = f
		return body
	}

	keys := logKeys
	folder := "/var/log/"
	creator := "hostd"
	if host == nil {
		keys, folder, creator = []string{"vpxd:vpxd-1.log"}, "/var/log/vmware/vpxd/", "vpxd"
	}

	body.Res = &types.QueryDescriptionsResponse{}
	for _, key := range keys {
		body.Res.Returnval = append(body.Res.Returnval, types.DiagnosticManagerLogDescriptor{
			Key: key, FileName: folder + strings.TrimPrefix(key, "vpxd:") + ".log", Creator: creator, Format: "plain", MimeType: "text/plain",
			Info: &types.Description{Label: key, Summary: key + " log in plain text format"},
		})
	}

	return body
}

// BrowseDiagnosticLog shows lines of a log, counted from 1, at most so many as the server gives. A start past the end shows no line.
// The end is that of the log: how the real one counts it is documented as "the last line" only, so no client should rely on it.
func (d *DiagnosticManager) BrowseDiagnosticLog(req *types.BrowseDiagnosticLog) soap.HasFault {
	body := &methods.BrowseDiagnosticLogBody{}
	host, f := d.hostOf(req.Host)
	if f != nil {
		body.Fault_ = f
		return body
	}

	lines, err := d.lines(host, req.Key)
	if err != nil {
		body.Fault_ = fault(&types.CannotAccessFile{FileFault: types.FileFault{File: req.Key}}, "Unable to access file "+req.Key+".")
		return body
	}

	if lines == nil {
		body.Fault_ = fault(&types.InvalidArgument{InvalidProperty: "key"}, "A specified parameter was not correct: key")
		return body
	}

	total := int32(len(lines))
	first := req.Start
	if first < 1 {
		first = 1
	}

	if first > total {
		body.Res = &types.BrowseDiagnosticLogResponse{Returnval: types.DiagnosticManagerLogHeader{LineStart: total, LineEnd: total}}
		return body
	}

	most := int32(d.server.options.logLines)
	if req.Lines > 0 && req.Lines < most {
		most = req.Lines
	}

	last := first + most - 1
	if last > total {
		last = total
	}

	body.Res = &types.BrowseDiagnosticLogResponse{Returnval: types.DiagnosticManagerLogHeader{
		LineStart: first, LineEnd: total, LineText: lines[first-1 : last],
	}}
	return body
}

// lines is nil where there is no such log.
func (d *DiagnosticManager) lines(host *HostSystem, key string) ([]string, error) {
	if host == nil {
		if !strings.HasPrefix(key, "vpxd") {
			return nil, nil
		}

		return []string{"2026-01-05T08:00:00.000Z info vpxd[01234] [Originator@6876 sub=Main] vCenter is up"}, nil
	}

	if key != "vmkernel" || host.doc.Log == "" {
		for _, known := range logKeys {
			if known == key {
				return []string{}, nil
			}
		}

		return nil, nil
	}

	f, err := os.Open(host.doc.Log)
	if err != nil {
		return nil, err
	}
	defer f.Close()

	lines := []string{}
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}

	return lines, scanner.Err()
}
