package study

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/sbo-go/sbo/study/internal/slurm"
)

// inquire asks Slurm for the states of the tasks, if it is time to, and settles those
// that are over.
func (c *cluster) inquire(ctx context.Context) {
	if len(c.open) == 0 || time.Since(c.asked) < time.Duration(c.plan.Poll) {
		return
	}
	c.asked = time.Now()
	names := map[string]bool{}
	for t := range c.open {
		names[t.Name] = true
		if !t.started { // before Slurm is asked: a task that waits, though it has begun, is one that is to begin again
			_, t.started = t.claimed()
		}
	}
	known, err := c.queue(ctx, slices.Collect(maps.Keys(names)))
	if err != nil {
		_ = c.unanswered(ctx, err)
		return
	}
	c.heard()
	c.letGo(ctx, known)
	for t := range c.open {
		entry, there := known[slurm.Task{Name: t.Name, Index: t.Index}]
		c.judge(ctx, t, entry, there)
	}
}

// unanswered tells, once, that Slurm does not answer. That ends nothing.
func (c *cluster) unanswered(ctx context.Context, err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("study: the commands of Slurm are not here: %w; run the study where they are, on a login node", err)
	}
	if ctx.Err() == nil && c.silent.IsZero() {
		c.silent = time.Now()
		c.say("Slurm does not answer (%v); jobs that it has go on, and the study waits", err)
	}
	return nil
}

// heard tells that Slurm answers, if it did not before.
func (c *cluster) heard() {
	if !c.silent.IsZero() {
		c.say("Slurm answers again, after %v", time.Since(c.silent).Round(time.Second))
		c.silent = time.Time{}
	}
}

// judge decides whether a task is over, by what Slurm says of it, if it is there, and
// by its files.
func (c *cluster) judge(ctx context.Context, t *task, entry slurm.Entry, there bool) {
	if !t.interrupted && c.settle(t) && !t.interrupted {
		return
	}
	switch {
	case there && entry.State.Waits() && t.started:
		// Slurm begins it again, which we do ourselves.
		if err := c.client.Cancel(ctx, t.Name, entry.ID); err == nil {
			c.finish(t, ending{cause: "put back into the queue by Slurm", fault: ofCluster}, nil)
		}
	case there && entry.State.Alive():
		t.gone = time.Time{}
	case t.interrupted:
		c.finish(t, c.verdict(t, entry, there), nil)
	default:
		c.missing(t, entry, there)
	}
}

// missing decides on a task that Slurm does not have any more, and that has left no word.
func (c *cluster) missing(t *task, entry slurm.Entry, there bool) {
	ours, err := t.claim(true)
	switch {
	case err != nil:
		c.finish(t, ending{}, err)
		return
	case ours: // it never began, and never will
		end := c.verdict(t, entry, there)
		if end.cause += ", before it began"; entry.Reason == slurm.LaunchFailure {
			// Its node may be gone, or not have what it needs, such as the study's folder.
			end.fault, end.cause = unknown, "could not be launched by Slurm (does the node have the folder of the study?)"
		}
		c.finish(t, end, nil)
		return
	}
	// It may still run, and Slurm have forgotten it, or its files be on their way.
	info, err := os.Stat(t.path(startedFile))
	if now := time.Now(); err == nil && (t.gone.IsZero() || !info.ModTime().Equal(t.beat)) {
		t.gone, t.beat = now, info.ModTime()
		return
	}
	if time.Since(t.gone) >= time.Duration(c.plan.Grace) {
		c.finish(t, c.verdict(t, entry, there), nil)
	}
}

// verdict says what has become of a task that is over, by its state.
func (c *cluster) verdict(t *task, entry slurm.Entry, there bool) ending {
	end := ending{fault: ofCluster, output: filepath.Join(t.Dir, strconv.Itoa(t.Index)+".out")}
	const slack = 10 * time.Second // between the beginnings of job and program
	overtime := c.limit > 0 && t.lasted() > c.limit-slack-longestBeat
	switch {
	case entry.State == slurm.Timeout && c.limit > 0 && !overtime: // Slurm took it for one that runs, which it did not any more
		end.cause = "lost before the time limit of its job"
	case entry.State == slurm.Timeout || entry.State == slurm.Deadline || overtime:
		end.fault, end.cause = ofProgram, fmt.Sprintf("ended by Slurm at the time limit of the job (%v)", c.limit)
	case entry.State == slurm.OutOfMemory:
		end.fault, end.cause = ofProgram, "ended by Slurm: out of memory"
	case entry.State == slurm.Canceled:
		end.cause = "canceled in Slurm"
	case entry.State == slurm.NodeFail || entry.State == slurm.BootFail || entry.State == slurm.Failed && entry.Reason == slurm.LaunchFailure:
		end.cause = "lost with its node"
	case entry.State == slurm.Preempted || entry.State == slurm.Revoked:
		end.cause = "displaced by Slurm"
	case there && t.interrupted:
		end.cause = "ended by a signal from outside"
	case there:
		end.fault, end.cause = unknown, "ended without a word"
	default:
		end.cause = "no longer known to Slurm"
	}
	return end
}

// lasted returns for how long the attempt is known to have run, by the clock of its node.
func (t *task) lasted() time.Duration {
	if e, ended, _ := t.exited(); ended {
		return time.Duration(e.Seconds * float64(time.Second))
	}
	by, begun := t.claimed()
	info, err := os.Stat(t.path(startedFile))
	if !begun || err != nil || by.GivenUp {
		return 0
	}
	return info.ModTime().Sub(by.Since)
}

// letGo cancels the tasks of evaluations that somebody else has answered.
func (c *cluster) letGo(ctx context.Context, known map[slurm.Task]slurm.Entry) {
	tasks := map[int]*task{}
	for t := range c.open {
		tasks[t.evaluation] = t
	}
	answers, err := c.answered(ctx, slices.Collect(maps.Keys(tasks)))
	if err != nil {
		return // who records the next answer is told
	}
	for id := range answers {
		t := tasks[id]
		if entry, there := known[slurm.Task{Name: t.Name, Index: t.Index}]; there && entry.State.Alive() {
			if err := c.client.Cancel(ctx, t.Name, entry.ID); err != nil {
				continue // the next time
			}
		}
		if _, err := t.claim(true); err != nil { // so that it does not begin
			continue
		}
		c.finish(t, ending{cause: "answered by somebody else", fault: needless}, nil)
	}
}
