package main

import (
	"net/http"
	"sync"
	"time"
)

// sessions knows which cookies are good. The simulator has its own list, which cannot expire on demand.
type sessions struct {
	mutex sync.Mutex
	used  map[string]time.Time
	idle  time.Duration
}

const cookieName = "vmware_soap_session"

func newSessions(idle time.Duration) *sessions {
	return &sessions{used: map[string]time.Time{}, idle: idle}
}

// touch says whether a request comes with a good session, and counts it as used now.
func (s *sessions) touch(r *http.Request) bool {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return false
	}

	s.mutex.Lock()
	defer s.mutex.Unlock()
	last, known := s.used[cookie.Value]
	if !known {
		return false
	}

	if time.Since(last) > s.idle {
		delete(s.used, cookie.Value)
		return false
	}

	s.used[cookie.Value] = time.Now()
	return true
}

func (s *sessions) add(key string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.used[key] = time.Now()
}

func (s *sessions) remove(r *http.Request) {
	if cookie, err := r.Cookie(cookieName); err == nil {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		delete(s.used, cookie.Value)
	}
}

// expire ends all sessions and says how many there were.
func (s *sessions) expire() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	n := len(s.used)
	s.used = map[string]time.Time{}
	return n
}

func (s *sessions) count() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.used)
}
