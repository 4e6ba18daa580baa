package study

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sbo-go/sbo/study/internal/slurm"
)

// cluster has attempts run by Slurm, as tasks of job arrays. What comes at the same
// time is submitted as one array. All that the nodes need is in the folder of the
// study, which they share with this machine:
//
//	.sbo/slurm/<n>/     a submission: the script, the number of the job, what it printed
//	.sbo/slurm/ended/   a file for every attempt that has ended and was not noticed yet
//
// An attempt's own files say what has come of it. Slurm only says which of them are not
// to be expected any more, and it may forget a job, or take minutes to answer. What
// holds all the same:
//
//   - An attempt runs at most once: a job claims it before it begins, and so does the run
//     before it gives it up (attempt.claim).
//   - Names of jobs are never used twice, and are noted (job.json) before the job is
//     submitted, so that a job whose submission was cut short is found by its name.
//   - No answer from Slurm is no answer: nothing is concluded from it.
type cluster struct {
	client  slurm.Client
	dir     string // of the study
	study   string // its name
	shim    []string
	plan    SlurmPlan
	options []string      // of sbatch
	limit   time.Duration // of a job; 0: none
	tell    func(string)
	// answered looks up stored answers: somebody else may have brought them.
	answered func(ctx context.Context, ids []int) (map[int]answer, error)

	mu      sync.Mutex // for what follows; the rest belongs to tend
	fresh   []*task    // came, and were not submitted yet
	adopted []*task    // came from an earlier run
	first   time.Time  // when the first of fresh came
	last    time.Time
	stop    context.CancelFunc // of tend; nil: it does not run
	stopped chan struct{}
	wake    chan struct{}

	open    map[*task]bool // submitted
	held    []*submission  // to be submitted again
	largest int            // array; 0: not known yet
	asked   time.Time      // when Slurm was asked last
	silent  time.Time      // since when it does not answer; zero: it does
	told    string         // what was said last, not to say it again and again
}

// task is an attempt on its way through a cluster.
type task struct {
	attempt
	job
	ended  chan struct{} // closed when it is over; then these tell how
	ending ending
	err    error

	started     bool      // it was seen to have begun
	interrupted bool      // it has ended by a signal; Slurm will say why
	gone        time.Time // since when it does not seem to run any more; zero: it does
	beat        time.Time // of its last sign of life, by the clock of who gave it
}

const (
	clusterFolder = "slurm"
	noticeFolder  = "ended"

	lookEvery = 100 * time.Millisecond // how often news are looked for, which is to list a folder
	quiet     = 250 * time.Millisecond // after which what has come is taken for a batch
	longest   = 2 * time.Second        // for which a batch is collected
)

// run has the attempt run by a job.
func (c *cluster) run(ctx context.Context, a attempt) (ending, error) {
	t := &task{attempt: a, ended: make(chan struct{})}
	c.mu.Lock()
	now := time.Now()
	if len(c.fresh) == 0 {
		c.first = now
	}
	c.fresh, c.last = append(c.fresh, t), now
	c.mu.Unlock()
	return c.await(ctx, t)
}

// adopt takes up the job of an attempt. One that was never given to a job is given up.
func (c *cluster) adopt(ctx context.Context, a attempt) (ending, error) {
	j, submitted := a.job()
	if !submitted {
		_, err := a.claim(true)
		return ending{cause: "never submitted", fault: ofCluster}, err
	}
	t := &task{attempt: a, job: j, ended: make(chan struct{})}
	c.mu.Lock()
	c.adopted = append(c.adopted, t)
	c.mu.Unlock()
	return c.await(ctx, t)
}

// await waits until the task is over. It is left where it is when ctx ends first:
// close knows what is to become of it.
func (c *cluster) await(ctx context.Context, t *task) (ending, error) {
	c.mu.Lock()
	if c.stop == nil {
		var tending context.Context
		tending, c.stop = context.WithCancel(context.Background())
		c.stopped = make(chan struct{})
		go c.tend(tending, c.stopped)
	}
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
	select {
	case <-t.ended:
		return t.ending, t.err
	case <-ctx.Done():
		return ending{}, context.Cause(ctx)
	}
}

// tend submits what has come, and finds out what has ended, until ctx ends.
func (c *cluster) tend(ctx context.Context, stopped chan<- struct{}) {
	defer close(stopped)
	for ctx.Err() == nil {
		c.takeUp()
		c.submitAll(ctx)
		c.collect()
		c.inquire(ctx)
		var next <-chan time.Time // nil: there is nothing to look after
		if c.busy() {
			next = time.After(lookEvery)
		}
		select {
		case <-ctx.Done():
		case <-c.wake:
		case <-next:
		}
	}
}

func (c *cluster) busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.fresh)+len(c.adopted)+len(c.open)+len(c.held) > 0
}

// takeUp opens the tasks of an earlier run.
func (c *cluster) takeUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.adopted {
		c.open[t] = true
		c.settle(t)
		c.asked = time.Time{} // so that Slurm is asked soon
	}
	c.adopted = nil
}

// collect settles the tasks whose attempts have left a notice.
func (c *cluster) collect() {
	if len(c.open) == 0 {
		return
	}
	dir := filepath.Join(c.dir, folder, clusterFolder, noticeFolder)
	notices, err := os.ReadDir(dir)
	if err != nil || len(notices) == 0 {
		return // there are none yet; what has ended is also found by asking Slurm
	}
	byName := make(map[string]*task, len(c.open))
	for t := range c.open {
		byName[t.notice()] = t
	}
	for _, n := range notices {
		if t := byName[n.Name()]; t == nil || c.settle(t) {
			_ = os.Remove(filepath.Join(dir, n.Name())) // the next one would do it
		}
	}
}

// meanwhile notices what ends while a command of Slurm takes its time.
func (c *cluster) meanwhile(command func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		command()
	}()
	for {
		select {
		case <-done:
			return
		case <-time.After(lookEvery):
			c.collect()
		}
	}
}

// queue asks Slurm for the tasks of jobs.
func (c *cluster) queue(ctx context.Context, names []string) (known map[slurm.Task]slurm.Entry, err error) {
	c.meanwhile(func() { known, err = c.client.Queue(ctx, names) })
	return known, err
}

// notice is the name of the file that the attempt makes when it has ended.
func (a attempt) notice() string { return fmt.Sprintf("%d.%d", a.evaluation, a.number) }

// settle reports whether the attempt has ended, by its own account, which then is
// enough, unless it was ended by a signal: Slurm may know of whom.
func (c *cluster) settle(t *task) bool {
	e, ended, err := t.exited()
	switch {
	case err != nil:
		c.finish(t, ending{}, err)
	case !ended:
		return false
	case e.Interrupted:
		t.interrupted = true
	default:
		c.finish(t, ending{}, nil)
	}
	return true
}

// finish tells who waits for the task that it is over.
func (c *cluster) finish(t *task, end ending, err error) {
	select {
	case <-t.ended: // it was told already
	default:
		delete(c.open, t)
		t.ending, t.err = end, err
		close(t.ended)
	}
}

// fail tells everybody that it does not go on like this.
func (c *cluster) fail(err error) {
	c.mu.Lock()
	fresh := c.fresh
	c.fresh = nil
	c.mu.Unlock()
	for _, s := range c.held {
		fresh = append(fresh, s.tasks...)
	}
	c.held = nil
	for _, t := range fresh {
		c.finish(t, ending{}, err)
	}
}

// say tells the user something, once.
func (c *cluster) say(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); text != c.told {
		c.told = text
		c.tell(text)
	}
}
