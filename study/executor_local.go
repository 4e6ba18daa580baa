package study

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// processes has attempts run on this machine. With a shim, each runs in a process of
// its own that outlives this one; without, in this one.
type processes struct{ shim []string }

// run runs the attempt while this process lives, or has a process of its own do so.
func (p *processes) run(ctx context.Context, a attempt) (ending, error) {
	lock, err := lockAttempt(a.path(lockFile))
	if err != nil {
		return ending{}, err
	}
	if p.shim == nil {
		return ending{}, errors.Join(a.run(ctx), lock.Close())
	}
	return ending{}, p.shimmed(ctx, a, lock)
}

// shimmed runs the attempt in a process of its own, in a session of its own, that
// holds the lock, and waits for it.
func (p *processes) shimmed(ctx context.Context, a attempt, lock *os.File) error {
	defer func() { _ = lock.Close() }() // the process holds it now
	stderr, err := os.OpenFile(a.path(stderrFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	defer func() { _ = stderr.Close() }() // the process has its own descriptor
	// It must outlive this process, so the end of ctx reaches it as a signal only.
	cmd := exec.Command(p.shim[0], append(p.shim[1:len(p.shim):len(p.shim)], a.dir)...)
	cmd.Stderr = stderr
	cmd.ExtraFiles = []*os.File{lock} // becomes descriptor inheritedLock
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("study: cannot start the process that runs an evaluation: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // exit.json says how it went
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		_ = cmd.Process.Signal(syscall.SIGTERM) // if it has just ended, all the better
		<-ended
	}
	return nil
}

// adopt waits for the process of the attempt, if there is one.
func (p *processes) adopt(ctx context.Context, a attempt) (ending, error) {
	for signaled := false; ; {
		if _, ended, err := a.exited(); ended || err != nil {
			return ending{}, err
		}
		busy, holder, err := locked(a.path(lockFile))
		if err != nil || !busy {
			return ending{}, err // it has ended, or it is lost: harvest tells
		}
		if ctx.Err() != nil && !signaled {
			if host, err := os.Hostname(); err != nil || host != holder.Host {
				return ending{}, context.Cause(ctx) // it is on another machine; leave it to be adopted again
			}
			if holder.PID > 1 {
				// The lock is busy, so its holder lives and the number is still its own.
				_ = syscall.Kill(holder.PID, syscall.SIGTERM)
				signaled = true
			}
		}
		time.Sleep(pollInterval)
	}
}

// close ends the attempts that an earlier run left and this one has not come to. They
// stay unsettled: a later run finds that they were interrupted, or have ended.
func (p *processes) close(open []attempt, _ bool) (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // a canceled adoption ends the attempt
	ends := make(chan error, len(open))
	for _, a := range open {
		go func() {
			_, err := p.adopt(ctx, a)
			ends <- err
		}()
	}
	for range open {
		if end := <-ends; !errors.Is(end, context.Canceled) {
			err = errors.Join(err, end)
		}
	}
	return err
}
