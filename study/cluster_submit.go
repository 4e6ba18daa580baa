package study

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sbo-go/sbo/study/internal/slurm"
)

// submission is a job array on its way to Slurm.
type submission struct {
	slurm.Job
	tasks []*task
	tries int
	next  time.Time // not to be tried before
}

const (
	mostRefusals = 3               // of a single task while nothing else is in the queue
	retryAfter   = 2 * time.Second // a refusal of a single task
	longestBeat  = 20 * time.Second
	roomAfter    = 15 * time.Second // there may be room again where there was none
)

// submitAll submits what is due: what was held back, or what has come since.
func (c *cluster) submitAll(ctx context.Context) {
	if err := c.takeBatch(ctx); err != nil {
		c.fail(err)
		return
	}
	if !c.silent.IsZero() && len(c.open) > 0 {
		return // there is no use, until it is seen to answer
	}
	held := c.held
	c.held = nil
	for i, s := range held {
		if time.Now().Before(s.next) {
			c.held = append(c.held, s)
			continue
		}
		if err := c.submit(ctx, s); err != nil {
			c.held = append(c.held, held[i:]...)
			c.fail(err)
			return
		}
	}
}

// takeBatch makes arrays of what has come, once no more comes, and unless there is no
// room for what came before.
func (c *cluster) takeBatch(ctx context.Context) error {
	c.mu.Lock()
	batch, now := slices.Clone(c.fresh), time.Now()
	waits := now.Sub(c.last) < quiet && now.Sub(c.first) < longest
	c.mu.Unlock()
	if len(batch) == 0 || len(c.held) > 0 || waits {
		return nil
	}
	if c.largest == 0 {
		n, err := c.client.MaxArraySize(ctx)
		if err != nil {
			return c.unanswered(ctx, err)
		}
		c.largest = n
	}
	slices.SortFunc(batch, func(a, b *task) int { return cmp.Compare(a.evaluation, b.evaluation) })
	for some := range slices.Chunk(batch, c.largest) {
		s, err := c.newSubmission(some)
		if err != nil {
			return err // all of them are still in fresh
		}
		c.held = append(c.held, s)
	}
	c.mu.Lock()
	c.fresh = slices.Clone(c.fresh[len(batch):]) // some may have come meanwhile
	c.first = c.last
	c.mu.Unlock()
	return nil
}

// submit submits an array, or finds out that it was submitted before. It goes to held if
// it has to be tried again. The error is what ends the study.
func (c *cluster) submit(ctx context.Context, s *submission) error {
	if s.tries > 0 {
		if found, err := c.find(ctx, s); err != nil {
			return c.hold(ctx, s, err)
		} else if found {
			return nil
		}
	}
	s.tries++
	var id string
	var failure error
	c.meanwhile(func() {
		id, failure = c.client.Submit(context.WithoutCancel(ctx), s.Job) // cut short, nobody would know what has become of it
	})
	if failure == nil {
		c.submitted(s, id)
		return nil
	}
	if found, err := c.find(ctx, s); err != nil {
		return c.hold(ctx, s, err)
	} else if found {
		return nil
	}
	return c.refused(ctx, s, failure)
}

// find looks for the array in the queue, where it may be though sbatch has not said so.
func (c *cluster) find(ctx context.Context, s *submission) (bool, error) {
	known, err := c.queue(ctx, []string{s.Name})
	if err != nil {
		return false, err
	}
	for _, e := range known {
		// A job that was refused may be in the queue all the same, as one that has failed.
		if e.State != slurm.Failed || slices.ContainsFunc(s.tasks, func(t *task) bool { _, begun := t.claimed(); return begun }) {
			id, _, _ := strings.Cut(e.ID, "_")
			c.submitted(s, id)
			return true, nil
		}
	}
	return false, nil
}

// submitted opens the tasks of an array that Slurm has.
func (c *cluster) submitted(s *submission, id string) {
	c.heard()
	for _, t := range s.tasks {
		c.open[t] = true
	}
	_ = os.WriteFile(filepath.Join(s.Dir, idFile), []byte(id), 0o644) // it is for people
}

// hold has an array tried again that Slurm has not answered to.
func (c *cluster) hold(ctx context.Context, s *submission, err error) error {
	s.next = time.Now().Add(time.Duration(c.plan.Poll))
	c.held = append(c.held, s)
	return c.unanswered(ctx, err)
}

// refused deals with an array that Slurm does not take, while it answers. Why, it says
// in words only, which are for people. It may be that there is no room for so many jobs
// now, or never for so many at a time; what is refused alone is wrong.
func (c *cluster) refused(ctx context.Context, s *submission, why error) error {
	n := len(s.tasks)
	full := len(c.open) > 0
	if !full && n == 1 && s.tries >= mostRefusals {
		_, wrong := c.client.Try(ctx, s.Job)
		full = wrong == nil // it would be taken, if not now: others may have filled the queue
	}
	switch {
	case full:
		c.say("Slurm takes no more jobs now (%v); %d evaluations wait until others have ended", why, n)
		s.next = time.Now().Add(min(roomAfter, time.Duration(c.plan.Poll)))
		c.held = append(c.held, s)
	case n > 1:
		for _, half := range [][]*task{s.tasks[:n/2], s.tasks[n/2:]} {
			smaller, err := c.newSubmission(half)
			if err != nil {
				return err // the caller holds all of them
			}
			c.held = append(c.held, smaller)
		}
		_ = os.RemoveAll(s.Dir) // nothing came of it
	case s.tries < mostRefusals:
		s.next = time.Now().Add(retryAfter)
		c.held = append(c.held, s)
	default:
		c.held = append(c.held, s)
		return fmt.Errorf("study: Slurm refuses the jobs of this study: %w; nothing is lost: mend evaluator.slurm and run again; the command is in %s", why, s.Script)
	}
	return nil
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// newSubmission makes the folder of a submission, with its script, and notes in the
// folders of the attempts which job they are given to.
func (c *cluster) newSubmission(tasks []*task) (*submission, error) {
	if len(c.shim) == 0 {
		return nil, errors.New("study: jobs of Slurm need a command that runs an attempt: set Options.Shim")
	}
	dir, err := c.newFolder()
	if err != nil {
		return nil, fmt.Errorf("study: cannot prepare a job: %w", err)
	}
	token := make([]byte, 4) // so that no job of this name was ever there
	_, _ = rand.Read(token)  // it never fails
	name := notInNames.ReplaceAllString(c.study, "-")
	name = fmt.Sprintf("sbo-%.30s-%s", name, hex.EncodeToString(token))
	s := &submission{tasks: tasks, Job: slurm.Job{
		Name: name, Script: filepath.Join(dir, "script.sh"), Dir: dir, Output: "%a.out", Tasks: len(tasks), Options: c.options,
	}}
	errs := []error{os.WriteFile(s.Script, []byte(c.script(s)), 0o755), os.WriteFile(filepath.Join(dir, nameFile), []byte(name), 0o644)}
	for i, t := range tasks {
		t.job = job{
			Name: name, Index: i, Dir: dir, Beat: min(time.Duration(c.plan.Grace)/4, longestBeat),
			Notice: filepath.Join(filepath.Dir(dir), noticeFolder, t.notice()),
		}
		text, err := json.Marshal(t.job)
		errs = append(errs, err, os.WriteFile(t.path(jobFile), text, 0o644))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("study: cannot prepare a job: %w", err)
	}
	return s, nil
}

// newFolder makes the folder of the next submission.
func (c *cluster) newFolder() (string, error) {
	home := filepath.Join(c.dir, folder, clusterFolder)
	if err := errors.Join(makeFolder(home), makeFolder(filepath.Join(home, noticeFolder))); err != nil {
		return "", err
	}
	entries, err := os.ReadDir(home)
	if err != nil {
		return "", err
	}
	last := 0
	for _, e := range entries {
		if n, err := strconv.Atoi(e.Name()); err == nil {
			last = max(last, n)
		}
	}
	dir := filepath.Join(home, strconv.Itoa(last+1))
	return dir, os.Mkdir(dir, 0o755)
}

// script is what each task of the array runs: the attempt of its index.
func (c *cluster) script(s *submission) string {
	var b strings.Builder
	fmt.Fprintf(&b, "#!/bin/sh\n# Each task of this array runs one attempt at an evaluation, once. Submitted with\n#   %s\n", s.CommandLine())
	b.WriteString("case $SLURM_ARRAY_TASK_ID in\n")
	for i, t := range s.tasks {
		fmt.Fprintf(&b, "%d) attempt=%d/%d ;;\n", i, t.evaluation, t.number)
	}
	b.WriteString("esac\nexec")
	for _, word := range c.shim {
		b.WriteString(" " + shellQuoted(word))
	}
	fmt.Fprintf(&b, " %s/\"$attempt\"\n", shellQuoted(filepath.Join(c.dir, folder, "evals")))
	return b.String()
}

func shellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
