package study

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sbo-go/sbo/study/internal/slurm"
)

// close ends the jobs of the attempts, or leaves them to the next run, which it tells.
func (c *cluster) close(list []attempt, leave bool) error {
	c.mu.Lock()
	stop, stopped := c.stop, c.stopped
	c.mu.Unlock()
	if stop != nil {
		stop()
		<-stopped
	}
	names := map[string]bool{}
	for _, a := range list {
		state, err := a.standing()
		if err != nil {
			return err
		}
		if j, submitted := a.job(); submitted && (state == Queued || state == Running) {
			names[j.Name] = true
		}
	}
	if len(names) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	known, err := c.alive(ctx, slices.Collect(maps.Keys(names)))
	switch {
	case err != nil && leave:
		c.tell(fmt.Sprintf("Slurm does not answer (%v); the jobs that it has are left to the next run", err))
		return nil
	case err != nil:
		return fmt.Errorf("study: cannot cancel the jobs that are not needed any more: %w", err)
	case leave && len(known) > 0:
		text := idsText(known)
		c.tell(fmt.Sprintf("%d evaluations stay in the queue of Slurm, and the next run takes them up; to end them: scancel %s", len(known), text))
		return nil
	case leave:
		return nil
	}
	return c.cancelAll(ctx, known)
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
