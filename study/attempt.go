package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// An attempt is one run of the user's program for one evaluation. It has a folder
// of its own, .sbo/evals/<evaluation>/<attempt>, in which nothing is ever
// overwritten:
//
//	attempt.json   what is to be run; written before the start
//	request.json   what the program is asked
//	lock           held while the attempt is watched over
//	run/           the folder the program runs in
//	stdout, stderr what it printed
//	answer.json    its answer, if it did not print it
//	exit.json      how it ended; written last, the only proof that it did
//
// Whoever comes back after a crash tells by these files alone how the attempt
// stands: exit.json there, it has ended; else lock busy, it runs; else it is lost.
//
// One that is run by a cluster has other files in place of lock, since locks of other
// machines cannot be relied on:
//
//	job.json       the job it is given to; written before the job is submitted
//	started        made when the job comes to it, by whom; touched while it runs
type attempt struct {
	evaluation, number int
	dir                string // absolute
}

const (
	specFile    = "attempt.json"
	requestFile = "request.json"
	runFolder   = "run"
	stdoutFile  = "stdout"
	stderrFile  = "stderr"
	answerFile  = "answer.json"
	exitFile    = "exit.json"
	jobFile     = "job.json"
	startedFile = "started"
)

func attemptDir(dir string, evaluation, number int) string {
	return filepath.Join(dir, folder, "evals", strconv.Itoa(evaluation), strconv.Itoa(number))
}

func (a attempt) path(file string) string { return filepath.Join(a.dir, file) }

// spec is what an attempt runs.
type spec struct {
	Command []string      `json:"command"`          // the program as a path, and its arguments
	Before  []filter      `json:"before,omitempty"` // run in front of it
	After   []filter      `json:"after,omitempty"`  // and behind it
	Env     []string      `json:"env"`              // besides the environment of sbo: NAME=value
	Timeout time.Duration `json:"timeout"`          // nanoseconds; 0: none
	Dir     string        `json:"dir"`              // the folder it runs in; empty: run
	Stdin   string        `json:"stdin"`            // the file it reads there; empty: request.json

	Stall time.Duration `json:"stall"` // ended when nothing has been written for so long; 0: never

	Persistent bool            `json:"persistent,omitempty"` // it speaks with who started this process
	Asked      json.RawMessage `json:"asked,omitempty"`      // what the protocol needs for reading the answer
}

// exit is how the program ended.
type exit struct {
	Code        int       `json:"code"`                  // -1 if it was ended by a signal
	Signal      string    `json:"signal,omitempty"`      // that ended it
	Of          string    `json:"of,omitempty"`          // the filter that ended so; empty: the command
	TimedOut    bool      `json:"timed_out,omitempty"`   // by the timeout
	Stalled     bool      `json:"stalled,omitempty"`     // ended because it wrote nothing any more
	Interrupted bool      `json:"interrupted,omitempty"` // by an interrupted run
	Mute        bool      `json:"mute,omitempty"`        // a persistent program has never printed a line, in none of its processes
	Unstarted   string    `json:"unstarted,omitempty"`   // why it could not be started
	DiskFull    bool      `json:"disk_full,omitempty"`   // at the end: what failed may have failed of that
	Seconds     float64   `json:"seconds"`               // on the wall clock
	MaxRSS      int64     `json:"max_rss"`               // largest resident memory in bytes
	Ended       time.Time `json:"ended"`
}

// prepare writes down what is to be run; from then on, it can be.
func (a attempt) prepare(s spec) error {
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	return os.WriteFile(a.path(specFile), text, 0o644)
}

// spec reads what is to be run, or was.
func (a attempt) spec() (s spec, err error) {
	text, err := os.ReadFile(a.path(specFile))
	if err != nil {
		return s, fmt.Errorf("study: %w", err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("study: %s: %w", a.path(specFile), err)
	}
	if s.Dir == "" {
		s.Dir = a.path(runFolder)
	}
	if s.Stdin == "" {
		s.Stdin = a.path(requestFile)
	}
	return s, nil
}

// writeExit puts exit.json into the folder, whole or not at all, after everything
// it speaks for has reached the disk.
func (a attempt) writeExit(e exit) error {
	text, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	for _, file := range []string{stdoutFile, stderrFile, answerFile} {
		if err := syncFile(a.path(file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("study: %w", err)
		}
	}
	return writeWhole(a.path(exitFile), text)
}

// writeWhole writes a file so that it is either there as a whole, also after a
// power failure, or not at all.
func writeWhole(path string, text []byte) error {
	temporary := path + ".tmp"
	f, err := os.Create(temporary)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("study: %w", err)
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("study: %w", err)
	}
	if err := syncFile(filepath.Dir(path)); err != nil {
		return fmt.Errorf("study: %w", err)
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Size() == 0 {
		return f.Close() // nothing is in it that could be lost
	}
	return errors.Join(f.Sync(), f.Close())
}

// exited returns how the attempt ended, false if nothing says that it did.
func (a attempt) exited() (exit, bool, error) {
	text, err := os.ReadFile(a.path(exitFile))
	if errors.Is(err, fs.ErrNotExist) {
		// A client of NFS that has looked in vain believes for up to a minute that there
		// is no such file, unless it opens the folder (nfs(5), close-to-open).
		if d, missing := os.Open(a.dir); missing == nil {
			_ = d.Close() // nothing was read
			text, err = os.ReadFile(a.path(exitFile))
		}
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESTALE) {
		return exit{}, false, nil
	}
	var e exit
	if err == nil {
		err = json.Unmarshal(text, &e)
	}
	if err != nil {
		return exit{}, false, fmt.Errorf("study: %s: %w", a.path(exitFile), err)
	}
	return e, true, nil
}

// The tails of what programs print that are looked at: enough for any answer, and
// for a reader to see what went wrong.
const (
	stdoutTail = 64 << 20
	stderrTail = 2 << 10
)

// tail returns the last bytes of a file, at most limit of them, from the start of
// a line if it had to cut; nothing if there is no file.
func tail(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	defer func() { _ = f.Close() }() // read only: nothing to lose
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	start := max(info.Size()-limit, 0)
	text, err := io.ReadAll(io.NewSectionReader(f, start, limit))
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	if start > 0 {
		if _, rest, found := strings.Cut(string(text), "\n"); found && rest != "" {
			return []byte(rest), nil
		}
	}
	return text, nil
}
