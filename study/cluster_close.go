package study

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sbo-go/sbo/study/internal/slurm"
)

// lastMoments is how long a job may take to end whose attempt has: that is noticed first.
const lastMoments = 3 * time.Second

// close ends the jobs of the attempts, or leaves them to the next run, which it tells.
func (c *cluster) close(list []attempt, leave bool) error {
	c.mu.Lock()
	stop, stopped := c.stop, c.stopped
	c.mu.Unlock()
	if stop != nil {
		stop()
		<-stopped
	}
	names, needed := c.names(), map[slurm.Task]bool{}
	for _, a := range list {
		state, err := a.standing()
		if err != nil {
			return err
		}
		if j, submitted := a.job(); submitted && (state == Queued || state == Running) {
			needed[slurm.Task{Name: j.Name, Index: j.Index}] = true
		}
	}
	if len(names) == 0 || leave && len(needed) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	known, err := c.alive(ctx, names)
	switch {
	case err != nil && leave:
		c.tell(fmt.Sprintf("Slurm does not answer (%v); the jobs that it has are left to the next run", err))
		return nil
	case err != nil && len(needed) == 0:
		return nil // what is still there has nothing more to do
	case err != nil:
		return fmt.Errorf("study: cannot cancel the jobs that are not needed any more: %w", err)
	case leave:
		if known = among(known, needed); len(known) > 0 {
			c.tell(fmt.Sprintf("%d evaluations stay in the queue of Slurm, and the next run takes them up; to end them: scancel %s", len(known), idsText(known)))
		}
		return nil
	}
	if needless := among(known, needed); len(needless) > 0 {
		if err := c.cancelAll(ctx, needless); err != nil {
			return err
		}
	}
	return c.seeOff(ctx, names)
}

// seeOff waits for the end of jobs that have nothing more to do. Slurm may take a job
// for one that runs that has ended while a daemon was dead; this is canceled.
func (c *cluster) seeOff(ctx context.Context, names []string) error {
	for began := time.Now(); ; time.Sleep(lookEvery) {
		known, err := c.alive(ctx, names)
		switch {
		case err != nil || len(known) == 0:
			return nil //nolint:nilerr // nothing depends on it
		case time.Since(began) > lastMoments:
			return c.cancelAll(ctx, known)
		}
	}
}

// among returns the tasks that are in a set.
func among(tasks map[slurm.Task]slurm.Entry, set map[slurm.Task]bool) map[slurm.Task]slurm.Entry {
	some := maps.Clone(tasks)
	maps.DeleteFunc(some, func(t slurm.Task, _ slurm.Entry) bool { return !set[t] })
	return some
}

// names returns the names of all jobs that were ever submitted for the study.
func (c *cluster) names() []string {
	home := filepath.Join(c.dir, folder, clusterFolder)
	folders, _ := os.ReadDir(home) // there is none if nothing was submitted
	var names []string
	for _, f := range folders {
		if text, err := os.ReadFile(filepath.Join(home, f.Name(), nameFile)); err == nil {
			names = append(names, string(text))
		}
	}
	return names
}

// alive returns the tasks of the jobs that wait or run.
func (c *cluster) alive(ctx context.Context, names []string) (map[slurm.Task]slurm.Entry, error) {
	known, err := c.client.Queue(ctx, names)
	maps.DeleteFunc(known, func(_ slurm.Task, e slurm.Entry) bool { return !e.State.Alive() })
	return known, err
}

// cancelAll cancels the tasks and waits until they have ended.
func (c *cluster) cancelAll(ctx context.Context, tasks map[slurm.Task]slurm.Entry) error {
	ids := map[string][]string{}
	for t, e := range tasks {
		ids[t.Name] = append(ids[t.Name], e.ID)
	}
	var errs []error
	for name, list := range ids {
		errs = append(errs, c.client.Cancel(ctx, name, list...))
	}
	names := slices.Collect(maps.Keys(ids))
	for len(tasks) > 0 && errors.Join(errs...) == nil {
		time.Sleep(lookEvery)
		var err error
		tasks, err = c.alive(ctx, names)
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("study: jobs that are not needed any more may go on: %w", err)
	}
	return nil
}

// idsText lists the numbers of the jobs, each once.
func idsText(tasks map[slurm.Task]slurm.Entry) string {
	var ids []string
	for _, e := range tasks {
		id, _, _ := strings.Cut(e.ID, "_")
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), " ")
}
