package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// launch starts the next attempt after a, and returns it when it has ended.
func (c *command) launch(ctx context.Context, a attempt, x []float64) (attempt, error) {
	if ctx.Err() != nil {
		return a, context.Cause(ctx)
	}
	a, err := c.newFolder(a)
	if err != nil {
		return a, err
	}
	// From here on, whoever comes after a crash finds the attempt.
	if err := c.store.intend(context.WithoutCancel(ctx), a.evaluation, a.number); err != nil {
		return a, err
	}
	if err := c.prepare(a, x); err != nil {
		return a, fmt.Errorf("study: cannot prepare an evaluation: %w", err)
	}
	lock, err := lockAttempt(a.path(lockFile))
	if err != nil {
		return a, err
	}
	if c.workers != nil {
		return a, errors.Join(c.workers.answer(ctx, a), lock.Close())
	}
	if c.shim == nil {
		return a, errors.Join(a.run(ctx), lock.Close())
	}
	return a, c.shimmed(ctx, a, lock)
}

// prepare fills the folder of an attempt: the question, the files that the program
// finds beside it, and, last, what is to be run.
func (c *command) prepare(a attempt, x []float64) error {
	question, err := request(a.evaluation, c.problem, c.mask, x)
	if err != nil {
		return err
	}
	s := c.spec
	s.Dir, s.Env = a.path(runFolder), slices.Clone(s.Env) // other attempts add to theirs
	if c.workers != nil {                                 // the program runs elsewhere, and has its files there
		return errors.Join(os.Mkdir(s.Dir, 0o755), os.WriteFile(a.path(requestFile), question, 0o644))
	}
	if err := errors.Join(os.Mkdir(s.Dir, 0o755), os.WriteFile(a.path(requestFile), question, 0o644)); err != nil {
		return err
	}
	if err := c.language.ask(a, x, &s); err != nil {
		return err
	}
	if err := c.files.put(s.Dir); err != nil {
		return err
	}
	s.Env = append([]string{
		"SBO_REQUEST=" + a.path(requestFile), "SBO_ANSWER=" + a.path(answerFile),
		"SBO_RUN_DIR=" + s.Dir, "SBO_STUDY_DIR=" + c.dir,
	}, s.Env...)
	return a.prepare(s)
}

// newFolder makes the folder of the next attempt. A number whose folder is there
// already, from a store that is gone, is passed over.
func (c *command) newFolder(a attempt) (attempt, error) {
	for {
		a.number++
		a.dir = attemptDir(c.dir, a.evaluation, a.number)
		err := os.MkdirAll(filepath.Dir(a.dir), 0o755)
		if err == nil {
			err = os.Mkdir(a.dir, 0o755)
		}
		if err == nil || !errors.Is(err, fs.ErrExist) {
			if err != nil {
				err = fmt.Errorf("study: cannot make the folder of an evaluation: %w", err)
			}
			return a, err
		}
	}
}

// shimmed runs the attempt in a process of its own, in a session of its own, that
// holds the lock, and waits for it.
func (c *command) shimmed(ctx context.Context, a attempt, lock *os.File) error {
	defer func() { _ = lock.Close() }() // the process holds it now
	stderr, err := os.OpenFile(a.path(stderrFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	defer func() { _ = stderr.Close() }() // the process has its own descriptor
	// It must outlive this process, so the end of ctx reaches it as a signal only.
	cmd := exec.Command(c.shim[0], append(c.shim[1:len(c.shim):len(c.shim)], a.dir)...)
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

// adopt waits for an attempt that an earlier run started.
func (c *command) adopt(ctx context.Context, a attempt) error {
	for signaled := false; ; {
		if _, ended, err := a.exited(); ended || err != nil {
			return err
		}
		busy, holder, err := locked(a.path(lockFile))
		if err != nil || !busy {
			return err // it has ended, or it is lost: harvest tells
		}
		if ctx.Err() != nil && !signaled {
			if host, err := os.Hostname(); err != nil || host != holder.Host {
				return context.Cause(ctx) // it is on another machine; leave it to be adopted again
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

// endAll ends the attempts that an earlier run left and this one has not come to.
// They stay unsettled: a later run finds that they were interrupted, or have ended.
func (c *command) endAll() error {
	if c.workers != nil {
		c.workers.close()
	}
	ctx, cancel := context.WithCancel(context.Background())
	list, err := c.store.unsettled(ctx)
	cancel() // a canceled adoption ends the attempt
	ends := make(chan error, len(list))
	for _, a := range list {
		a.dir = attemptDir(c.dir, a.evaluation, a.number)
		go func() { ends <- c.adopt(ctx, a) }()
	}
	for range list {
		if end := <-ends; !errors.Is(end, context.Canceled) {
			err = errors.Join(err, end)
		}
	}
	return err
}

// harvest reads what an attempt that is over has come to.
func (c *command) harvest(a attempt) (answer, error) {
	end := &attemptEnd{evaluation: a.evaluation, number: a.number}
	result := answer{id: a.evaluation, ended: time.Now(), attempt: end}
	e, ended, err := a.exited()
	if err != nil {
		return answer{}, err
	}
	stderr, err := tail(a.path(stderrFile), stderrTail)
	if err != nil {
		return answer{}, err
	}
	end.seconds, end.maxRSS = e.Seconds, e.MaxRSS
	switch {
	case !ended:
		end.outcome, end.cause = outcomeLost, "ended without a word"
	case e.Unstarted != "":
		end.outcome, end.cause = outcomeAborted, "the evaluator's command cannot be started: "+e.Unstarted
		if strings.Contains(e.Unstarted, syscall.ENOEXEC.Error()) {
			end.cause += "; a script's first line names its interpreter, as in #!/bin/sh"
		}
	default:
		if err := c.judge(a, e, &result); err != nil {
			return answer{}, err
		}
		if result.failed == "" {
			end.outcome = outcomeAnswered
			return result, nil
		}
		result.seconds, result.ended = e.Seconds, e.Ended
		end.outcome, end.cause = outcomeFailed, result.failed
		switch {
		case e.Interrupted:
			end.outcome, end.cause = outcomeInterrupted, "interrupted"
		case e.DiskFull:
			end.outcome, end.cause = outcomeAborted, "the disk is full, and an evaluation failed ("+result.failed+"): make room and run again"
		}
	}
	end.stderr = strings.ToValidUTF8(string(stderr), "\uFFFD")
	return result, nil
}

// judge says what a program that has ended has answered.
func (c *command) judge(a attempt, e exit, result *answer) error {
	result.seconds, result.ended = e.Seconds, e.Ended
	switch {
	case e.TimedOut:
		result.failed = fmt.Sprintf("timeout after %v", c.spec.Timeout)
		if e.Mute {
			result.failed += ", without a line from the program: does it read line by line, and flush what it writes?"
		}
		return nil
	case e.Stalled:
		result.failed = fmt.Sprintf("stalled: nothing was written for %v", c.spec.Stall)
		return nil
	case e.Signal != "":
		result.failed = "ended by signal " + e.Signal
		return nil
	}
	r, err := c.language.read(a, e)
	result.y, result.partials, result.note, result.failed = r.y, r.partials, r.note, r.failed
	return err
}
