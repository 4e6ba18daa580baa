package study

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// launch has the next attempt after a run, and returns it when it is over.
func (c *command) launch(ctx context.Context, a attempt, x []float64) (attempt, ending, error) {
	if ctx.Err() != nil {
		return a, ending{}, context.Cause(ctx)
	}
	a, err := c.newFolder(a)
	if err != nil {
		return a, ending{}, err
	}
	// From here on, whoever comes after a crash finds the attempt.
	if err := c.store.intend(context.WithoutCancel(ctx), a.evaluation, a.number); err != nil {
		return a, ending{}, err
	}
	if err := c.prepare(a, x); err != nil {
		return a, ending{}, fmt.Errorf("study: cannot prepare an evaluation: %w", err)
	}
	end, err := c.executor.run(ctx, a)
	return a, end, err
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
	if s.Persistent {                                     // the program runs elsewhere, and has its files there
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
		of := filepath.Dir(a.dir)
		err := makeFolder(filepath.Dir(of))
		if err == nil {
			err = makeFolder(of)
		}
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

// close gives everything back, and ends what of the study still runs, or leaves it to
// the next run if it is to and can be.
func (c *command) close(leave bool) error {
	list, err := c.store.unsettled(context.Background())
	executors, of := []executor{c.executor}, map[executor][]attempt{}
	for _, a := range list {
		a.dir = attemptDir(c.dir, a.evaluation, a.number)
		e := c.executorOf(a)
		if !slices.Contains(executors, e) {
			executors = append(executors, e)
		}
		of[e] = append(of[e], a)
	}
	for _, e := range executors {
		err = errors.Join(err, e.close(of[e], leave))
	}
	return err
}

// harvest reads what an attempt that is over has come to; known is what its executor
// knows of that.
func (c *command) harvest(a attempt, known ending) (answer, error) {
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
	if len(stderr) == 0 && !ended && known.output != "" {
		if stderr, err = tail(known.output, stderrTail); err != nil {
			return answer{}, err
		}
	}
	end.seconds, end.maxRSS = e.Seconds, e.MaxRSS
	switch {
	case known.fault == ofProgram && (!ended || e.Interrupted):
		result.failed = known.cause
		end.outcome, end.cause = outcomeFailed, known.cause
	case !ended:
		end.outcome, end.cause = outcomeLost, cmp.Or(known.cause, "ended without a word")
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
			end.outcome, end.cause = outcomeInterrupted, cmp.Or(known.cause, "interrupted")
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
		result.failed = fmt.Sprintf("timeout after %v", c.spec.Timeout) + e.of()
		if e.Mute {
			result.failed += ", without a line from the program: does it read line by line, and flush what it writes?"
		}
		return nil
	case e.Stalled:
		result.failed = fmt.Sprintf("stalled: nothing was written for %v", c.spec.Stall) + e.of()
		return nil
	case e.Signal != "":
		result.failed = "ended by signal " + e.Signal + e.of()
		return nil
	}
	r, err := c.language.read(a, e)
	result.y, result.partials, result.note, result.failed = r.y, r.partials, r.note, r.failed
	return err
}
