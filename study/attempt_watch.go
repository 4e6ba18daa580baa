package study

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// limits are when a program is ended that does not end by itself.
type limits struct {
	timeout time.Duration // after its start; 0: never
	stall   time.Duration // after it wrote the last time; 0: never
	traces  []string      // the files, and the folders with files, that it writes
}

// watch waits for the program, ends it when its time or that of the run is over,
// and kills what it left behind in its process group.
func watch(ctx context.Context, cmd *exec.Cmd, l limits, e *exit) error {
	signalGroup := func(s syscall.Signal) {
		_ = syscall.Kill(-cmd.Process.Pid, s) // a group that is gone needs no signal
	}
	done := make(chan error, 1)
	go func() { done <- reap(cmd, func() { signalGroup(syscall.SIGKILL) }) }()
	var expired, killed <-chan time.Time
	if l.timeout > 0 {
		expired = time.After(l.timeout)
	}
	still := newStillness(l)
	defer still.stop()
	interrupted := ctx.Done()
	for {
		select {
		case err := <-done:
			return err
		case <-still.look:
			if !still.over() {
				continue
			}
			e.Stalled = true
			signalGroup(syscall.SIGTERM)
			killed, expired, interrupted = time.After(timeoutGrace), nil, ctx.Done()
			still.stop()
		case <-expired:
			e.TimedOut = !e.Stalled
			signalGroup(syscall.SIGTERM)
			killed, expired, interrupted = time.After(timeoutGrace), nil, ctx.Done()
			still.stop()
		case <-interrupted:
			e.Interrupted = !e.TimedOut && !e.Stalled
			signalGroup(syscall.SIGTERM)
			killed, expired, interrupted = time.After(interruptGrace), nil, nil
			still.stop()
		case <-killed:
			signalGroup(syscall.SIGKILL)
			killed = nil
		}
	}
}

// stillness tells when a program has not written for too long.
type stillness struct {
	limits
	look  <-chan time.Time // when to look again; nil: never
	clock *time.Ticker
	seen  string
	since time.Time
}

func newStillness(l limits) *stillness {
	s := &stillness{limits: l, since: time.Now()}
	if l.stall > 0 {
		s.clock = time.NewTicker(min(max(l.stall/10, time.Millisecond), 10*time.Second))
		s.look = s.clock.C
	}
	return s
}

// over reports whether the time is over.
func (s *stillness) over() bool {
	if now := s.trace(); now != s.seen {
		s.seen, s.since = now, time.Now()
	}
	return time.Since(s.since) >= s.stall
}

// trace describes what has been written by now: sizes and times of the files.
func (s *stillness) trace() string {
	var b strings.Builder
	note := func(info os.FileInfo, err error) {
		if err == nil {
			fmt.Fprintln(&b, info.Name(), info.Size(), info.ModTime().UnixNano())
		}
	}
	for _, path := range s.traces {
		note(os.Stat(path))
		entries, err := os.ReadDir(path)
		if err != nil {
			continue // a file, or there is none
		}
		for _, e := range entries {
			note(e.Info())
		}
	}
	return b.String()
}

// stop looks no more.
func (s *stillness) stop() {
	if s.clock != nil {
		s.clock.Stop()
	}
	s.look = nil
}
