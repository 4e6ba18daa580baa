package study

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// worker is a process of a persistent program.
type worker struct {
	attempt           // its folder
	stdin    *os.File // where it reads the questions
	lines    chan []byte
	ended    chan struct{} // closed when nothing of it is left; then exit and err tell how it ended
	exit     exit
	err      error
	release  func() // has it ended by force
	served   int    // questions that it answered
	heard    bool   // it has printed a line
	stderrAt int64  // how much of its stderr has been looked at
}

// lifeline is the descriptor by which the process that watches over a worker
// notices the end of the one that started it.
const lifeline = inheritedLock + 1

// start starts the program in the folder of a.
func (p *workers) start(a attempt) (*worker, error) {
	c := p.command
	s := c.spec
	s.Dir, s.Stdin, s.Timeout = a.path(runFolder), os.DevNull, 0
	s.Env = append([]string{"SBO_RUN_DIR=" + s.Dir, "SBO_STUDY_DIR=" + c.dir}, s.Env...)
	if err := os.Mkdir(s.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	if err := errors.Join(c.files.put(s.Dir), a.prepare(s)); err != nil {
		return nil, fmt.Errorf("study: cannot prepare a worker: %w", err)
	}
	lock, err := lockAttempt(a.path(lockFile))
	if err != nil {
		return nil, err
	}
	questions, stdin, err1 := os.Pipe()
	stdout, replies, err2 := os.Pipe()
	if err := errors.Join(err1, err2); err != nil {
		return nil, errors.Join(fmt.Errorf("study: %w", err), lock.Close())
	}
	w := &worker{attempt: a, stdin: stdin, lines: make(chan []byte), ended: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	w.release = cancel
	run := func() error { return w.here(ctx, s, questions, replies) }
	if p.shim != nil {
		run = func() error { return w.shimmed(ctx, p.shim, lock, questions, replies) }
	}
	over := make(chan struct{}) // nobody reads lines any more
	go func() {
		w.err = run()
		for _, f := range []*os.File{questions, replies, lock} {
			_ = f.Close() // the ends of others; some are closed already
		}
		if e, ok, err := w.exited(); w.err == nil {
			if w.exit, w.err = e, err; !ok && err == nil {
				w.exit.Code = -1
			}
		}
		close(over)
	}()
	go w.listen(stdout, over)
	return w, nil
}

// here runs the program as a child of this process.
func (w *worker) here(ctx context.Context, s spec, questions, replies *os.File) error {
	stderr, err := w.create(stderrFile)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	defer func() { _ = stderr.Close() }() // the program wrote through a descriptor of its own
	e, err := w.execute(ctx, s, questions, replies, stderr)
	if err != nil {
		return err
	}
	return w.writeExit(e)
}

// shimmed runs the program under a process that ends it when this one ends.
func (w *worker) shimmed(ctx context.Context, shim []string, lock, questions, replies *os.File) error {
	stderr, err := w.create(stderrFile)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	defer func() { _ = stderr.Close() }() // the process has its own descriptor
	end, hold, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	cmd := exec.Command(shim[0], append(shim[1:len(shim):len(shim)], w.dir)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = questions, replies, stderr
	cmd.ExtraFiles = []*os.File{lock, end} // become descriptors inheritedLock and lifeline
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = cmd.Start()
	_ = end.Close() // the process has its own descriptor
	if err != nil {
		return errors.Join(fmt.Errorf("study: cannot start the process that watches over a worker: %w", err), hold.Close())
	}
	// With these descriptors here, nobody would notice the end of the program.
	for _, f := range []*os.File{questions, replies} {
		_ = f.Close()
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // exit.json says how it went
	}()
	select {
	case <-ended:
	case <-ctx.Done():
	}
	err = hold.Close()
	<-ended
	return err
}

// serve runs a persistent program in the process made for it: its standard input
// and output are those of this process, which ends it when the lifeline breaks.
func (a attempt) serve(ctx context.Context, s spec) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	syscall.CloseOnExec(lifeline)
	hold := os.NewFile(lifeline, "lifeline")
	go func() {
		_, _ = io.Copy(io.Discard, hold) // nothing is ever written; it ends with its other end
		cancel()
	}()
	stderr, err := a.create(stderrFile)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	defer func() { _ = stderr.Close() }() // the program wrote through a descriptor of its own
	e, err := a.execute(ctx, s, os.Stdin, os.Stdout, stderr)
	runtime.KeepAlive(hold)
	if err != nil {
		return err
	}
	return a.writeExit(e)
}

// listen passes on what the program prints, line by line, until it has ended.
func (w *worker) listen(stdout *os.File, over <-chan struct{}) {
	lines := bufio.NewScanner(stdout)
	lines.Buffer(make([]byte, 64<<10), stdoutTail)
	for lines.Scan() {
		w.lines <- bytes.Clone(lines.Bytes())
	}
	if lines.Err() != nil { // a line without end: it is beyond help
		w.release()
		_, _ = io.Copy(io.Discard, stdout)
	}
	_ = stdout.Close() // it was only read
	close(w.lines)
	<-over
	close(w.ended)
}

// alive reports whether it can be asked.
func (w *worker) alive() bool {
	select {
	case <-w.ended:
		return false
	case _, more := <-w.lines: // what comes when nothing was asked is chatter
		return more
	default:
		return true
	}
}

// answer asks one question and waits for its answer. It returns how the attempt
// ended, and whether the program ended, well, without a word.
func (w *worker) answer(ctx context.Context, a attempt, question []byte, timeout time.Duration) (e exit, silent bool, err error) {
	started := time.Now()
	go func() { _, _ = w.stdin.Write(question) }() // if it does not read, it does not answer
	chatter, err := a.create(stdoutFile)
	if err != nil {
		return exit{}, false, fmt.Errorf("study: %w", err)
	}
	defer func() {
		err = errors.Join(err, chatter.Close(), w.passStderr(a))
		e.Seconds, e.Ended = time.Since(started).Seconds(), time.Now().UTC()
		e.DiskFull = diskFull(a.dir)
	}()
	var expired <-chan time.Time
	if timeout > 0 {
		expired = time.After(timeout)
	}
	silent = true
	for {
		select {
		case line, more := <-w.lines:
			if !more {
				<-w.ended
				e, err = w.exit, w.err
				return e, silent && e.Code == 0 && e.Signal == "" && e.Unstarted == "", err
			}
			silent, w.heard = false, true
			if answers(bytes.TrimSpace(line), a.evaluation) {
				return exit{}, false, os.WriteFile(a.path(answerFile), line, 0o644)
			}
			if _, err := chatter.Write(append(line, '\n')); err != nil {
				return exit{}, false, fmt.Errorf("study: %w", err)
			}
		case <-expired:
			w.kill()
			return exit{Code: -1, TimedOut: true}, false, nil
		case <-ctx.Done():
			w.kill()
			return exit{Code: -1, Interrupted: true}, false, nil
		}
	}
}

// kill ends the program by force, and waits until it has ended.
func (w *worker) kill() {
	w.release()
	for range w.lines { // so that listen comes to its end
	}
	<-w.ended
	_ = w.stdin.Close() // nobody reads it
}

// close ends the program by the end of the questions or, if that does not help, by
// force.
func (w *worker) close() {
	_ = w.stdin.Close() // nothing was written that matters
	timer := time.AfterFunc(closeGrace, w.release)
	defer timer.Stop()
	for range w.lines {
	}
	<-w.ended
}

// passStderr copies what the program has printed on its standard error meanwhile
// into the folder of an attempt.
func (w *worker) passStderr(a attempt) error {
	f, err := os.Open(w.path(stderrFile))
	if err != nil {
		return nil // it has none
	}
	defer func() { _ = f.Close() }() // it was only read
	out, err := a.create(stderrFile)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	n, err := io.Copy(out, io.NewSectionReader(f, w.stderrAt, stdoutTail))
	w.stderrAt += n
	return errors.Join(err, out.Close())
}
