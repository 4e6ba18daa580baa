package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
)

// Options are the settings of a run that are not part of the plan. The zero value
// runs the study as planned, every attempt in a goroutine of this process.
type Options struct {
	Workers  int           // evaluations at a time; 0: as planned. The result does not depend on it
	Budget   int           // evaluations at most; 0: as planned
	Seed     *uint64       // nil: as planned
	Deadline time.Duration // ends the run this long after its start, besides the planned walltime; 0: none

	// Shim is the command that runs one attempt in a process of its own, which
	// outlives this one: the arguments before the attempt's folder, as in
	// ["/usr/bin/sbo", "attempt"]. That command calls [RunAttempt]. nil: attempts
	// run in this process and end with it.
	Shim []string

	// Wait has a run of a study that others evaluate (ask: true) wait for their answers,
	// instead of ending where the next one is missing.
	Wait bool

	Progress func(Event) // called for every event, one at a time; nil: not wanted
}

// Study is a study on disk: a plan, and in the folder .sbo beside it the memory
// of all answers. Its methods may be called from several goroutines and, but for
// Run, while other processes use the same study.
type Study struct {
	dir     string // absolute
	plan    *Plan
	options Options
	events  sync.Mutex // held while Progress is called
}

// Open reads the plan of a study from its folder or file, see [LoadPlan], and
// lays the options over it. It changes nothing on disk.
func Open(_ context.Context, path string, o Options) (*Study, error) {
	plan, err := LoadPlan(path)
	if err != nil {
		return nil, err
	}
	return New(plan, plan.Dir(), o)
}

// New is [Open] for a plan that is at hand, complete with its defaults, and a
// folder that need not hold a study file.
func New(plan *Plan, dir string, o Options) (*Study, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	effective := *plan
	if o.Budget > 0 {
		effective.Budget.Evaluations = o.Budget
	}
	if o.Seed != nil {
		effective.Seed = *o.Seed
	}
	return &Study{dir: abs, plan: &effective, options: o}, nil
}

// Plan returns the plan with the options laid over it.
func (s *Study) Plan() *Plan { return s.plan }

// Dir returns the folder of the study, an absolute path.
func (s *Study) Dir() string { return s.dir }

// Close gives back what the study holds. It does not end a Run that is going on:
// that is what its context is for.
func (s *Study) Close() error { return nil }

func (s *Study) emit(e Event) {
	if s.options.Progress == nil {
		return
	}
	s.events.Lock()
	defer s.events.Unlock()
	s.options.Progress(e)
}

// session is a study while a process runs or replays it.
type session struct {
	*Study
	plan    *Plan
	problem sbo.Problem
	lock    *os.File    // nil in a replay
	home    fs.FileInfo // the folder .sbo, as it was when the lock was taken
	store   *store
	memo    *memo
	nobody  bool          // is there to evaluate what has no answer
	given   []int         // evaluations with whose answers the course begins
	bonus   int           // how many of them cost no budget
	limit   time.Duration // of the time, 0: none
	passed  int           // evaluations of the course that have an answer
	total   int           // for Event
	phase   string        // "design" or "infill"
	round   int
	leave   bool // the jobs of a cluster that have not ended to the next run
}

const (
	phaseDesign = "design"
	phaseInfill = "infill"
)

// errDeadline is the cause of a context that ends because the time is over.
var errDeadline = errors.New("study: the time is over")

// start takes the study for this process to run it: the lock, the store, the
// journal, and whoever answers what is not in the store.
func (s *Study) start(ctx context.Context) (*session, error) {
	return s.enter(ctx, s.plan.Evaluator.Ask && !s.options.Wait)
}

// enter is start with or without somebody who answers.
func (s *Study) enter(ctx context.Context, nobody bool) (*session, error) {
	lock, err := hold(s.dir)
	if err != nil {
		return nil, err
	}
	c := s.session(s.plan)
	c.lock, c.nobody = lock, nobody
	if c.home, err = os.Stat(filepath.Dir(lock.Name())); err == nil {
		err = c.prepare(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, c.end())
	}
	return c, nil
}

func (s *Study) session(plan *Plan) *session {
	c := &session{Study: s, plan: plan, problem: plan.Problem(), limit: s.options.Deadline, phase: phaseDesign}
	if wall := time.Duration(plan.Budget.Walltime); wall > 0 && (c.limit == 0 || wall < c.limit) {
		c.limit = wall
	}
	c.memo = &memo{dir: s.dir, row: row{limit: plan.Evaluator.FailuresInARow}, mask: plan.PartialMask(), nx: c.problem.NX(), ny: c.problem.NY()}
	c.memo.remembered = func(n int) { c.passed += n }
	return c
}

func (c *session) prepare(ctx context.Context) (err error) {
	if c.store, err = createStore(ctx, c.dir); err != nil {
		return err
	}
	c.memo.store, c.memo.writes = c.store, true
	if !c.nobody {
		if c.memo.answerer, err = c.answerer(); err != nil {
			return err
		}
	}
	evaluator, err := evaluatorName(c.plan)
	if err != nil {
		return err
	}
	if err := c.store.agree(ctx, identity(c.problem, evaluator)); err != nil {
		return err
	}
	epoch, given, changes, err := c.store.begin(ctx, c.plan)
	if err != nil {
		return err
	}
	c.memo.epoch, c.given = epoch, given
	c.memo.workers = c.plan.Evaluator.Workers
	if c.options.Workers > 0 {
		c.memo.workers = c.options.Workers
	}
	c.memo.ended = c.evaluated
	for _, change := range changes {
		c.emit(Event{Kind: EventChanged, Phase: c.phase, Text: "since the last run: " + change})
	}
	return nil
}

// end gives everything back. No program of the study runs after it, but for jobs of a
// cluster that are left to the next run.
func (c *session) end() error {
	var err error
	if program, ok := c.memo.answerer.(*command); ok {
		err = program.close(c.leave)
	}
	if c.store != nil {
		err = errors.Join(err, c.store.close())
	}
	if c.lock != nil {
		err = errors.Join(err, c.lock.Close())
	}
	return err
}

// answerer returns who evaluates the plan.
func (c *session) answerer() (answerer, error) {
	if c.plan.Evaluator.Ask {
		return awaiting{c.store}, nil
	}
	if len(c.plan.Evaluator.Command) > 0 {
		return newCommand(c.store, c.dir, c.plan, c.options.Shim, func(text string) {
			c.emit(Event{Kind: EventCluster, Text: text})
		})
	}
	p, err := problems.Lookup(c.plan.Evaluator.Problem)
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	if p.NX() != c.problem.NX() || p.NY() != c.problem.NY() {
		return nil, fmt.Errorf("study: the problem %s has %d variables and %d responses, the study %d and %d", p.Name, p.NX(), p.NY(), c.problem.NX(), c.problem.NY())
	}
	return builtin{evaluator: sbo.Guard(p), nx: p.NX(), ny: p.NY()}, nil
}

// evaluatorName says who gave the answers. All programs count as one: a better
// script is still the same simulation, as far as can be known.
func evaluatorName(plan *Plan) (string, error) {
	if len(plan.Evaluator.Command) > 0 || plan.Evaluator.Ask {
		return "command", nil
	}
	p, err := problems.Lookup(plan.Evaluator.Problem)
	if err != nil {
		return "", fmt.Errorf("study: %w", err)
	}
	return "problem " + p.Name, nil
}

// begin tells everyone that a phase begins: the design, or a round of infill.
func (c *session) begin(ctx context.Context, phase string, round, total int, text string) error {
	c.phase, c.round, c.total = phase, round, total
	c.emit(Event{Kind: EventPhase, Phase: phase, Round: round, Done: c.passed, Total: total, Text: text})
	if c.lock == nil || c.nobody { // who only asks tells where that led to, at the end
		return nil
	}
	return c.store.note(ctx, EventPhase, phase, round, text, 0)
}

// evaluated tells that an answer has come and is stored.
func (c *session) evaluated(a answer, x []float64) {
	c.passed++
	if c.options.Progress == nil {
		return
	}
	e := &Evaluation{
		ID: a.id, X: x, State: Done, Phase: c.phase, Round: c.round, Cause: a.failed, Note: a.note, Seconds: a.seconds, Ended: a.ended,
	}
	if a.failed != "" {
		e.State = Failed
	} else {
		e.Y, e.Partials = a.y, masked(a.partials, c.memo.mask)
	}
	if end := a.attempt; end != nil {
		e.Attempts, e.Stderr = end.number, end.stderr
		e.Dir = attemptDir(c.dir, end.evaluation, end.number)
	}
	c.emit(Event{Kind: EventEvaluated, Phase: c.phase, Round: c.round, Done: c.passed, Total: c.total, Evaluation: e})
}
