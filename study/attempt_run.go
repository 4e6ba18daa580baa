package study

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The time a program has between being asked to end and being killed.
const (
	timeoutGrace   = 5 * time.Second
	interruptGrace = 1 * time.Second
)

// inheritedLock is the descriptor under which an attempt's process is given the
// lock of its folder, held already, so that there is no moment without a holder.
const inheritedLock = 3

// RunAttempt runs the attempt that is prepared in the folder dir, and returns the
// exit code for the process: 0 when exit.json tells how the attempt ended,
// whatever that was, 1 when it could not be written. It is the whole of the
// hidden command that [Options.Shim] names: that process watches over the
// user's program while the one that started it comes and goes. SIGTERM or an
// interrupt ends the program and marks the attempt as interrupted.
func RunAttempt(dir string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	signal.Ignore(syscall.SIGHUP) // the terminal of the run may go away
	if err := (attempt{dir: dir}).attend(ctx); err != nil {
		// Standard error is the attempt's file stderr, or that of its job, so the run
		// finds this there.
		fmt.Fprintf(os.Stderr, "sbo: %v\n", err)
		return 1
	}
	return 0
}

// attend runs the attempt as the one process that does.
func (a attempt) attend(ctx context.Context) error {
	if j, is := a.job(); is {
		return a.runAsJob(ctx, j)
	}
	lock, err := takeOver(a.path(lockFile))
	if err != nil {
		return err
	}
	if _, ended, _ := a.exited(); ended {
		return fmt.Errorf("the attempt %s has ended already", a.dir)
	}
	err = errors.Join(writeHolder(lock), a.run(ctx))
	runtime.KeepAlive(lock) // the lock is given back by the end of the process, after exit.json
	return err
}

// takeOver returns the lock that was inherited or, when the command is called by
// hand, takes it.
func takeOver(path string) (*os.File, error) {
	var here, there unix.Stat_t
	if unix.Fstat(inheritedLock, &here) == nil && unix.Stat(path, &there) == nil && here.Dev == there.Dev && here.Ino == there.Ino {
		syscall.CloseOnExec(inheritedLock) // the program must not keep the lock
		return os.NewFile(inheritedLock, path), nil
	}
	return lockAttempt(path)
}

// lockAttempt makes the lock file of an attempt and locks it.
func lockAttempt(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	if err := tryLock(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// run runs the program to its end, whichever comes first: its own, the timeout,
// or that of ctx; and writes exit.json. The caller holds the attempt's lock.
func (a attempt) run(ctx context.Context) error {
	s, err := a.spec()
	if err != nil {
		return err
	}
	if s.Persistent {
		return a.serve(ctx, s)
	}
	stdin, err1 := os.Open(s.Stdin)
	stdout, err2 := a.create(stdoutFile)
	stderr, err3 := a.create(stderrFile)
	defer func() {
		for _, f := range []*os.File{stdin, stdout, stderr} {
			_ = f.Close() // the program wrote through descriptors of its own
		}
	}()
	if err := errors.Join(err1, err2, err3); err != nil {
		return fmt.Errorf("study: %w", err)
	}
	e, err := a.chain(ctx, s, stdin, stdout, stderr)
	if err != nil {
		return err
	}
	return a.writeExit(e)
}

// create opens a file of the attempt, to write at its end.
func (a attempt) create(file string) (*os.File, error) {
	return os.OpenFile(a.path(file), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
}

// execute starts the program and waits for its end.
func (a attempt) execute(ctx context.Context, s spec, stdin, stdout, stderr *os.File) (exit, error) {
	// The program is bound to the thread that starts it; see ownGroup.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	started := time.Now()
	cmd := &exec.Cmd{
		Path: s.Command[0], Args: s.Command, Env: append(append(os.Environ(), "PWD="+s.Dir), s.Env...), Dir: s.Dir,
		Stdin: stdin, Stdout: stdout, Stderr: stderr, SysProcAttr: ownGroup(),
	}
	if err := cmd.Start(); err != nil {
		return exit{Code: -1, Unstarted: err.Error(), Ended: time.Now().UTC()}, nil
	}
	e := exit{}
	err := watch(ctx, cmd, limits{timeout: s.Timeout, stall: s.Stall, traces: []string{a.path(stdoutFile), a.path(stderrFile), s.Dir}}, &e)
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		return exit{}, fmt.Errorf("study: cannot wait for the program: %w", err)
	}
	e.Seconds = time.Since(started).Seconds()
	e.Ended = time.Now().UTC()
	e.DiskFull = diskFull(a.dir)
	e.Code = cmd.ProcessState.ExitCode()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		e.Signal = unix.SignalName(status.Signal())
	}
	if _, is := a.job(); is && e.Code != 0 && !e.TimedOut && !e.Stalled {
		e.Interrupted = e.Interrupted || endedByJob(ctx)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		e.MaxRSS = maxRSS(usage)
	}
	return e, nil
}

// diskFull reports whether less than 64 KiB are left where the attempt writes.
func diskFull(dir string) bool {
	var s unix.Statfs_t
	return unix.Statfs(dir, &s) == nil && s.Blocks > 0 && s.Bavail*uint64(s.Bsize) < 64<<10
}
