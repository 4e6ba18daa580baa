package study

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// job is the job of a cluster that an attempt is given to.
type job struct {
	Name   string        `json:"name"`
	Index  int           `json:"index"`  // of the attempt's task
	Dir    string        `json:"dir"`    // of the submission, with the script and what it printed
	Notice string        `json:"notice"` // the file to make when the attempt has ended
	Beat   time.Duration `json:"beat"`   // nanoseconds; how often to show that it still runs
}

// The files in the folder of a submission that hold the number of the job and its name.
const (
	idFile   = "id"
	nameFile = "name"
)

// job returns the job that an attempt was given to, false if there is none.
func (a attempt) job() (j job, submitted bool) {
	text, err := os.ReadFile(a.path(jobFile))
	return j, err == nil && json.Unmarshal(text, &j) == nil
}

// id is what the cluster calls the attempt's task, empty as long as that is not known.
func (j job) id() string {
	text, err := os.ReadFile(filepath.Join(j.Dir, idFile))
	if err != nil || len(text) == 0 {
		return ""
	}
	return string(text) + "_" + strconv.Itoa(j.Index)
}

// claim is who has an attempt.
type claim struct {
	Holder
	GivenUp bool `json:"given_up,omitempty"` // by the run: no job may begin with it any more
}

// claim takes the attempt for whoever calls it first, and reports whether that is the
// caller. A job does before it runs the program; a run before it gives up a job that
// has not. So an attempt that is given up never runs, be its job forgotten, found
// again, or submitted twice. The file is made by O_EXCL, which is atomic also on
// network file systems (open(2)).
func (a attempt) claim(giveUp bool) (bool, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	text, err := json.Marshal(claim{Holder{PID: os.Getpid(), Host: host, Since: time.Now().UTC()}, giveUp})
	if err != nil {
		return false, fmt.Errorf("study: %w", err)
	}
	f, err := os.OpenFile(a.path(startedFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	switch {
	case errors.Is(err, fs.ErrExist):
		return false, nil
	case errors.Is(err, fs.ErrNotExist) && giveUp:
		return true, nil // the folder is gone, and with it all that a job could run
	}
	if err != nil {
		return false, fmt.Errorf("study: cannot take an evaluation: %w", err)
	}
	_, err = f.Write(text)
	return true, errors.Join(err, f.Close())
}

// claimed returns who has the attempt, false if nobody has.
func (a attempt) claimed() (c claim, taken bool) {
	text, err := os.ReadFile(a.path(startedFile))
	if err != nil {
		return c, false
	}
	_ = json.Unmarshal(text, &c) // whoever took it may still be writing
	return c, true
}

// runAsJob runs the attempt, if nobody has taken it before.
func (a attempt) runAsJob(ctx context.Context, j job) error {
	first, err := a.claim(false)
	if err != nil {
		return err
	}
	if !first {
		fmt.Fprintln(os.Stderr, "sbo: this attempt was given up, or has been started before; nothing is run")
		return nil
	}
	ended := make(chan struct{})
	go func() {
		beat := time.NewTicker(max(j.Beat, time.Millisecond))
		defer beat.Stop()
		for {
			select {
			case now := <-beat.C:
				_ = os.Chtimes(a.path(startedFile), now, now) // of no use if the disk is gone
			case <-ended:
				return
			}
		}
	}()
	err = a.run(ctx)
	close(ended)
	// Only so that the run does not have to look into every folder.
	_ = os.WriteFile(j.Notice, nil, 0o644)
	return err
}

// endedByJob reports whether it was the cluster that ended a program: it sends its
// signal to program and sbo at the same time, and the program may be quicker to end.
func endedByJob(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return true
	case <-time.After(200 * time.Millisecond):
		return false
	}
}

// standing tells from its files how an attempt stands of which no end is stored:
// Running, Queued or, if it has ended and its answer is about to be read, or it was
// lost, Waiting.
func (a attempt) standing() (State, error) {
	if _, ended, err := a.exited(); ended || err != nil {
		return Waiting, err
	}
	if _, submitted := a.job(); submitted {
		switch c, taken := a.claimed(); {
		case !taken:
			return Queued, nil
		case !c.GivenUp:
			return Running, nil
		}
		return Waiting, nil
	}
	busy, _, err := locked(a.path(lockFile))
	if busy {
		return Running, nil
	}
	return Waiting, err
}
