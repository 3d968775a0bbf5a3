package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vmware/govmomi/vim25/types"
)

// front takes the requests before the simulator does: it counts them, spoils those that it was told to spoil, and sees to sessions.
func (s *server) front() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/sdk", s.serveSDK)
	mux.HandleFunc("/sdk/", s.serveSDK)
	mux.HandleFunc("/sdk/vimServiceVersions.xml", s.serveVersions)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) })
	return mux
}

// answer keeps what the simulator writes, so that it can be changed or thrown away.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

func (s *server) serveSDK(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}

	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}

	c, err := readCall(body)
	if err != nil || c.method == "" {
		s.write(w, http.StatusInternalServerError, faultEnvelope(fault(&types.InvalidRequest{}, "Unable to parse the request.")))
		return
	}

	plan := s.faults.begin(c, nameOf(c.this))
	defer s.faults.end()
	if plan.delay > 0 {
		select {
		case <-time.After(plan.delay):
		case <-r.Context().Done():
			return
		}
	}

	switch {
	case plan.drop == "before":
		panic(http.ErrAbortHandler)
	case plan.status != 0:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(plan.status)
		_, _ = fmt.Fprintf(w, "<html><body><h1>%d %s</h1></body></html>", plan.status, http.StatusText(plan.status))
		return
	}

	status, text, header := s.carryOut(r, c, body, plan)
	if plan.drop == "after" {
		panic(http.ErrAbortHandler)
	}

	for key, values := range header {
		w.Header()[key] = values
	}

	if plan.drop == "middle" {
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		w.WriteHeader(status)
		_, _ = w.Write(text[:len(text)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}

	s.write(w, status, text)
}

func (s *server) write(w http.ResponseWriter, status int, text []byte) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

// withoutSession are the methods that need none; a property collector shows the service instance to anyone.
func withoutSession(c call, body []byte) bool {
	switch c.method {
	case "RetrieveServiceContent", "Login", "LoginByToken", "LoginExtensionByCertificate", "CloneSession":
		return true
	case "RetrieveProperties", "RetrievePropertiesEx":
		return bytes.Contains(body, []byte(">ServiceInstance</"))
	default:
		return false
	}
}

func (s *server) carryOut(r *http.Request, c call, body []byte, p plan) (int, []byte, http.Header) {
	known := s.sessions.touch(r)
	if !known {
		r.Header.Del("Cookie") // the simulator still knows sessions that have expired here
		if !withoutSession(c, body) {
			f := &types.NotAuthenticated{NoPermission: *noPermission(c.this, "System.View")}
			return http.StatusInternalServerError, faultEnvelope(fault(f, "The session is not authenticated.")), nil
		}
	}

	if p.fault != nil {
		return http.StatusInternalServerError, faultEnvelope(fault(p.fault.fault, p.fault.message)), nil
	}

	r.URL.Path = "/sdk"
	r.Body = io.NopCloser(bytes.NewReader(body))
	a := &answer{header: http.Header{}, status: http.StatusOK}
	s.service.ServeSDK(a, r)
	s.followSession(r, c, a)
	text := a.body.Bytes()
	if a.status != http.StatusOK {
		text = betterWords(text, c)
	} else if !s.options.quirks {
		text = likeReal(text)
	}

	return a.status, text, a.header
}

// followSession notes who came and went, and sends the cookie in the real server's form: its value stands in quotes.
func (s *server) followSession(r *http.Request, c call, a *answer) {
	if c.method == "Logout" && a.status == http.StatusOK {
		s.sessions.remove(r)
		return
	}

	response := http.Response{Header: a.header}
	for _, cookie := range response.Cookies() {
		if cookie.Name == cookieName {
			s.sessions.add(cookie.Value)
			text := fmt.Sprintf(`%s="%s"; Path=/; HttpOnly`, cookieName, cookie.Value)
			if !s.options.plain {
				text += "; Secure"
			}

			a.header["Set-Cookie"] = []string{text}
		}
	}
}

// betterWords replaces the texts of the simulator's faults by those of a real server, where users read them.
func betterWords(text []byte, c call) []byte {
	words := string(text)
	set := func(marker, message string) bool {
		if !strings.Contains(words, marker) {
			return false
		}

		from := strings.Index(words, "<faultstring>")
		to := strings.Index(words, "</faultstring>")
		if from >= 0 && to > from {
			words = words[:from+len("<faultstring>")] + message + words[to:]
		}

		return true
	}

	if set("<InvalidLoginFault", "Cannot complete login due to an incorrect user name or password.") ||
		set("<ManagedObjectNotFoundFault", fmt.Sprintf("The object &#39;vim.%s:%s&#39; has already been deleted or has not been completely created", c.this.Type, c.this.Value)) &&
			!strings.HasPrefix(c.method, "Retrieve") ||
		set("<InvalidPropertyFault", "A specified parameter was not correct: property") {
		return []byte(words)
	}

	return text
}

func (s *server) serveVersions(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8" ?>
<namespaces version="1.0">
 <namespace>
  <name>urn:vim25</name>
  <version>%s</version>
  <priorVersions>%s</priorVersions>
 </namespace>
</namespaces>
`, s.about.ApiVersion, priorVersions(s.about.ApiVersion))
}

func priorVersions(version string) string {
	var text strings.Builder
	for _, v := range []string{"8.0.3.0", "8.0.2.0", "8.0.1.0", "8.0.0.0", "7.0.3.0", "7.0.2.0", "7.0.1.0", "7.0", "6.7.3", "6.7.2", "6.7.1", "6.7", "6.5", "6.0", "5.5", "5.1", "5.0"} {
		if strings.Compare(v, version) < 0 {
			text.WriteString("<version>" + v + "</version>")
		}
	}

	return text.String()
}
