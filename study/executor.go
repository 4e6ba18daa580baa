package study

import (
	"context"
	"time"
)

// An executor has attempts run somewhere: by processes of this machine, or by jobs of
// a cluster. How an attempt is started, watched over, found again and ended is its
// business alone; what is run and what has come of it are in the attempt's folder.
type executor interface {
	// run has a prepared attempt run, once at most, and returns when it is over. When
	// ctx ends, it either ends the attempt, or returns its cause and leaves it.
	run(ctx context.Context, a attempt) (ending, error)
	// adopt is run for an attempt that an earlier process has started, or was about to.
	adopt(ctx context.Context, a attempt) (ending, error)
	// close is told what of the study has no end yet. It ends it, unless leave says
	// that it is to be left to the next run and it can be.
	close(open []attempt, leave bool) error
}

// ending is what an executor has to say of an attempt that is over. It counts only if
// the attempt's own files do not tell: it was cut short, or they are not there.
type ending struct {
	cause  string
	fault  fault
	output string // the file with what was printed where the attempt was to start; empty: none
}

// fault is whose fault it is that an attempt has come to nothing.
type fault int

const (
	unknown   fault = iota // it ended without a word
	ofCluster              // of what it ran on, or of somebody who ended it
	ofProgram              // it used more than it may; that is a failure
	needless               // of nobody: somebody else has answered meanwhile
)

// newExecutor returns the executor of a plan.
func (c *command) newExecutor(e EvaluatorPlan, shim []string, tell func(string)) executor {
	switch {
	case e.Executor == ExecutorSlurm:
		return c.newCluster(e, shim, tell)
	case e.Persistent:
		return &workers{command: c, shim: shim}
	}
	return c.local
}

// executorOf returns the executor that knows of an attempt: the study may have had
// another one when it was started.
func (c *command) executorOf(a attempt) executor {
	cluster, is := c.executor.(*cluster)
	switch _, submitted := a.job(); {
	case is && (submitted || !isFile(a.path(lockFile))):
		return cluster
	case !submitted:
		return c.local
	case c.former == nil:
		c.former = c.newCluster(EvaluatorPlan{Slurm: (*SlurmPlan)(nil).complete()}, nil, func(string) {})
	}
	return c.former
}

// newCluster returns the executor for the jobs of Slurm.
func (c *command) newCluster(e EvaluatorPlan, shim []string, tell func(string)) *cluster {
	timeout := time.Duration(e.Timeout)
	return &cluster{
		dir: c.dir, study: c.study, shim: shim, plan: *e.Slurm,
		options: e.Slurm.arguments(timeout), limit: e.Slurm.limit(timeout), tell: tell, answered: c.store.answers,
		open: map[*task]bool{}, wake: make(chan struct{}, 1),
	}
}
